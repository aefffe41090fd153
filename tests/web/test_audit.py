"""The record of acts: searched by anybody who answers for a subtree, in plain words; who saw; sealed against change."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from quiz.core.errors import RuleBroken
from quiz.core.items import DocumentDraft
from quiz.core.permissions import Role
from quiz.core.rosters import PersonDraft, UnitDraft
from quiz.core.seals import FIRST, MOST, SETTLED, SealedAct, seal_of
from quiz.extensions import db
from quiz.models import AuditEvent, AuditSeal, ViewRecord
from quiz.services import audit, audit_seals
from quiz.services.audit import Actor
from quiz.web import act_words, actions, sightings, sweeper
from tests.conftest import Browser
from tests.factories import HOUR, NOW, make_account, make_cell, make_person, make_unit
from tests.services.test_archives import AFTER, held
from tests.web.test_attempts import at, wait_until
from tests.web.test_backups import do_jobs

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = 24 * HOUR


def page_of(browser, url: str) -> str:
    answer = browser.get(url)
    db.session.rollback()  # the request shared this test's session
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


@pytest.fixture
def scene(sqlite_app):
    """A contest with acts in it, the organizer of its commune, and an act in another commune."""
    contest = held()
    chair = make_account((Role.ORGANIZER, contest.unit), username="chair")
    chair.display_name = "Bà Chủ tịch"
    elsewhere = make_unit("Thuận Châu", type_label="huyện")
    actor = Actor(chair.id)
    contest_round = contest.stages[0].rounds[0]
    audit.record(actor, "round.close", contest_round, NOW, contest.unit.path, reason="mất điện")
    audit.record(
        Actor(make_account().id), "unit.rename", elsewhere, NOW + DAY, elsewhere.path, name="Tên kín"
    )
    db.session.commit()
    sightings.forget()
    return contest, contest_round


@pytest.fixture
def chair(sqlite_app, scene):
    """The organizer's browser."""
    return Browser(sqlite_app).sign_in("chair")


# --- words ----------------------------------------------------------------------------------------------------------


def recorded() -> set[str]:
    """Every act that services record, by its name in the source."""
    found = set()
    for path in (ROOT / "quiz" / "services").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                found |= {one.value for one in node.args[1:2] if isinstance(one, ast.Constant)}
    return found


def test_every_act_recorded_has_words():
    assert recorded() - actions.ACTIONS.keys() == set()


def test_every_detail_recorded_has_words():
    names = set()
    for path in (ROOT / "quiz" / "services").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                names |= {keyword.arg for keyword in node.keywords if keyword.arg} - {"path"}
    assert names - act_words.DETAILS.keys() == set()


@pytest.mark.parametrize("draft", [UnitDraft, PersonDraft, DocumentDraft])
def test_every_field_that_a_page_changes_has_a_word(draft):
    kept_still = {"row", "successor_code"}  # the place in a file; a merger has its own act
    assert {field.name for field in fields(draft)} - kept_still <= act_words.DETAILS.keys()


def test_every_page_whose_looks_are_noted_exists_and_has_words(sqlite_app):
    rules = {
        rule.endpoint: rule.arguments for rule in sqlite_app.url_map.iter_rules() if "GET" in rule.methods
    }
    for endpoint, shape in sightings.SHOWN.items():
        assert endpoint in rules and endpoint in act_words.LOOKED_AT
        assert set(re.findall(r"{(\w+)}", shape)) <= rules[endpoint]


EVERYONE = "Ai có câu này trong đề cũng được điểm"


