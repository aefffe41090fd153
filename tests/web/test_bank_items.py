"""Pages of one question and of many: what they show, carry on in links, and say when something is refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.core.items import Difficulty, Kind, Part, Status
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Grant, Item, ItemCheck, ItemComment, ItemStatistic, ItemUse
from tests.conftest import Browser
from tests.factories import (
    add,
    make_account,
    make_bank,
    make_contest,
    make_document,
    make_item,
    make_round,
    make_stage,
    make_topic,
    make_unit,
    open_for_test,
)


@pytest.fixture
def sign_in(sqlite_app) -> Callable[..., Browser]:
    """A function that signs somebody with a role in, on a browser of their own."""

    def begin(role: Role) -> Browser:
        account = make_account((role, None))
        db.session.commit()
        browser = Browser(sqlite_app).sign_in(account.username)
        browser.account_id = account.id
        return browser

    return begin


@pytest.fixture
def editor(sign_in) -> Browser:
    make_bank("thu"), make_document(), make_topic("chi-bo")
    return sign_in(Role.QUESTION_EDITOR)


@pytest.fixture
def reviewer(sign_in) -> Browser:
    return sign_in(Role.REVIEWER)


def made(**fields):
    """A stored item version."""
    version = make_item(**fields)
    db.session.commit()
    return version


def text(answer) -> str:
    page: str = answer.get_data(as_text=True)
    return page


def newest(code: str):
    db.session.expire_all()
    return db.session.scalars(select(Item).where(Item.code == code)).one().current


def fields(**changes) -> dict:
    """What the form of a question with options sends."""
    return {
        "bank": "thu", "code": "T-9", "document": "DLD-2011", "reference": "Điều 9, khoản 1", "topic": "chi-bo",
        "level": "apply", "intended_difficulty": "hard", "part": "exam", "stem": "Chi bộ làm gì trước?",
        "option_0": "Bàn việc", "option_1": "Chờ ý kiến", "option_2": "Bỏ phiếu", "key": "0",
        "feedback_1": "Chờ ý kiến là bỏ lỡ việc.", "feedback_2": "Chưa bàn thì chưa bỏ phiếu.",
        "rationale": "Điều 9, khoản 1 nói phải bàn trước.",
    } | changes  # fmt: skip


# --- one question -------------------------------------------------------------------------------------------------


def test_the_question_is_shown_by_the_very_template_of_the_sitting_page_and_gives_no_key_away(reviewer):
    version = made()
    page = text(reviewer.get(f"/bank/items/{version.item_id}"))
    phone = page[page.index('<div class="phone">') : page.index("</article>")]
    assert 'class="question" id="cau-1"' in phone and phone.count('type="radio" name="q0"') == 4
    assert "checked" not in phone and "đáp án" not in phone


def test_other_orders_of_the_options_can_be_looked_at(reviewer):
    version = made()

    def order(number: int) -> list[str]:
        page = text(reviewer.get(f"/bank/items/{version.item_id}?order={number}"))
        return re.findall(r"<span>[A-D]\. (\w+)</span>", page)

    orders = [order(number) for number in range(1, 6)]
    assert {frozenset(one) for one in orders} == {frozenset(version.options)}
    assert len({tuple(one) for one in orders}) > 1


def test_key_feedback_points_and_second_reading_are_on_the_page(reviewer):
    reading = {"on": "2026-11-21", "reader": "Chị Hoa", "outcome": "changed", "note": "Sửa khoản"}
    version = made(
        feedback=["Không phải một.", "", "", ""], reviewed=reading, intended_difficulty=Difficulty.HARD
    )
    page = text(reviewer.get(f"/bank/items/{version.item_id}"))
    for words in ("Không phải một.", "Đã sửa, Chị Hoa, ngày 21/11/2026. Sửa khoản", "Khó"):
        assert words in page
    points = [{"text": "Nêu đúng quy định", "marks": 650}, {"text": "Nêu cách làm", "marks": 350}]
    oral = made(kind=Kind.ORAL, options=(), key=(), points=points)
    page = text(reviewer.get(f"/bank/items/{oral.item_id}"))
    for words in ("Nêu đúng quy định", "6,50", "10,00", "không vào đề trắc nghiệm"):
        assert words in page


def test_where_it_was_used_and_how_it_did_is_on_the_page_and_in_the_list(reviewer):
    version = made()
    unit = make_unit("Chiềng Ve")
    contest_round = open_for_test(make_round(make_stage(make_contest(unit)), unit), [version])
    sums = {"x": 12.0, "xx": 12.0, "y": 20.0, "yy": 15.0, "xy": 6.0}
    add(
        ItemUse(
            round_id=contest_round.id, version_id=version.id, sat=40, omitted=3, chosen=[5, 12, 20, 0], **sums
        )
    )
    add(
        ItemStatistic(
            version_id=version.id,
            item_id=version.item_id,
            sat=40,
            facility=0.3,
            correlation=-0.2,
            flag="wrong_way",
        )
    )
    db.session.commit()
    page = text(reviewer.get(f"/bank/items/{version.item_id}"))
    for words in ("30,0 %", "-0,20", "20 người chọn (50,0 %)", "xem lại đáp án", "Vòng thi Chiềng Ve"):
        assert words in page
    page = text(reviewer.get("/bank/items?doubt=wrong_way"))
    assert "30,0 %" in page and f"/bank/items/{version.item_id}?doubt=wrong_way" in page


def test_a_newer_document_is_named_beside_the_question(reviewer):
    version = made()
    make_document("HD-42").title = "Hướng dẫn mới"
    make_document().followed_by, make_document().notice = "HD-42", "Kiểm tra trước khi dùng."
    db.session.commit()
    page = text(reviewer.get(f"/bank/items/{version.item_id}"))
    for words in ("Câu này cần xem lại", "Hướng dẫn mới", "Kiểm tra trước khi dùng."):
        assert words in page


def test_filters_stay_in_the_links_from_the_list_to_the_question_and_back(reviewer):
    for _ in range(60):
        make_item()
    version = made()
    page = text(reviewer.get("/bank/items?text=cau+hoi&status=approved&sort=newest"))
    carried = "text=cau+hoi&amp;status=approved&amp;sort=newest"
    assert f"/bank/items/{version.item_id}?{carried}" in page and f"{carried}&amp;page=2" in page
    page = text(reviewer.get(f"/bank/items/{version.item_id}?text=cau+hoi&status=approved"))
    assert "/bank/items?text=cau+hoi&amp;status=approved" in page


def test_who_approves_goes_on_within_the_list_looked_at(reviewer):
    first, second = made(status=Status.IN_REVIEW), made(status=Status.IN_REVIEW)
    answer = reviewer.post(f"/bank/items/{first.item_id}/approve?status=in_review", {"version": first.id})
    assert answer.location == f"/bank/items/{second.item_id}?status=in_review"


# --- remarks and looking over ---------------------------------------------------------------------------------------


def test_a_remark_is_kept_with_its_author_and_a_second_tap_adds_none(editor, reviewer):
    version = made(status=Status.DRAFT)
    for _ in range(2):
        editor.post(
            f"/bank/items/{version.item_id}/comments", {"text": "Xem giúp <b>câu</b> này.", "seen": "0"}
        )
    page = text(reviewer.get(f"/bank/items/{version.item_id}"))
    assert page.count("Xem giúp &lt;b&gt;câu&lt;/b&gt; này.") == 1
    assert db.session.scalar(select(db.func.count()).select_from(ItemComment)) == 1


def test_a_remark_beside_a_number_no_database_holds_is_kept(editor):
    version = made()
    sent = {"text": "Xem lại.", "seen": "9" * 25}
    assert editor.post(f"/bank/items/{version.item_id}/comments", sent).status_code == 302
    assert db.session.scalar(select(ItemComment.text)) == "Xem lại."


def test_an_empty_remark_says_what_to_do(editor):
    version = made()
    place = f"/bank/items/{version.item_id}"
    answer = editor.post(
        f"{place}/comments",
        {"text": " "},
        headers={"Referer": f"http://localhost{place}"},
        follow_redirects=True,
    )
    assert "Hãy ghi ý kiến" in text(answer)


def test_the_reason_of_sending_back_is_among_the_remarks(editor, reviewer):
    version = made(status=Status.IN_REVIEW)
    reviewer.post(f"/bank/items/{version.item_id}/send-back", {"version": version.id, "reason": "Hai đáp án"})
    page = text(editor.get(f"/bank/items/{version.item_id}"))
    assert page.count("Hai đáp án") == 2 and "<strong>trả lại</strong>" in page


def test_a_question_looked_over_leaves_the_list(reviewer, editor):
    version = made(valid_to=clock.today() + timedelta(days=20))
    assert version.stem in text(reviewer.get("/bank/checks"))
    assert version.stem in text(editor.get("/bank/checks?within=30"))
    assert editor.post(f"/bank/items/{version.item_id}/check", {"version": version.id}).status_code == 403
    reviewer.post(f"/bank/items/{version.item_id}/check", {"version": version.id})
    assert "Không có câu nào cần xem lại" in text(reviewer.get("/bank/checks"))
    assert db.session.scalars(select(ItemCheck)).one().account_id == reviewer.account_id


def test_a_second_reading_is_put_down_on_the_page(reviewer):
    version = made()
    sent = {"version": version.id, "outcome": "changed", "note": "Thiếu khoản"}
    answer = reviewer.post(f"/bank/items/{version.item_id}/reading", sent, follow_redirects=True)
    assert "Đã sửa" in text(answer) and "Thiếu khoản" in text(answer)
    refused = reviewer.post(
        f"/bank/items/{version.item_id}/reading", sent | {"outcome": "?"}, follow_redirects=True
    )
    assert "Hãy chọn kết quả đọc" in text(refused)


@pytest.mark.parametrize("within", ["0", "x", "-5", "99999999999"])
def test_an_odd_span_is_the_usual_one(reviewer, within):
    made(valid_to=clock.today() + timedelta(days=80))
    assert "Câu hỏi số" in text(reviewer.get(f"/bank/checks?within={within}"))


# --- documents ------------------------------------------------------------------------------------------------------


def test_a_document_is_added_then_followed_and_its_questions_are_to_be_looked_over(editor):
    version = made()
    editor.post("/bank/documents/new", {"code": "HD-42", "title": "Hướng dẫn 42", "dated": "2025-10-28"})
    place = f"/bank/documents/{version.document_id}/edit"
    assert 'value="DLD-2011"' in text(editor.get(place))
    answer = editor.post(
        place,
        {"title": "Điều lệ Đảng", "followed_by": "HD-42", "valid_from": "2011-01-19"},
        follow_redirects=True,
    )
    assert "Có 1 câu cần xem lại" in text(answer) and "từ 19/01/2011" in text(answer)


@pytest.mark.parametrize(
    "sent, words",
    [
        ({"title": ""}, "Chưa có nội dung"),
        ({"code": "DLD-2011"}, "đã có văn bản khác dùng"),
        ({"valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "không được trước"),
        ({"followed_by": "khong-co"}, "Hãy chọn một mục"),
        ({"dated": "2026-02-30"}, "Hãy chọn một ngày đúng"),
    ],
)
def test_a_faulty_document_is_shown_again_with_what_was_typed(editor, sent, words):
    page = text(
        editor.post("/bank/documents/new", {"code": "HD-1", "title": "Tên", "issuer": "Ban Bí thư"} | sent)
    )
    assert words in page and 'value="Ban Bí thư"' in page


def test_a_reviewer_sees_documents_and_changes_none(reviewer):
    document_id = made().document_id
    assert "edit" not in text(reviewer.get("/bank/documents")).split("<main", 1)[1]
    assert reviewer.get(f"/bank/documents/{document_id}/edit").status_code == 403


# --- writing ----------------------------------------------------------------------------------------------------------


def test_feedback_and_estimate_are_stored(editor):
    editor.post("/bank/items/new?kind=single", fields())
    version = newest("T-9")
    assert version.feedback == ["", "Chờ ý kiến là bỏ lỡ việc.", "Chưa bàn thì chưa bỏ phiếu."]
    assert version.intended_difficulty is Difficulty.HARD


def oral(**changes) -> dict:
    sent = {
        name: value
        for name, value in fields(**changes).items()
        if "option" not in name and "feedback" not in name
    }
    return (
        sent
        | {"point_0": "Nêu quy định", "marks_0": "6,5", "point_2": "Nêu cách làm", "marks_2": "3.5"}
        | changes
    )


def test_an_oral_question_is_written_with_marks_and_edited(editor):
    editor.post("/bank/items/new?kind=oral", oral())
    version = newest("T-9")
    assert [(point["text"], point["marks"]) for point in version.points] == [
        ("Nêu quy định", 650),
        ("Nêu cách làm", 350),
    ]
    page = text(editor.get(f"/bank/items/{version.item_id}/edit"))
    assert 'value="6,50"' in page and "Nêu cách làm" in page


@pytest.mark.parametrize(
    "sent, words",
    [
        ({"marks_0": "nhiều"}, "Hãy nhập một số"),
        ({"marks_0": ""}, "phải lớn hơn 0"),
        ({"point_0": ""}, "cần trả lời bỏ trống"),
        ({"point_0": "", "marks_0": "", "point_2": "", "marks_2": ""}, "Chưa có ý cần trả lời"),
    ],
)
def test_a_faulty_oral_question_is_shown_again_and_nothing_is_lost(editor, sent, words):
    page = text(editor.post("/bank/items/new?kind=oral", oral(**sent)))
    assert words in page and "Chi bộ làm gì trước?" in page and 'value="T-9"' in page
    assert db.session.scalar(select(db.func.count()).select_from(Item)) == 0


def test_looking_first_shows_the_question_and_advice_and_saves_nothing(editor):
    page = text(
        editor.post(
            "/bank/items/new?kind=single",
            fields(then="look", feedback_1="", option_2="Bàn việc hoặc chờ ý kiến"),
        )
    )
    assert (
        "Thí sinh sẽ thấy" in page
        and "Chưa nói vì sao phương án B sai" in page
        and "nằm trong phương án" in page
    )
    assert 'value="Bàn việc hoặc chờ ý kiến"' in page
    assert db.session.scalar(select(db.func.count()).select_from(Item)) == 0


def test_looking_first_at_a_question_with_faults_names_them(editor):
    page = text(editor.post("/bank/items/new?kind=single", fields(then="look", stem="")))
    assert "Chưa có nội dung" in page and "Thí sinh sẽ thấy" not in page


def test_advice_does_not_bar_saving_and_stands_on_the_page_of_the_question(editor):
    answer = editor.post("/bank/items/new?kind=single", fields(feedback_1=""), follow_redirects=True)
    assert "Đã lưu câu hỏi mới" in text(answer) and "Chưa nói vì sao phương án B sai" in text(answer)


def test_another_kind_keeps_what_was_typed(editor):
    page = text(editor.post("/bank/items/new?kind=single", fields(then="kind:multiple")))
    assert re.search(r'<input[^>]*name="key"[^>]*type="checkbox"', page)
    assert (
        'value="Chờ ý kiến"' in page
        and "Chi bộ làm gì trước?" in page
        and 'name="kind" value="multiple"' in page
    )
    assert "Có chỗ cần sửa" not in page
    back = text(editor.post("/bank/items/new?kind=single", fields(then="kind:oral")))
    assert 'name="point_0"' in back and "Chi bộ làm gì trước?" in back


def test_the_kind_chosen_last_is_the_one_saved(editor):
    editor.post("/bank/items/new?kind=single", fields(kind="multiple", key=["0", "1"]))
    assert (newest("T-9").kind, newest("T-9").key) == (Kind.MULTIPLE, [0, 1])


# --- many -------------------------------------------------------------------------------------------------------------


def test_many_questions_are_chosen_confirmed_and_reported_on(reviewer):
    waiting = [made(status=Status.IN_REVIEW) for _ in range(2)]
    draft = made(status=Status.DRAFT)
    chosen = [version.item_id for version in (*waiting, draft)]
    page = text(reviewer.get("/bank/bulk?act=approve&" + "&".join(f"item={key}" for key in chosen)))
    assert "Bạn chọn 3 câu" in page and draft.item.code in page
    assert newest(draft.item.code).status is Status.DRAFT
    seen = re.search(r'name="newest" value="(\d+)"', page)[1]
    report = text(reviewer.post("/bank/bulk", {"act": "approve", "item": chosen, "newest": seen}))
    assert "Đã làm xong với 2 câu" in report and "Bỏ qua 1 câu" in report and draft.item.code in report
    again = text(reviewer.post("/bank/bulk", {"act": "approve", "item": chosen, "newest": seen}))
    assert "Đã làm xong với 0 câu" in again and "đã làm rồi" in again


def test_all_that_a_filter_finds_can_be_meant(editor):
    versions = [make_item(level="apply") for _ in range(60)]
    other = made()
    page = text(editor.get("/bank/items?level=apply"))
    assert "Chọn cả 60 câu tìm thấy" in page
    sent = {"act": "to_practice", "all": "1", "level": "apply", "newest": str(other.id)}
    assert "Đã làm xong với 60 câu" in text(editor.post("/bank/bulk", sent))
    assert newest(versions[0].item.code).part is Part.PRACTICE
    assert newest(other.item.code).part is Part.EXAM


def test_a_reason_that_is_missing_is_asked_for_and_the_choice_is_kept(reviewer):
    version = made(status=Status.IN_REVIEW)
    page = text(reviewer.post("/bank/bulk", {"act": "retire", "item": version.item_id, "newest": version.id}))
    assert "Hãy ghi lý do" in page and f'name="item" value="{version.item_id}"' in page
    assert newest(version.item.code).status is Status.IN_REVIEW


def test_nobody_approves_the_own_words_in_bulk_either(sign_in):
    both = sign_in(Role.REVIEWER)
    add(Grant(account_id=both.account_id, role=Role.QUESTION_EDITOR, granted_at=1))
    version = made(status=Status.IN_REVIEW, author_id=both.account_id)
    page = text(both.post("/bank/bulk", {"act": "approve", "item": version.item_id, "newest": version.id}))
    assert "Người soạn không tự duyệt" in page and newest(version.item.code).status is Status.IN_REVIEW


@pytest.mark.parametrize(
    "act, status", [("approve", 403), ("send_back", 403), ("check", 403), ("submit", 200)]
)
def test_what_a_role_may_not_do_it_may_not_do_in_bulk(editor, act, status):
    version = made(status=Status.IN_REVIEW)
    sent = {"act": act, "item": version.item_id, "newest": version.id, "reason": "x"}
    assert editor.post("/bank/bulk", sent).status_code == status
    assert editor.get(f"/bank/bulk?act={act}&item={version.item_id}").status_code == status


@pytest.mark.parametrize(
    "query", ["", "act=approve", "act=khac&item=1", "item=1", "act=approve&item=x", "act=retire&item=-1"]
)
def test_nothing_chosen_leads_back_to_the_list(reviewer, query):
    answer = reviewer.get(f"/bank/bulk?{query}")
    assert (answer.status_code, answer.location) == (302, "/bank/items")


def test_more_than_may_be_done_at_once_is_said_before(reviewer, monkeypatch):
    monkeypatch.setattr("quiz.services.bulk.MOST", 2)
    for _ in range(3):
        made(status=Status.IN_REVIEW)
    page = text(reviewer.get("/bank/bulk?act=approve&all=1"))
    assert "nhiều nhất 2 câu" in page and '<form method="post" action="/bank/bulk"' not in page
