"""Storing responses: what is acknowledged is stored, only from whom and when it may be, and the newest choice wins."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from quiz.core.errors import AlreadyDone, NotAllowed, RuleBroken
from quiz.core.items import Kind
from quiz.core.papers import Cell
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db, keyring
from quiz.models import AccessCard, Attempt, AuthSession, Response
from quiz.services import attempts, auth, responses
from quiz.services.direct import Unavailable, direct
from quiz.services.responses import DEVICE_BITS, Given, NoSuchAttempt, SignedOut, save
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

STARTED = NOW
LIMIT = 10 * MINUTE
GRACE = 5 * SECOND


@dataclass
class Sitting:
    """An attempt somebody sits: its id, the card, and the hash of the session's token."""

    attempt_id: int
    card_id: int
    token_hash: str

    def save(self, *batch: Given, now: int = NOW + MINUTE, attempt_id: int = 0) -> responses.Saved:
        """Save as the browser's own session would."""
        return save(attempt_id or self.attempt_id, self.token_hash, batch, now)


def make_sitting(**rules) -> Sitting:
    """Return a committed sitting of five items; the last takes several choices."""
    commune = make_unit()
    values = {
        "blueprint": (Cell("dang-vien", "", 4), Cell("chi-bo", "", 1)),
        "shuffle_items": False,
        "time_limit": 10,
    }
    stage = make_stage(make_contest(commune), make_rules(**values | rules))
    contest_round = make_round(stage, commune)
    several = make_item(topic="chi-bo", kind=Kind.MULTIPLE, key=(0, 2))
    open_for_test(contest_round, [*(make_item() for _ in range(4)), several])
    person = make_person(make_cell(commune))
    card = make_card(stage.contest, person)
    attempt = attempts.start(make_entry(contest_round, person), STARTED, "seed")
    token = auth.open_session(auth.holder_of(card), hours=12, agent="", now=STARTED)
    sitting = Sitting(attempt.id, card.id, keyring.hash_token(token))
    db.session.commit()
    return sitting


def at(milliseconds: int, device: int = 1) -> int:
    """Return the stamp of a choice made so long after the start."""
    return (milliseconds << DEVICE_BITS) + device


def stored(sitting: Sitting) -> dict[int, tuple[str, int]]:
    """Return (choice, saves) by position as another connection sees it."""
    db.session.rollback()
    rows = db.session.scalars(select(Response).where(Response.attempt_id == sitting.attempt_id))
    found = {row.position: (row.choice, row.saves) for row in rows}
    db.session.rollback()
    return found


# --- what is stored -------------------------------------------------------------------------------------------


def test_a_batch_is_stored_and_answered_with_the_clock(app):
    sitting = make_sitting()
    saved = sitting.save(Given(2, "1", at(500)), Given(0, "3", at(400)))
    assert saved.stored == (Given(0, "3", at(400)), Given(2, "1", at(500)))
    assert (saved.deadline, saved.now) == (STARTED + LIMIT, NOW + MINUTE)
    assert stored(sitting) == {0: ("3", 1), 2: ("1", 1)}


def test_it_is_stored_for_good_before_it_is_answered(app):
    sitting = make_sitting()
    sitting.save(Given(0, "3", at(400)))
    with db.engine.connect() as other:
        assert other.execute(select(func.count()).select_from(Response)).scalar() == 1


@pytest.mark.parametrize(
    "stamp, choice, saves",
    [(at(900), "2", 2), (at(500), "2", 2), (at(500) - 1, "1", 2), (at(100), "1", 2)],
    ids=["newer", "the same stamp", "just older", "older"],
)
def test_only_a_choice_as_new_as_the_stored_one_replaces_it(app, stamp, choice, saves):
    sitting = make_sitting()
    sitting.save(Given(0, "1", at(500)))
    saved = sitting.save(Given(0, "2", stamp))
    assert saved.stored == (Given(0, choice, max(stamp, at(500))),)
    assert stored(sitting) == {0: (choice, saves)}


def test_a_repeat_stores_the_same_once_and_still_writes(app):
    sitting = make_sitting()
    answers = {sitting.save(Given(0, "1", at(500))).stored for _ in range(5)}
    assert answers == {(Given(0, "1", at(500)),)}
    assert stored(sitting) == {0: ("1", 5)}