@pytest.mark.parametrize(
    "detail, words",
    [
        ({"kind": "provisional", "number": 2}, [("loại", "tạm thời"), ("lần", "2")]),
        ({"role": "organizer"}, [("vai trò", "Ban Tổ chức")]),
        ({"ended_by": "deadline", "answered": 28}, [("kết thúc do", "hết giờ"), ("số câu đã trả lời", "28")]),
        ({"closes_at": NOW}, [("giờ đóng", "08:00 ngày 05/02/2023")]),
        ({"reason": "", "note": None, "late": False}, [("quá hạn", "không")]),
        ({"after": {"points": 500}}, [("sau", "điểm: 5,00")]),
        ({"before": {"Nội dung": 3800}}, [("trước", "Nội dung: 38,00")]),
        ({"points": 2900, "used": 260_000}, [("điểm", "29,00"), ("thời gian đã dùng", "4 phút 20 giây")]),
        ({"after": [NOW, NOW]}, [("sau", "08:00 ngày 05/02/2023, 08:00 ngày 05/02/2023")]),
        ({"item": "MH-187", "policy": "everyone"}, [("câu hỏi", "MH-187"), ("cách xử lý", EVERYONE)]),
        ({"finding": "kept"}, [("kết luận", "Giữ nguyên điểm")]),
        ({"number": 1, "changed": ["quota"]}, [("lần", "1"), ("thay đổi", "cách chọn người đi tiếp")]),
        ({"kind": "papers"}, [("loại", "trọn bộ văn bản")]),
        (
            {"units_new": 316, "people_new": 312},
            [("số đơn vị thêm mới", "316"), ("số người thêm mới", "312")],
        ),
        ({"units": 2, "people": 9}, [("số đơn vị", "2"), ("số người", "9")]),
        ({"people": 10_000, "birth_year": 1968}, [("số người", "10.000"), ("năm sinh", "1968")]),
        (
            {"attempt": 12_034, "chosen": [4_711]},
            [("bài thi số", "12034"), ("những người được chọn", "4711")],
        ),
        ({"units": ["xã Hát Lót", "xã Cò Nòi"]}, [("đơn vị", "xã Hát Lót, xã Cò Nòi")]),
        ({"of": "edition:15"}, [("về", "Lần công bố 15")]),
        ({"of": "round:7"}, [("về", "Vòng thi: Xã Cò Nòi")]),
        (
            {"prize": "Giải ba", "count": 1, "whom": 300},
            [("giải", "Giải ba"), ("số lượng", "1"), ("số của người hoặc đơn vị", "300")],
        ),
        ({"time_limit": "0 → 45"}, [("thời gian làm bài", "2 phút mỗi câu → 45 phút")]),
        ({"late_start": "None → 10"}, [("hạn vào muộn", "đến giờ đóng → 10 phút")]),
        ({"grace_seconds": "5 → 9"}, [("chờ đường truyền", "5 giây → 9 giây")]),
        ({"attempts_allowed": "1 → 7"}, [("số lượt thi", "1 → 7")]),
        ({"shuffle_items": "True → False"}, [("xáo câu hỏi", "có → không")]),
        ({"rank_within": "round → cluster"}, [("phạm vi xếp hạng", "Toàn vòng thi → Từng cụm")]),
        (
            {"tie_breaks": "['time_used'] → ['part:Hùng biện', 'time_used']"},
            [
                (
                    "tiêu chí khi bằng điểm",
                    "Thời gian làm bài ngắn hơn → Điểm phần “Hùng biện” cao hơn, Thời gian làm bài ngắn hơn",
                )
            ],
        ),
        (
            {"tie_breaks": "[] → ['time_used']"},
            [("tiêu chí khi bằng điểm", "không → Thời gian làm bài ngắn hơn")],
        ),
        ({"blueprint": "[] → [{'topic': 'a', 'level': '', 'count': 5}]"}, [("cấu trúc đề", "đã thay đổi")]),
        ({"prizes": "{'prizes': []} → {'prizes': [{'name': 'A → B'}]}"}, [("cơ cấu giải", "đã thay đổi")]),
        ({"tie_breaks": "['by_luck'] → []"}, [("tiêu chí khi bằng điểm", "đã thay đổi")]),
        ({"name": "Vòng 1 → Vòng 2"}, [("tên", "Vòng 1 → Vòng 2")]),
        ({"issued_minutes": "05 2026-11-22"}, [("số, ngày biên bản", "05 22/11/2026")]),
        ({"day": "2026-11-22"}, [("ngày", "22/11/2026")]),
        ({"birth_date": "None → 1970-03-01"}, [("ngày sinh", "– → 01/03/1970")]),
        ({"file": "2026-11-22.zip"}, [("tệp", "2026-11-22.zip")]),
        ({"position": "secretary → deputy_secretary"}, [("chức vụ", "Bí thư → Phó bí thư")]),
        ({"sex": "None → female", "phone": "0912 → "}, [("giới tính", "– → Nữ"), ("điện thoại", "0912 → –")]),
        ({"is_village_head": "False → True"}, [("kiêm trưởng bản", "không → có")]),
        ({"attempt": 41, "position": 4}, [("bài thi số", "41"), ("câu số", "5")]),
        ({"position": -1}, [("câu số", "Cả bài")]),
    ],
)
def test_details_are_said_in_words(sqlite_app, detail, words):
    with sqlite_app.test_request_context():
        assert act_words.detail_words(detail, {"round:7": "Xã Cò Nòi"}) == words


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query, shown",
    [
        ("", True),
        ("who=chair", True),
        ("who=Chủ tịch", True),
        ("who=ba chu tich", True),
        ("who=nobody", False),
        ("what=ket thuc som", True),
        ("what=sáp nhập", False),
        ("thing=Cò Nòi", True),
        ("thing=vong thi co noi", True),
        ("thing=Hát Lót", False),
        ("since=05/02/2023&until=05/02/2023", True),
        ("since=06/02/2023", False),
        ("until=2023-02-04", False),
        ("until=31/12/9999", True),
        ("unit=Cò Nòi", True),
        ("what=ket thuc&who=chair&thing=Cò Nòi", True),
    ],
)
def test_acts_are_found_by_whom_what_which_when_and_where(chair, query, shown):
    page = page_of(chair, f"/audit?{query}")
    assert ("mất điện" in page) is shown
    assert "Tên kín" not in page


