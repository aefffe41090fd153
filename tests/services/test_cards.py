"""Cards: one in use for a person and contest, secrets shown once and kept as hashes, reset in seconds."""

from threading import Barrier, Thread

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.extensions import db, keyring
from quiz.models import AccessCard, AuditEvent, AuthSession, Round
from quiz.services import auth, cards
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

ACTOR = Actor()


def make_entered(count=1):
    """Return a round with so many people entered."""
    commune = make_unit()
    contest_round = make_round(make_stage(make_contest(commune)), commune)
    people = [make_person(make_cell(commune, f"Bản {n}"), f"Lò Văn {n}") for n in range(1, count + 1)]
    for person in people:
        make_entry(contest_round, person)
    return contest_round, people


def live_cards():
    return db.session.query(AccessCard).filter(AccessCard.revoked_at.is_(None)).order_by(AccessCard.id).all()


def test_the_printed_code_and_pin_sign_in(app):
    contest_round, (person,) = make_entered()
    printed = cards.issue(contest_round.stage.contest, person, ACTOR, NOW)
    typed = f"{printed.code[:4].lower()}-{printed.code[4:].lower()}"
    assert (
        auth.sign_in_with_pin(typed, f"{printed.pin[:3]} {printed.pin[3:]}", now=NOW).person_id == person.id
    )
    db.session.commit()
    assert auth.sign_in_with_token(printed.token)[0].card_id == printed.card_id
    with pytest.raises(RuleBroken):
        auth.sign_in_with_pin(printed.code, "x" + printed.pin[1:], now=NOW)


def test_a_card_of_the_demo_is_refused_where_the_demo_is_not_allowed(app, shut_out_demo):
    contest_round, (person,) = make_entered()
    contest = contest_round.stage.contest
    printed = cards.issue(contest, person, ACTOR, NOW)
    contest.is_demo = True
    db.session.commit()
    ways = (
        lambda: auth.sign_in_with_pin(printed.code, printed.pin, now=NOW),
        lambda: auth.sign_in_with_token(printed.token),
    )
    assert all(sign_in() for sign_in in ways)
    shut_out_demo()
    for sign_in in ways:
        with pytest.raises(RuleBroken):
            sign_in()


def test_a_code_is_eight_characters_nobody_misreads(app):
    contest_round, (person,) = make_entered()
    printed = cards.issue(contest_round.stage.contest, person, ACTOR, NOW)
    assert len(printed.code) == 8 and not set(printed.code) & set("ILOU")
    assert auth.card_code(printed.code) == printed.code


def test_a_second_card_is_already_done(app):
    contest_round, (person,) = make_entered()
    cards.issue(contest_round.stage.contest, person, ACTOR, NOW)
    with pytest.raises(AlreadyDone):
        cards.issue(contest_round.stage.contest, person, ACTOR, NOW)
    assert len(live_cards()) == 1


def test_each_contest_has_its_own_card(app):
    contest_round, (person,) = make_entered()
    other = make_contest(contest_round.unit)
    first = cards.issue(contest_round.stage.contest, person, ACTOR, NOW)
    second = cards.issue(other, person, ACTOR, NOW)
    assert first.code != second.code and [card.serial for card in live_cards()] == [1, 1]


def test_a_round_gets_the_missing_cards_and_a_second_click_makes_none(app):
    contest_round, people = make_entered(3)
    cards.issue(contest_round.stage.contest, people[1], ACTOR, NOW)
    printed = cards.issue_for(contest_round, ACTOR, NOW)
    assert [card.person_id for card in printed] == [people[0].id, people[2].id]
    with pytest.raises(AlreadyDone):
        cards.issue_for(contest_round, ACTOR, NOW)
    assert len(live_cards()) == 3


def test_somebody_who_withdrew_gets_no_card(app):
    contest_round, people = make_entered(2)
    contest_round.entries[0].withdrawn_at = NOW
    assert [card.person_id for card in cards.issue_for(contest_round, ACTOR, NOW)] == [people[1].id]


