"""Changing the rules after the opening: what may still change, how it is printed, and who reads it."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from quiz import clock
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Amendment, Attempt, Round, Stage
from quiz.services import attempts, contests
from tests.conftest import Browser
from tests.factories import (
    HOUR,
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
from tests.web.test_contests import Fields, page


@pytest.fixture
def its(sqlite_app):
    """A round that opened an hour ago and goes on for an hour, with one contestant."""
    now = clock.now() // MINUTE * MINUTE
    commune = make_unit()
    versions = [make_item() for _ in range(6)]
    stage = make_stage(make_contest(commune), make_rules(late_start=90))
    make_stage(stage.contest, ordinal=2)
    contest_round = make_round(stage, commune, opens_at=now - HOUR)
    open_for_test(contest_round, versions, at=now - 2 * HOUR)
    make_entry(contest_round, make_person(make_cell(commune)))
    db.session.commit()
    return contest_round


@pytest.fixture
def board(sqlite_app, its):
    make_account((Role.ORGANIZER, its.unit), username="xa")
    db.session.commit()
    return Browser(sqlite_app).sign_in("xa")


@pytest.fixture
def contestant(sqlite_app, its):
    token = "qr-token-0123456789abcdef0123456789"
    make_card(its.stage.contest, its.entries[0].person, token=token)
    db.session.commit()
    browser = Browser(sqlite_app)
    assert browser.post(f"/c/{token}").status_code == 302
    db.session.rollback()  # what follows is no request of the browser's
    return browser


def untouched(board, url):
    fields = Fields()
    fields.feed(page(board.get(url)))
    return {key: value for key, value in fields.sent.items() if key != "csrf_token"}


def amend(board, its, **changes):
    url = f"/stages/{its.stage_id}/amend"
    return board.post(url, untouched(board, url) | {"reason": "kế hoạch số 12"} | changes)


def test_an_amendment_is_numbered_and_printed_with_what_it_struck_out(board, its):
    assert amend(board, its, top="3").status_code == 302
    for url in (f"/stages/{its.stage_id}", f"/desk/rounds/{its.id}/rules"):
        shown = page(board.get(url))
        assert "Sửa đổi số 1" in shown
        assert "<del>1 người đứng đầu vòng thi được đi tiếp.</del>" in shown
        assert "Nay: 3 người đứng đầu vòng thi được đi tiếp." in shown
        assert "kế hoạch số 12" in shown


class Seen(HTMLParser):
    """The names of the fields a page shows, and of those that go along unseen."""

    def __init__(self, text):
        super().__init__()
        self.shown, self.unseen, self._depth = set(), set(), 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "div" and (self._depth or "hidden" in attrs):
            self._depth += 1
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden" and attrs.get("name"):
            (self.unseen if self._depth else self.shown).add(attrs["name"])

    def handle_endtag(self, tag):
        if tag == "div" and self._depth:
            self._depth -= 1


def test_only_what_may_still_change_is_shown_and_saving_keeps_the_rest(board, its):
    url = f"/stages/{its.stage_id}/amend"
    before = Seen(page(board.get(url)))
    assert not before.unseen and {"lines-0-count", "time_limit", "late_start"} <= before.shown
    attempts.start(its.entries[0], clock.now(), "seed")
    db.session.commit()
    seen = Seen(page(board.get(url)))
    assert {"lines-0-count", "time_limit", "points_per_item", "rank_within", "criteria-0"} <= seen.unseen
    assert {"reason", "late_start", "attempts_allowed", "late_minutes", "method", "top"} <= seen.shown
    assert "những mục còn sửa được" in page(board.get(url))
    rules = contests.rules_of(its.stage)
    assert amend(board, its, top="3").status_code == 302
    now = contests.rules_of(db.session.get(Stage, its.stage_id))
    assert now == replace(rules, quota=replace(rules.quota, top=3))


def test_what_decides_papers_is_refused_once_somebody_has_started_and_said_beside_the_form(board, its):
    attempts.start(its.entries[0], clock.now(), "seed")
    db.session.commit()
    shown = page(amend(board, its, **{"lines-0-count": "4"}))
    assert not Seen(shown).unseen, "what was refused is there to be put back"
    assert "mọi người phải được rút đề theo cùng một cách" in shown
    assert db.session.query(Amendment).count() == 0
    assert contests.rules_of(its.stage).item_count == 5


def test_an_amendment_without_a_reason_or_without_a_change_is_refused(board, its):
    assert "Chưa điền mục này" in page(amend(board, its, reason=""))
    assert "Chưa có gì thay đổi" in page(amend(board, its))


def test_rules_not_yet_frozen_are_changed_on_their_own_page(board, its):
    its.stage.frozen_at = None
    db.session.commit()
    assert board.get(f"/stages/{its.stage_id}/amend").location == f"/stages/{its.stage_id}/edit"


def local(instant):
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


def hours(its, closes_at, reason="mất điện"):
    return {"opens_at": local(its.opens_at), "closes_at": local(closes_at), "reason": reason}


def test_a_running_round_ends_later_for_whoever_sits_and_its_contestants_read_why(board, contestant, its):
    attempt = attempts.start(its.entries[0], clock.now(), "seed")
    attempt.deadline = its.closes_at = its.opens_at + HOUR + 5 * MINUTE
    db.session.commit()
    answer = board.post(f"/desk/rounds/{its.id}/edit", hours(its, its.opens_at + 3 * HOUR))
    assert answer.location == f"/desk/rounds/{its.id}"
    assert db.session.get(Attempt, attempt.id).deadline > its.opens_at + HOUR + 5 * MINUTE
    shown = page(contestant.get(f"/rounds/{its.id}/rules"))
    assert "Sửa đổi số 1" in shown
    assert "mất điện" in shown
    assert "có sửa đổi lúc" in page(contestant.get("/rounds"))


@pytest.mark.parametrize(
    "change, said",
    [
        ({"reason": ""}, "Hãy ghi lý do"),
        ({"closes_at": -90}, "giờ đóng chỉ lùi muộn hơn được"),
        ({"opens_at": 30}, "giờ mở không đổi được"),
    ],
)
def test_a_running_rounds_hours_change_in_no_other_way(board, its, change, said):
    form = hours(its, its.closes_at + HOUR)
    for name, value in change.items():
        form[name] = local(getattr(its, name) + value * MINUTE) if isinstance(value, int) else value
    before = (its.opens_at, its.closes_at)
    assert said in page(board.post(f"/desk/rounds/{its.id}/edit", form))
    found = db.session.get(Round, its.id)
    assert (found.opens_at, found.closes_at) == before


def test_a_contestant_reads_the_rules_of_the_own_rounds_only(contestant, its):
    other = make_round(its.stage, make_unit("Chiềng Mai"))
    db.session.commit()
    assert "Cấu trúc đề" in page(contestant.get(f"/rounds/{its.id}/rules"))
    assert contestant.get(f"/rounds/{other.id}/rules").status_code == 404


@pytest.mark.parametrize("kind, begins", [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_rules_are_an_office_paper_too_and_the_same_rules_are_the_same_bytes(board, its, kind, begins):
    amend(board, its, top="3")
    url = f"/desk/rounds/{its.id}/rules.{kind}"
    files = [board.get(url).data for _ in range(2)]
    assert files[0].startswith(begins)
    assert files[0] == files[1]
    assert board.get(f"/desk/rounds/{its.id}/rules.exe").status_code == 404
