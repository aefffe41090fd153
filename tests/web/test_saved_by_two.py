"""Two people have the same thing open: who saves last is told what the other stored, and nothing is lost unseen."""

from dataclasses import dataclass, field
from importlib import import_module
from threading import Barrier, Thread, get_ident
from typing import Any

import pytest

from quiz.core.parts import Part, PartKind
from quiz.core.people import CellType
from quiz.core.permissions import Role
from quiz.core.prizes import Prize, PrizeTable
from quiz.extensions import db
from quiz.models import Stage
from quiz.services import contests
from tests.conftest import Browser
from tests.factories import (
    make_account,
    make_cell,
    make_contest,
    make_document,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)
from tests.web.test_awards import LINES
from tests.web.test_contests import Fields, page
from tests.web.test_part_judging import FILLED
from tests.web.test_stage import There

SAID = "Người khác đã sửa trang này"
EARLIER, LATER = "2030-02-05T08:00", "2030-02-05T09:00"
PRIZES = LINES | {"prizes-0-min_points": "1"}
REASON = {"reason": "công văn"}


@dataclass(frozen=True)
class Case:
    """A page, the act of a service that saves it, what each of two people changes, and what the second is told.

    `both` is what both fill in besides, `needs` are the columns the page asks for, as ("stage", "frozen_at", 1).
    """

    address: str
    act: str
    first: dict[str, str]
    second: dict[str, str]
    told: str
    both: dict[str, str] = field(default_factory=dict)
    needs: tuple[tuple[str, str, Any], ...] = ()
    sent_to: str = ""  # where its form goes, if not to the page itself


