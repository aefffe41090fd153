"""Two people have the same settings open: who saves last is told first, and nothing typed is lost."""

import pytest

from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.core.prizes import Prize, PrizeTable
from quiz.extensions import db
from quiz.services import contests
from tests.conftest import Browser
from tests.factories import make_account, make_contest, make_rules, make_stage, make_unit
from tests.web.test_awards import LINES
from tests.web.test_contests import Fields, page
from tests.web.test_part_judging import FILLED

SAID = "đã được sửa ở nơi khác từ khi bạn mở trang"
PRIZES = LINES | {"prizes-0-min_points": "1"}
FIRST, SECOND = {"time_limit": "45"}, {"time_limit": "90"}
FORMS = {
    "rules": ("edit", FIRST, SECOND),
    "prizes": ("prizes", PRIZES | {"most_percent": "45"}, PRIZES | {"most_percent": "90"}),
    "judging": ("parts/2/judging", FILLED | {"minutes": "45"}, FILLED | {"minutes": "90"}),
    "amended judging": (
        "parts/2/judging",
        FILLED | {"minutes": "45", "reason": "kế hoạch"},
        FILLED | {"minutes": "90", "reason": "công văn"},
    ),
    "amendment": ("amend", FIRST | {"reason": "kế hoạch"}, SECOND | {"reason": "công văn"}),
}
PARTS = (
    Part("Trắc nghiệm", PartKind.ONLINE, weight=40),
    Part("Thuyết trình", max_points=4000, weight=30),
    Part("Chào hỏi", max_points=2000, weight=30),
)


@pytest.fixture
def stage(sqlite_app):
    rules = make_rules(prizes=PrizeTable((Prize("Giải nhất", 1),)), parts=PARTS)
    made = make_stage(make_contest(make_unit()), rules)
    make_account((Role.ORGANIZER, made.contest.unit), username="board")
    db.session.commit()
    return made


@pytest.fixture
def board(sqlite_app, stage):
    return Browser(sqlite_app).sign_in("board")


def opened(board, url):
    """What the form of `url` sends when nobody has touched it."""
    fields = Fields()
    fields.feed(page(board.get(url)).split('<form method="post" ')[-1])
    spare = ("csrf_token", "more", "special-", "collective-")
    return {key: value for key, value in fields.sent.items() if not key.startswith(spare)}


@pytest.mark.parametrize("case", FORMS)
def test_a_form_opened_before_somebody_else_saved_is_refused_once(board, stage, case):
    stage.frozen_at = 1 if "amend" in case else None
    db.session.commit()
    address, first, second = FORMS[case]
    url = f"/stages/{stage.id}/{address}"
    stale = opened(board, url)
    assert board.post(url, stale | first).status_code == 302
    before = contests.rules_of(stage)
    assert board.post(url, stale | first).status_code in {200, 302}  # a double click is nobody else
    refused = page(board.post(url, stale | second))
    assert SAID in refused and 'value="90"' in refused
    db.session.expire_all()
    assert contests.rules_of(stage) == before
    fields = Fields()
    fields.feed(refused.split('<form method="post" ')[-1])
    assert board.post(url, stale | second | {"seen": fields.sent["seen"]}).status_code == 302
    db.session.expire_all()
    assert contests.rules_of(stage) != before


def test_two_parts_may_be_edited_side_by_side(board, stage):
    urls = [f"/stages/{stage.id}/parts/{place}/judging" for place in (2, 3)]
    sent = [(url, opened(board, url) | FILLED | {"minutes": "7"}) for url in urls]
    assert [board.post(url, fields).status_code for url, fields in sent] == [302, 302]
    db.session.expire_all()
    assert [part.minutes for part in contests.rules_of(stage).parts] == [0, 7, 7]