@pytest.mark.parametrize(
    "query", ["unit=Thuận Châu", "unit=đâu đó", "since=hôm qua", "until=31/02/2023", "before=abc"]
)
def test_what_is_not_understood_is_said_and_shows_nothing_of_others(chair, query):
    page = page_of(chair, f"/audit?{query}")
    assert "Tên kín" not in page
    assert ("Chưa hiểu" in page) is (query != "before=abc")


def test_older_acts_are_a_page_further_with_the_same_search(chair, scene):
    for number in range(60):
        audit.record(
            Actor(None), "round.window", scene[1], NOW + number, scene[0].unit.path, reason=f"lần {number:02}"
        )
    db.session.commit()
    page = page_of(chair, "/audit?what=giờ thi")
    assert "lần 59" in page and "lần 09" not in page
    older = page.split('href="/audit?before=', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert "lần 09" in page_of(chair, f"/audit?before={older}")


def test_things_are_named_and_linked(chair, scene):
    page = page_of(chair, "/audit?who=chair")
    assert "Vòng thi: Vòng thi Cò Nòi" in page
    assert f'href="/desk/rounds/{scene[1].id}"' in page


def test_what_a_request_of_two_people_is_about_is_named(chair, scene):
    contest, contest_round = scene
    of = f"round:{contest_round.id}"
    audit.record(Actor(None), "approval.ask", contest, NOW, contest.unit.path, kind="publish_final", of=of)
    db.session.commit()
    page = page_of(chair, "/audit?what=đề nghị")
    assert f"Vòng thi: {contest_round.name}" in page and f"Vòng thi {contest_round.id}<" not in page


# --- who saw --------------------------------------------------------------------------------------------------------


def test_a_page_of_a_person_is_a_look_and_a_look_again_is_the_same_one(sqlite_app, chair, scene):
    person = scene[1].entries[0].person
    key, name = person.id, person.full_name
    db.session.rollback()
    for _ in range(3):
        page_of(chair, f"/people/{key}")
    assert sightings.write(sqlite_app) == 1
    look = db.session.scalars(select(ViewRecord)).one()
    assert (look.page, look.target, look.path) == ("people.show", f"person:{key}", person.unit.path)
    db.session.rollback()
    page = page_of(chair, f"/people/{key}/history")
    assert "Bà Chủ tịch" in page and "Trang của một người" in page and name in page


def test_a_round_shows_who_saw_its_people_and_keys(sqlite_app, chair, scene):
    key = scene[1].id
    db.session.rollback()
    with at(AFTER):
        page_of(Browser(sqlite_app).sign_in("chair"), f"/desk/rounds/{key}/ranking")
    sightings.write(sqlite_app)
    page = page_of(chair, f"/desk/rounds/{key}/history")
    assert "Bảng xếp hạng chưa công bố" in page and "mất điện" in page


def test_a_contestant_and_a_refusal_leave_no_look(sqlite_app, chair, scene):
    other = make_person(make_cell(make_unit("Nơi khác")))
    db.session.commit()
    assert chair.get(f"/people/{other.id}").status_code == 404
    db.session.rollback()
    assert sightings.write(sqlite_app) == 0


def is_a_look_written() -> bool:
    found = db.session.scalar(select(func.count()).select_from(ViewRecord))
    db.session.rollback()
    return found > 0


def test_a_get_writes_nothing_and_the_looks_are_written_by_the_thread(sqlite_app, chair, scene):
    db.session.rollback()
    page_of(chair, "/people")
    assert db.session.scalar(select(func.count()).select_from(ViewRecord)) == 0
    db.session.rollback()
    thread = sweeper.start(sqlite_app, interval=0.05)
    try:
        wait_until(is_a_look_written)
    finally:
        thread.stop()
    assert db.session.scalars(select(ViewRecord.target)).one() == "people:0"


# --- seals ----------------------------------------------------------------------------------------------------------


def sealed_all() -> int:
    """Seal everything there is and return how many seals it took."""
    count = 0
    while audit_seals.seal(AFTER + 100 * DAY) is not None:
        count += 1
    db.session.commit()
    return count


def test_a_seal_covers_every_word_of_every_act_in_order():
    act = SealedAct(1, NOW, 2, None, "round.open", "round:3", "/1/", {"reason": "Đúng giờ"})
    changes = [{"id": 2}, {"at": NOW + 1}, {"account_id": 3}, {"person_id": 1}, {"action": "round.close"},
               {"target": "round:4"}, {"path": "/"}, {"detail": {"reason": "đúng giờ"}}]  # fmt: skip
    fields = {name: getattr(act, name) for name in SealedAct.__slots__}
    seals = {seal_of(FIRST, [act]), seal_of("1" * 64, [act]), seal_of(FIRST, [act, act]), seal_of(FIRST, [])}
    seals |= {seal_of(FIRST, [SealedAct(**(fields | change))]) for change in changes}
    assert len(seals) == 4 + len(changes)


def test_what_is_just_being_written_is_not_sealed_yet(app):
    audit.record(audit.SYSTEM, "round.open", "round:1", NOW)
    assert not audit_seals.is_due(NOW + SETTLED - 1)
    assert audit_seals.seal(NOW + SETTLED - 1) is None
    assert audit_seals.is_due(NOW + SETTLED)
    assert audit_seals.seal(NOW + SETTLED).events == 1
    assert audit_seals.check() == audit_seals.Report(1, 1, 0)


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE audit_event SET at = at + 1 WHERE action = 'second'",
        "UPDATE audit_event SET account_id = NULL, detail = '{}' WHERE action = 'second'",
        "UPDATE audit_event SET target = 'round:9' WHERE action = 'first'",
        "DELETE FROM audit_event WHERE action = 'third'",
        "UPDATE audit_event SET action = 'x' WHERE action = 'third'",
        "UPDATE audit_seal SET sha256 = '0' WHERE id = (SELECT min(id) FROM audit_seal)",
    ],
)
def test_any_later_change_breaks_a_seal(app, tamper):
    account = make_account()
    for number, action in enumerate(("first", "second", "third")):
        audit.record(Actor(account.id), action, "round:1", NOW + number, "/1/", reason="vì thế")
        audit_seals.seal(NOW + SETTLED + number)
    assert audit_seals.check().seals == 3
    db.session.execute(text(tamper))
    with pytest.raises(RuleBroken, match="không còn như lúc niêm phong"):
        audit_seals.check()