FROZEN = ("stage", "frozen_at", 1)
OPENED = ("round", "opened_at", 1)
CASES = {
    "contest": Case(
        "/contests/{contest}/edit", "contests.change_contest", {"title": "Một"}, {"title": "Hai"}, "Tên cuộc thi “Một”"
    ),
    "rules": Case(
        "/stages/{stage}/edit", "contests.change_rules", {"time_limit": "45"}, {"time_limit": "90"},
        "Thời gian làm bài (phút) “45”",
    ),
    "name of a stage": Case(
        "/stages/{stage}/edit", "contests.change_rules", {"name": "Cấp một"}, {"name": "Cấp hai"},
        "Tên cấp thi “Cấp một”",
    ),
    "amended rules": Case(
        "/stages/{stage}/amend", "amendments.amend_rules", {"late_start": "5"}, {"late_start": "7"},
        "Được vào muộn nhất sau giờ mở (phút) “5”", REASON, (FROZEN,),
    ),
    "prizes": Case(
        "/stages/{stage}/prizes", "contests.change_prizes", {"most_percent": "45"}, {"most_percent": "90"},
        "phần trăm số người dự thi “45”", PRIZES,
    ),
    "amended prizes": Case(
        "/stages/{stage}/prizes", "amendments.amend_prizes", {"most_percent": "45"}, {"most_percent": "90"},
        "phần trăm số người dự thi “45”", PRIZES | REASON, (FROZEN,),
    ),
    "judging": Case(
        "/stages/{stage}/parts/2/judging", "contests.change_part", {"minutes": "45"}, {"minutes": "90"},
        "Thời gian tối đa (phút) “45”", FILLED,
    ),
    "amended judging": Case(
        "/stages/{stage}/parts/2/judging", "amendments.amend_part", {"minutes": "45"}, {"minutes": "90"},
        "Thời gian tối đa (phút) “45”", FILLED | REASON, (FROZEN,),
    ),
    "hours": Case(
        "/desk/rounds/{round}/edit", "windows.set_window", {"closes_at": EARLIER}, {"closes_at": LATER},
        "Giờ đóng “08:00 ngày 05/02/2030”",
    ),
    "hours of a round being sat": Case(
        "/desk/rounds/{round}/edit", "amendments.extend", {"closes_at": EARLIER}, {"closes_at": LATER},
        "Giờ đóng “08:00 ngày 05/02/2030”", REASON, (OPENED, ("round", "closes_at", 1_890_000_000_000), FROZEN),
    ),
    "units of a round": Case(
        "/desk/rounds/{round}/units", "rounds.set_scopes", {"name": "Vòng một"}, {"name": "Vòng hai"},
        "Tên vòng thi “Vòng một”",
    ),
    "clusters of a round": Case(
        "/desk/rounds/{round}/units", "rounds.set_scopes", {"lines-0-cluster": "Cụm 2"}, {"lines-0-cluster": "Cụm 3"},
        "Đơn vị tham gia",
    ),
    "cluster": Case(
        "/desk/rounds/{round}/clusters/1", "clusters.set_cluster", {"leader": "BT-1"}, {"host": "{commune}"},
        "Đơn vị đăng cai (chưa chọn); Người phụ trách cụm “BT-1”",
    ),
    "letterhead": Case(
        "/desk/rounds/{round}/office/letterhead", "paperwork.write", {"signer": "Lò Một"},
        {"signer": "Lò Hai", "report_number": "12"}, "Họ và tên người ký “Lò Một”; Số báo cáo (để trống)",
    ),
    "notices": Case(
        "/desk/rounds/{round}/notices", "notices.write", {"place": "Nhà văn hóa", "contact": "Anh Sơn"},
        {"place": "Hội trường", "contact": "Anh Sơn"}, "Địa điểm thi “Nhà văn hóa”",
    ),
    "panel": Case(
        "/desk/rounds/{round}/panels", "panels.fill", {"panel0-seat1": "{judge}"}, {"panel0-seat2": "{other judge}"},
        "Ghế số 1 “cham”",
    ),
    "appeals": Case(
        "/desk/rounds/{over}/appeals/window", "appeals.set_window", {"note": "Một"}, {"note": "Hai"},
        "Lời nhắn cho thí sinh “Một”",
    ),
    "document": Case(
        "/bank/documents/{document}/edit", "documents.change", {"number": "24-QĐ/TW"}, {"number": "25-QĐ/TW"},
        "Số, ký hiệu “24-QĐ/TW”",
    ),
    "person": Case(
        "/people/{person}/edit", "people.edit", {"phone": "0912000001"}, {"phone": "0912000002"},
        "Điện thoại “0912000001”",
    ),
    "unit": Case(
        "/units/{commune}/edit", "units.edit", {"name": "Cò Nòi Một"}, {"name": "Cò Nòi Hai"}, "Tên riêng “Cò Nòi Một”"
    ),
    "groups": Case(
        "/contests/{contest}/groups", "groups.assign", {"group-residential": "Một"}, {"group-residential": "Hai"},
        "Khu dân cư “Một”",
    ),
}  # fmt: skip
STAGE_CASES = {
    "time on the stage": Case(
        "/desk/performances/{performance}", "performances.correct_time", {"seconds": "10"}, {"seconds": "20"},
        "Giây “10”", REASON, sent_to="/time",
    ),
    "marks of a sheet": Case(
        "/desk/performances/{performance}/sheets/1", "sheets.correct", {"c0": "10"}, {"c1": "6,50"},
        "Nội dung “10,00”; Phong cách “7,00”", REASON,
    ),
}  # fmt: skip
EVERY = [*CASES, *STAGE_CASES]
PARTS = (
    Part("Trắc nghiệm", PartKind.ONLINE, weight=40),
    Part("Thuyết trình", max_points=4000, weight=30),
    Part("Chào hỏi", max_points=2000, weight=30),
)


class Desk:
    """A contest with all that can be edited, and two people who may."""

    def __init__(self, app):
        self.app = app
        district = make_unit("Mai Sơn", type_label="huyện")
        commune = make_unit("Cò Nòi", district)
        leader = make_person(make_cell(commune, cell_type=CellType.RESIDENTIAL), "Lò Văn Ánh", code="BT-1")
        rules = make_rules(prizes=PrizeTable((Prize("Giải nhất", 1),)), parts=PARTS)
        stage = make_stage(make_contest(district), rules)
        held = make_round(stage, commune)
        held.scopes[0].cluster = "Cụm 1"
        over = make_round(stage, commune, name="Vòng đã qua", opens_at=1_600_000_000_000, opened_at=1)
        judges = [make_account((Role.JUDGE, district), username=name) for name in ("cham", "xem")]
        self.rows = {
            "contest": stage.contest, "stage": stage, "round": held, "over": over, "person": leader, "commune": commune,
            "document": make_document(), "judge": judges[0], "other judge": judges[1],
        }  # fmt: skip
        for name in ("one", "two"):
            make_account((Role.SYSTEM_ADMIN, None), username=name)
        self.keys = {name: row.id for name, row in self.rows.items()}

    def open(self, case):
        """Give the page of a case what it needs; return its address, and a browser of each of the two."""
        for row, column, value in case.needs:
            setattr(self.rows[row], column, value)
        db.session.commit()
        people = [Browser(self.app).sign_in(name) for name in ("one", "two")]
        url = case.address.format(**self.keys)
        return url, url + case.sent_to, *people

    def typed(self, fields):
        """What somebody types, with the numbers of the things it names."""
        return {key: value.format(**self.keys) for key, value in fields.items()}