def test_requests_that_arrive_in_any_order_end_alike(app):
    sitting = make_sitting()
    for moment in (300, 100, 500, 200, 400):
        sitting.save(Given(1, str(moment // 100 % 4), at(moment)))
    assert stored(sitting) == {1: ("1", 5)}


def test_a_position_sent_twice_in_a_batch_keeps_its_newest_choice(app):
    sitting = make_sitting()
    saved = sitting.save(Given(0, "1", at(200)), Given(0, "2", at(300)), Given(0, "3", at(100)))
    assert saved.stored == (Given(0, "2", at(300)),)


def test_a_choice_can_be_taken_back(app):
    sitting = make_sitting()
    sitting.save(Given(0, "1", at(200)))
    sitting.save(Given(0, "", at(300)))
    assert stored(sitting) == {0: ("", 2)}


def test_two_devices_save_to_one_paper(app):
    first = make_sitting()
    card = db.session.get(AccessCard, first.card_id)
    token = auth.open_session(auth.holder_of(card), hours=12, agent="", now=STARTED)
    db.session.commit()
    second = Sitting(first.attempt_id, first.card_id, keyring.hash_token(token))
    first.save(Given(0, "1", at(200, device=1)))
    second.save(Given(0, "2", at(300, device=2)), Given(1, "0", at(310, device=2)))
    told = first.save(Given(0, "3", at(250, device=1))).stored  # all, for it knows nothing of the second
    assert told == (Given(0, "2", at(300, device=2)), Given(1, "0", at(310, device=2)))
    assert stored(first) == {0: ("2", 3), 1: ("0", 1)}


def test_an_empty_batch_tells_the_clock_and_everything_that_is_stored(app):
    sitting = make_sitting()
    assert sitting.save(now=NOW + 7) == responses.Saved((), STARTED + LIMIT, NOW + 7)
    sitting.save(Given(2, "1", at(200)), Given(0, "3", at(210)))
    kept = (Given(0, "3", at(210)), Given(2, "1", at(200)))
    assert sitting.save(now=NOW + 8) == responses.Saved(kept, STARTED + LIMIT, NOW + 8)
    assert stored(sitting) == {0: ("3", 1), 2: ("1", 1)}, "asking stores nothing"


def test_whoever_asks_is_told_that_the_card_was_used_on_another_device_since(app):
    first = make_sitting()
    card = db.session.get(AccessCard, first.card_id)
    token = auth.open_session(auth.holder_of(card), hours=12, agent="", now=STARTED)
    db.session.commit()
    second = Sitting(first.attempt_id, first.card_id, keyring.hash_token(token))
    second.save(Given(0, "2", at(300, device=2)))
    told = first.save()
    assert (told.stored, told.is_elsewhere) == ((Given(0, "2", at(300, device=2)),), True)
    assert not second.save().is_elsewhere


# --- what is refused ------------------------------------------------------------------------------------------


def test_a_response_counts_up_to_deadline_and_grace_to_the_millisecond(app):
    sitting = make_sitting()
    end = STARTED + LIMIT + GRACE
    for late in (-50, -2, -1, 0):
        assert sitting.save(Given(0, "1", at(100 + late)), now=end + late).stored[0].stamp == at(100 + late)
    for late in (1, 2, 50):
        with pytest.raises(RuleBroken) as refusal:
            sitting.save(Given(0, "2", at(100 + late)), now=end + late)
        assert "hết giờ" in str(refusal.value)
    assert stored(sitting) == {0: ("1", 4)}


def test_nothing_is_stored_after_the_hand_in(app):
    sitting = make_sitting()
    sitting.save(Given(0, "1", at(1)))
    attempts.submit(db.session.get(Attempt, sitting.attempt_id), NOW + 2 * MINUTE)
    db.session.commit()
    with pytest.raises(AlreadyDone):
        sitting.save(Given(0, "2", at(2)))
    assert stored(sitting) == {0: ("1", 1)}


def test_another_persons_attempt_is_answered_like_a_missing_one(app):
    sitting, other = make_sitting(), make_sitting()
    answers = []
    for attempt_id in (other.attempt_id, 999_999):
        with pytest.raises(NoSuchAttempt) as refusal:
            sitting.save(Given(0, "1", at(1)), attempt_id=attempt_id)
        answers.append(str(refusal.value))
    assert answers[0] == answers[1] and stored(other) == {}


def test_another_persons_paper_cannot_be_probed_by_impossible_choices(app):
    sitting, other = make_sitting(), make_sitting()
    with pytest.raises(NoSuchAttempt):
        sitting.save(Given(77, "1", at(1)), attempt_id=other.attempt_id)


def test_a_card_of_another_contest_does_not_reach_this_attempt(app):
    sitting = make_sitting()
    attempt = db.session.get(Attempt, sitting.attempt_id)
    elsewhere = make_card(make_contest(make_unit()), attempt.entry.person)
    token = auth.open_session(auth.holder_of(elsewhere), hours=12, agent="", now=STARTED)
    stranger = Sitting(sitting.attempt_id, elsewhere.id, keyring.hash_token(token))
    db.session.commit()
    with pytest.raises(NoSuchAttempt):
        stranger.save(Given(0, "1", at(1)))
    assert stored(sitting) == {}


def test_a_member_of_the_staff_cannot_answer_even_when_he_is_that_person(app):
    sitting = make_sitting()
    person = db.session.get(Attempt, sitting.attempt_id).entry.person
    token = auth.open_session(auth.holder_of(make_account(person=person)), hours=12, agent="", now=STARTED)
    db.session.commit()
    with pytest.raises(NotAllowed):
        Sitting(sitting.attempt_id, 0, keyring.hash_token(token)).save(Given(0, "1", at(1)))
    assert stored(sitting) == {}


def _revoke_session(sitting: Sitting) -> None:
    db.session.scalar(
        select(AuthSession).where(AuthSession.token_hash == sitting.token_hash)
    ).revoked_at = NOW


def _revoke_card(sitting: Sitting) -> None:
    db.session.get(AccessCard, sitting.card_id).revoked_at = NOW


def _expire(sitting: Sitting) -> None:
    session = db.session.scalar(select(AuthSession).where(AuthSession.token_hash == sitting.token_hash))
    session.expires_at = NOW + MINUTE


def _unknown(sitting: Sitting) -> None:
    sitting.token_hash = "0" * 64


@pytest.mark.parametrize("end", [_revoke_session, _revoke_card, _expire, _unknown])
def test_a_sign_in_that_has_ended_stores_nothing(app, end):
    sitting = make_sitting()
    end(sitting)
    db.session.commit()
    with pytest.raises(SignedOut):
        sitting.save(Given(0, "1", at(1)), now=NOW + MINUTE)
    assert stored(sitting) == {}


def test_a_card_of_the_demo_stores_nothing_where_the_demo_is_not_allowed(app, shut_out_demo):
    sitting = make_sitting()
    db.session.get(Attempt, sitting.attempt_id).entry.round.stage.contest.is_demo = True
    db.session.commit()
    sitting.save(Given(0, "1", at(1)), now=NOW + MINUTE)
    shut_out_demo()
    for batch in ([Given(0, "2", at(2))], []):
        with pytest.raises(SignedOut):
            sitting.save(*batch, now=NOW + MINUTE)
    assert stored(sitting) == {0: ("1", 1)}


IMPOSSIBLE = [
    (0, "4"), (0, "0,1"), (0, "01"), (0, " 1"), (0, "-1"), (0, "x"), (4, "2,0"), (4, "0,0"), (4, "0,4"), (4, ","),
    (5, "1"), (-1, "1"),
]  # fmt: skip


def test_a_choice_the_paper_does_not_offer_is_refused_and_the_batch_with_it(app):
    sitting = make_sitting()
    for position, choice in IMPOSSIBLE:
        with pytest.raises(RuleBroken):
            sitting.save(Given(1, "1", at(1)), Given(position, choice, at(1)))
    assert stored(sitting) == {}


def test_several_places_may_be_chosen_where_the_item_says_so(app):
    sitting = make_sitting()
    for moment, choice in enumerate(("", "0", "3", "0,2", "1,2,3", "0,1,2,3")):
        assert sitting.save(Given(4, choice, at(moment))).stored == (Given(4, choice, at(moment)),)


def test_a_stamp_from_no_possible_clock_is_refused(app):
    sitting = make_sitting()
    for stamp in (-1, at(MINUTE + 24 * HOUR + 1, 0), 2**70):
        with pytest.raises(RuleBroken):
            sitting.save(Given(0, "1", stamp), now=NOW + MINUTE)
    assert sitting.save(Given(0, "2", at(MINUTE + 24 * HOUR, 0)), now=NOW + MINUTE).stored


def test_a_batch_larger_than_any_paper_is_refused(app):
    sitting = make_sitting()
    with pytest.raises(RuleBroken):
        sitting.save(*(Given(0, "1", at(number)) for number in range(301)))


# --- forms without scripts ------------------------------------------------------------------------------------


def test_a_posted_form_is_stored_in_the_callers_transaction(app):
    sitting = make_sitting()
    attempt = db.session.get(Attempt, sitting.attempt_id)
    saved = responses.save_in_session(attempt, sitting.token_hash, {0: "2", 4: "0,2"}, NOW + MINUTE)
    assert [given.choice for given in saved.stored] == ["2", "0,2"]
    assert stored(sitting) == {}, "it was rolled back with the transaction"


def test_a_posted_form_and_a_script_share_one_order_of_choices(app):
    sitting = make_sitting()
    sitting.save(Given(0, "1", at(30_000)))
    attempt = db.session.get(Attempt, sitting.attempt_id)
    responses.save_in_session(attempt, sitting.token_hash, {0: "2"}, NOW + MINUTE)
    db.session.commit()
    assert sitting.save(Given(0, "3", at(50_000))).stored[0].choice == "2"
    assert sitting.save(Given(0, "3", at(70_000))).stored[0].choice == "3"


# --- at the same moment ---------------------------------------------------------------------------------------


def test_every_save_acknowledged_before_a_hand_in_is_marked(app):
    sitting = make_sitting()
    order = json.loads(db.session.get(Attempt, sitting.attempt_id).paper)
    right = [str(places.index(1)) for _, places in order[:4]]
    db.session.rollback()

    def act(number):
        with app.app_context():
            try:
                if number == 8:
                    attempts.submit(db.session.get(Attempt, sitting.attempt_id), NOW + MINUTE)
                    return db.session.commit()
                position = number % 4
                return sitting.save(Given(position, right[position], at(number))).stored[0].position
            except AlreadyDone:
                return None
            finally:
                db.session.remove()

    with ThreadPoolExecutor(16) as pool:
        acknowledged = {position for position in pool.map(act, range(16)) if position is not None}
    attempt = db.session.get(Attempt, sitting.attempt_id)
    assert set(stored(sitting)) == acknowledged
    assert attempt.raw_score == 100 * len(acknowledged)


def test_a_save_waits_for_a_hand_in_under_way_and_is_then_refused(app):
    sitting = make_sitting()
    attempts.submit(db.session.get(Attempt, sitting.attempt_id), NOW + MINUTE)

    def late():
        with app.app_context():
            return sitting.save(Given(0, "1", at(1)))

    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(late)
        with pytest.raises(TimeoutError):
            saving.result(timeout=0.3)
        db.session.commit()
        with pytest.raises(AlreadyDone):
            saving.result(timeout=300)
    assert stored(sitting) == {}


def test_many_writers_lose_nothing(app):
    sittings = [make_sitting() for _ in range(4)]

    def act(number):
        with app.app_context():
            sitting = sittings[number % 4]
            return number % 4, sitting.save(Given(number % 3, str(number % 4), at(number))).stored[0]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(act, range(160)))
    assert len(answers) == 160
    for index, sitting in enumerate(sittings):
        newest = {}
        for owner, given in answers:
            if owner == index and given.stamp >= newest.get(given.position, given).stamp:
                newest[given.position] = given
        assert {position: choice for position, (choice, _) in stored(sitting).items()} == {
            position: given.choice for position, given in newest.items()
        }


# --- when the database fails ----------------------------------------------------------------------------------


def test_a_statement_that_fails_is_said_to_have_stored_nothing(app):
    with pytest.raises(Unavailable):
        direct().run("INSERT INTO no_such_table VALUES (1) RETURNING 1", [])
    sitting = make_sitting()
    assert sitting.save(Given(0, "1", at(1))).stored, "the next one is stored again"


def test_a_lost_connection_is_replaced(app):
    sitting = make_sitting()
    sitting.save(Given(0, "1", at(1)))
    if direct().is_sqlite:
        direct().close()
    else:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with db.engine.connect() as server:
            server.exec_driver_sql(f"{end} AND pid <> pg_backend_pid() AND application_name <> 'cleaner'")
    assert sitting.save(Given(0, "2", at(2))).stored == (Given(0, "2", at(2)),)
