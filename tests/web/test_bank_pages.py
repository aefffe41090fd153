"""The overview of the banks and the page of each: who sees it, what stands on it, and what it leads to."""

import pytest
from sqlalchemy import event, select

from quiz import clock
from quiz.core import coverage
from quiz.core.items import Level, Status
from quiz.core.papers import Cell
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Bank, Document, Item
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    make_account,
    make_bank,
    make_contest,
    make_item,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)


@pytest.fixture
def sign_in(sqlite_app):
    def begin(*grants) -> Browser:
        account = make_account(*grants)
        db.session.commit()
        return Browser(sqlite_app).sign_in(account.username)

    return begin


@pytest.fixture
def editor(sign_in) -> Browser:
    return sign_in((Role.QUESTION_EDITOR, None))


def shown(browser: Browser, page: str = "") -> str:
    bank_id = db.session.scalars(select(Bank.id).where(Bank.code == "bank")).one()
    answer = browser.get(f"/bank/{bank_id}{page}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def planned_round(unit, *cells: Cell):
    stage = make_stage(make_contest(unit), make_rules(blueprint=cells))
    return make_round(stage, unit, opens_at=clock.now() + 24 * HOUR)


def test_articles_are_a_picture_with_the_same_numbers_in_a_table(editor):
    for clause in (1, 2):
        make_item(reference=f"Điều 4, khoản {clause}")
    make_item(reference="Phần mở đầu")
    db.session.commit()
    page = shown(editor)
    picture = page[page.index('<svg class="tiles"') : page.index("</svg>")]
    assert picture.count("<rect") == len(coverage.ARTICLES) + 1
    assert 'role="img" aria-label="Số câu theo từng điều' in picture and "style=" not in picture
    assert picture.count("empty-tile") == len(coverage.ARTICLES) - 1 and picture.count("short-tile") == 2
    table = page[page.index("Bảng số câu theo từng điều") :]
    assert "Điều 48" in table and "Phần mở đầu" in table and "Có câu hỏi cho 2 trong 49 phần" in page


def test_topics_by_level_are_a_table_that_leads_to_the_questions(editor):
    for _ in range(2):
        make_item(level=Level.APPLY)
    make_item(status=Status.DRAFT)
    db.session.commit()
    page = shown(editor)
    assert "level=apply" in page and "heat-4" in page and "heat-0" in page
    for words in ("Độ khó dự kiến", "Để ôn tập", "Vị trí đáp án", "Tình trạng"):
        assert words in page


def test_a_bank_without_questions_says_so(editor):
    make_bank()
    db.session.commit()
    page = shown(editor)
    assert "chưa có câu hỏi nào" in page and "<svg" not in page
    assert "Không có chỗ nào cần sửa" in shown(editor, "/quality")


def test_a_document_that_may_have_been_followed_is_told(editor):
    make_item()
    document = db.session.scalars(select(Document)).one()
    document.notice = "Có thể đã có văn bản mới hơn."
    db.session.commit()
    assert "Có thể đã có văn bản mới hơn." in shown(editor)
    assert "Văn bản cần kiểm tra lại" in editor.get("/bank").get_data(as_text=True)


def test_rounds_to_come_show_what_is_missing_and_lead_only_those_who_may_go_there(sign_in):
    unit = make_unit()
    make_item()
    contest_round = planned_round(unit, Cell("dang-vien", "", 3))
    place = f'href="/desk/rounds/{contest_round.id}"'
    editor, admin = sign_in((Role.QUESTION_EDITOR, None)), sign_in((Role.SYSTEM_ADMIN, None))
    elsewhere = sign_in((Role.QUESTION_EDITOR, make_unit("Muổi Nọi")))
    for page in (editor.get("/bank").get_data(as_text=True), shown(editor)):
        assert "Thiếu 2 câu" in page and place not in page
    assert place in shown(admin) and place in admin.get("/bank").get_data(as_text=True)
    assert "Thiếu 2 câu" not in shown(elsewhere)


def test_findings_lead_to_their_questions_page_by_page(editor):
    for _ in range(30):
        make_item()
    db.session.commit()
    page = shown(editor, "/quality")
    first = db.session.scalars(select(Item)).first()
    assert f'href="/bank/items/{first.id}"' in page and "Chưa ghi độ khó dự kiến" in page
    assert 'rel="next"' in page and "Đáp án là phương án dài nhất" in page
    assert shown(editor, "/quality?page=999")


@pytest.mark.parametrize("page", ["/bank", "/bank/1"])
def test_the_number_of_queries_does_not_grow_with_the_bank(editor, page):
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    def queries() -> int:
        seen.clear()
        assert editor.get(page).status_code == 200
        return len(seen)

    make_item()
    planned_round(make_unit(), Cell("dang-vien", "", 1))
    db.session.commit()
    few = queries()
    for number in range(40):
        make_item(f"t{number}", reference=f"Điều {number}")
    db.session.commit()
    assert queries() == few