def test_issuing_again_replaces_older_cards_once_batch_after_batch(app, monkeypatch):
    monkeypatch.setattr(cards, "BATCH", 2)
    contest_round, people = make_entered(3)
    for person in people:
        cards.issue(contest_round.stage.contest, person, ACTOR, NOW)
    first = cards.issue_for(contest_round, ACTOR, NOW + 2000, before=NOW + 1000)
    second = cards.issue_for(contest_round, ACTOR, NOW + 3000, before=NOW + 1000)
    assert [card.person_id for card in first + second] == [person.id for person in people]
    assert cards.count_waiting(contest_round, before=NOW + 1000) == 0
    assert [card.serial for card in live_cards()] == [2, 2, 2]
    with pytest.raises(AlreadyDone):
        cards.issue_for(contest_round, ACTOR, NOW + 4000, before=NOW + 1000)


def test_secrets_drawn_ahead_are_used(app):
    contest_round, _ = make_entered(2)
    secrets = cards.draw(1)
    printed = cards.issue_for(contest_round, ACTOR, NOW, secrets=secrets)
    assert printed[0].pin == secrets[0].pin and len(printed) == 2


def test_a_reset_ends_the_old_card_and_every_session_of_it(app):
    contest_round, (person, other) = make_entered(2)
    old, kept = cards.issue_for(contest_round, ACTOR, NOW)
    tokens = [
        auth.open_session(auth.holder_of(db.session.get(AccessCard, card.card_id)), 12, "", NOW)
        for card in (old, old, kept)
    ]
    db.session.flush()
    new = cards.reset(contest_round.stage.contest, person, ACTOR, NOW + HOUR)
    assert [auth.principal_of(token, NOW + HOUR) is not None for token in tokens] == [False, False, True]
    db.session.commit()
    for refused in (
        lambda: auth.sign_in_with_pin(old.code, old.pin, now=NOW + HOUR),
        lambda: auth.sign_in_with_token(old.token),
    ):
        with pytest.raises(RuleBroken):
            refused()
    assert auth.sign_in_with_pin(new.code, new.pin, now=NOW + HOUR).serial == 2
    assert auth.sign_in_with_token(kept.token)[0].person_id == other.id


def test_a_reset_is_on_record(app):
    contest_round, (person,) = make_entered()
    cards.reset(contest_round.stage.contest, person, Actor(), NOW)
    event = db.session.query(AuditEvent).one()
    assert event.action == "card.reset" and event.detail["name"] == person.full_name
    assert event.path == person.unit.path


def test_pins_and_tokens_are_kept_only_as_hashes_and_stand_nowhere_in_the_record(app):
    contest_round, people = make_entered(2)
    printed = cards.issue_for(contest_round, ACTOR, NOW)
    printed += [cards.reset(contest_round.stage.contest, people[0], ACTOR, NOW)]
    stored = db.session.query(AccessCard).order_by(AccessCard.id).all()
    texts = [str(vars(row)) for row in stored] + [str(event.detail) for event in db.session.query(AuditEvent)]
    for card in printed:
        assert not [text for text in texts if f"'{card.pin}'" in text or card.token in text]
    assert all(row.pin_hash.startswith("$argon2id$") for row in stored)
    assert keyring.hash_token(printed[0].token) in {row.token_hash for row in stored}


def test_the_list_shows_who_has_a_card_and_when_it_was_last_used(app):
    contest_round, people = make_entered(2)
    printed = cards.issue(contest_round.stage.contest, people[0], ACTOR, NOW)
    auth.open_session(auth.holder_of(db.session.get(AccessCard, printed.card_id)), 12, "", NOW + HOUR)
    db.session.flush()
    page, states = cards.page_of(contest_round, 1)
    assert page.total == 2 and db.session.query(AuthSession).count() == 1
    assert [(state.card is not None, state.signed_in_at) for state in states] == [
        (True, NOW + HOUR),
        (False, None),
    ]


def test_two_clicks_at_once_make_one_card_each(app):
    contest_round, people = make_entered(2)
    round_id, count = contest_round.id, len(people)
    db.session.commit()
    together, outcomes = Barrier(2), []

    def click():
        with app.app_context():
            found = db.session.get(Round, round_id)
            db.session.rollback()
            together.wait(timeout=300)
            try:
                printed = cards.issue_for(found, ACTOR, NOW)
                db.session.commit()
                outcomes.append(len(printed))
            except AlreadyDone:
                db.session.rollback()
                outcomes.append(0)

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(timeout=300)
    assert sorted(outcomes) == [0, count] and len(live_cards()) == count