def test_long_records_are_sealed_in_pieces(app):
    rows = [{"at": NOW, "action": "x", "target": "t:1", "path": "", "detail": {}} for _ in range(MOST + 5)]
    db.session.execute(db.insert(AuditEvent), rows)
    assert sealed_all() == 2
    assert audit_seals.check() == audit_seals.Report(2, MOST + 5, 0)


def test_the_thread_seals_and_an_administrator_checks(sqlite_app, scene):
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    db.session.commit()
    with at(AFTER + SETTLED + 2 * DAY):
        assert sweeper.seal_acts(sqlite_app)
        assert not sweeper.seal_acts(sqlite_app)
    admin = Browser(sqlite_app).sign_in("admin")
    seal = db.session.scalars(select(AuditSeal)).one()
    assert seal.sha256 in page_of(admin, "/audit/seals")
    db.session.rollback()
    admin.post("/audit/seals")
    assert do_jobs(sqlite_app) == ""
    db.session.rollback()
    db.session.execute(text("UPDATE audit_event SET path = '/9/' WHERE id = 1"))
    db.session.commit()
    admin.post("/audit/seals")
    assert "không còn như lúc niêm phong" in do_jobs(sqlite_app)


def test_the_command_line_checks_too(sqlite_app, scene):
    sealed_all()
    done = sqlite_app.test_cli_runner().invoke(args=["audit", "check"])
    assert done.exit_code == 0 and "hold" in done.output
    db.session.execute(text("DELETE FROM audit_event WHERE id = 1"))
    db.session.commit()
    assert sqlite_app.test_cli_runner().invoke(args=["audit", "check"]).exit_code == 1