class StageDesk(Desk):
    """The same after a performance whose judges have handed in their sheets."""

    def __init__(self, app):
        self.app = app
        there = There(app)
        there.seat()
        performance = there.draw()[0]
        there.perform(performance)
        for judge, content in (("judge1", "11"), ("judge2", "10,5")):
            there.mark(judge, performance, content)
        for name in ("one", "two"):
            make_account((Role.BOARD_SECRETARY, there.round.unit), username=name)
        self.keys = {"performance": performance}


@pytest.fixture
def of(app):
    """A function that gives the case of that name and the desk for it."""
    return lambda name: (CASES[name], Desk(app)) if name in CASES else (STAGE_CASES[name], StageDesk(app))


def form_of(answer):
    """What the longest form of the page sends when nobody has touched it."""
    fields = Fields()
    fields.feed(
        max((form.split("</form>")[0] for form in page(answer).split('<form method="post" ')[1:]), key=len)
    )
    apart = ("csrf_token", "more", "special-", "collective-")  # spare lines of prizes name no merit
    return {key: value for key, value in fields.sent.items() if not key.startswith(apart)}


@pytest.mark.parametrize("name", EVERY)
def test_who_saves_last_is_told_once_what_somebody_else_stored(of, name):
    case, desk = of(name)
    url, to, one, two = desk.open(case)
    first, second = desk.typed(case.first), desk.typed(case.second)
    stale = form_of(two.get(url)) | case.both
    assert one.post(to, stale | first).status_code == 302
    stored = form_of(two.get(url))
    assert SAID not in page(one.post(to, stale | first))  # a double click is nobody else
    refused = two.post(to, stale | second)
    assert refused.status_code == 200 and SAID in page(refused)
    assert case.told in page(refused).split(SAID)[1][:500]
    kept = form_of(refused)
    assert {name: kept[name] for name in second} == second
    assert form_of(two.get(url)) == stored
    assert two.post(to, kept | case.both | second).status_code == 302
    assert form_of(two.get(url)) != stored


@pytest.mark.parametrize("name", EVERY)
def test_of_two_who_save_at_once_one_saves_and_one_is_told(of, monkeypatch, name):
    case, desk = of(name)
    url, to, *people = desk.open(case)
    typed = [desk.typed(case.first), desk.typed(case.second)]
    sent = [
        form_of(browser.get(url)) | case.both | fields for browser, fields in zip(people, typed, strict=True)
    ]
    both_are_there, here, answers = Barrier(2), set(), {}
    module, act_name = case.act.split(".")
    service = import_module(f"quiz.services.{module}")
    act = getattr(service, act_name)

    def together(*args, **kwargs):
        if db.engine.dialect.name == "postgresql" and get_ident() not in here:
            here.add(get_ident())  # a page of several panels fills one after another
            both_are_there.wait(60)  # both have been through the page; SQLite lets in one writer at a time
        return act(*args, **kwargs)

    def save(number):
        with desk.app.app_context():
            answers[number] = people[number].post(to, sent[number])

    monkeypatch.setattr(service, act_name, together)
    db.session.rollback()
    at_once = [Thread(target=save, args=(number,)) for number in (0, 1)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join(300)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 302]
    told, saved = sorted(answers, key=lambda number: answers[number].status_code)
    assert SAID in page(answers[told])
    stored = form_of(people[told].get(url))
    assert {name: stored[name] for name in typed[saved]} == typed[saved]


def test_parts_and_prizes_may_be_edited_side_by_side(app):
    desk = Desk(app)
    address, _, *people = desk.open(Case("/stages/{stage}/", "", {}, {}, ""))
    pages = {
        "parts/2/judging": FILLED | {"minutes": "7"}, "parts/3/judging": FILLED | {"minutes": "8"},
        "prizes": PRIZES | {"most_percent": "45"},
    }  # fmt: skip
    sent = [
        (address + name, form_of(people[0].get(address + name)) | fields) for name, fields in pages.items()
    ]
    assert [people[1].post(url, fields).status_code for url, fields in sent] == [302, 302, 302]
    db.session.expire_all()
    rules = contests.rules_of(db.session.get_one(Stage, desk.keys["stage"]))
    assert ([part.minutes for part in rules.parts], rules.prizes.most_percent) == ([0, 7, 8], 45)
