"""Pages of the bank: who sees a question, writing and reviewing one, files in and out."""

import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from quiz.core.items import Kind, Status
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.files.bank_yaml import read_bank
from quiz.models import AuditEvent, Grant, Item, ItemVersion, Upload
from tests.conftest import Browser
from tests.factories import make_account, make_item, make_unit

FILE = """\
bank: {code: thu, title: Ngân hàng thử}
topics:
  - {code: chi-bo, title: Chi bộ}
documents:
  - {code: DLD-2011, title: Điều lệ Đảng}
items:
  - code: T-1
    document: DLD-2011
    reference: Điều 4
    topic: chi-bo
    level: remember
    kind: single
    stem: Ai chuẩn bị <b>nội dung</b>?
    options: [Bí thư, Chi ủy, Đảng viên]
    key: [B]
    rationale: Vì thế.
    status: approved
"""


@pytest.fixture
def sign_in(sqlite_app) -> Callable[..., Browser]:
    """A function that signs somebody with a role in, on a browser of their own."""

    def begin(role: Role, unit=None) -> Browser:
        account = make_account((role, unit))
        db.session.commit()
        return Browser(sqlite_app).sign_in(account.username)

    return begin


@pytest.fixture
def editor(sign_in) -> Browser:
    return sign_in(Role.QUESTION_EDITOR)


@pytest.fixture
def reviewer(sign_in) -> Browser:
    return sign_in(Role.REVIEWER)


def upload(browser: Browser, text: str = FILE, name: str = "thu.yaml"):
    return browser.post(
        "/bank/upload", {"file": (io.BytesIO(text.encode()), name)}, content_type="multipart/form-data"
    )


def load(browser: Browser, text: str = FILE):
    """Upload, look, confirm; return the answer to the confirmation."""
    return confirm(browser, upload(browser, text).location)


def confirm(browser: Browser, place: str, **options):
    """Press the button of a preview, which sends back what it showed."""
    page = browser.get(place).get_data(as_text=True)
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    return browser.post(f"{place}/confirm", {"fingerprint": found[1] if found else ""}, **options)


def item() -> Item:
    db.session.expire_all()
    return db.session.scalars(select(Item)).one()


def fields(**changes) -> dict:
    """What the form of a question with options sends."""
    return {
        "bank": "thu", "code": "T-9", "document": "DLD-2011", "reference": "Điều 9", "topic": "chi-bo",
        "level": "apply", "part": "exam", "stem": "Câu mới?", "option_0": "Có", "option_1": "Không", "key": "1",
        "rationale": "Vì thế.",
    } | changes  # fmt: skip


def move(browser: Browser, name: str, **data):
    current = item()
    values = {"version": current.current_id} | data
    return browser.post(f"/bank/items/{current.id}/{name}", values, follow_redirects=True)


# --- who sees what -----------------------------------------------------------------------------------------------

PAGES = ["/bank", "/bank/items", "/bank/items/1", "/bank/items/1/edit", "/bank/items/new", "/bank/upload"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "role", [Role.ORGANIZER, Role.BOARD_SECRETARY, Role.JUDGE, Role.HEAD_JUDGE, Role.PROCTOR, Role.OBSERVER]
)
def test_nobody_without_a_right_on_the_bank_sees_a_question(sign_in, page, role):
    version = make_item()
    answer = sign_in(role, make_unit()).get(page)
    assert answer.status_code == 403
    assert version.stem not in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["/bank/items/1/edit", "/bank/items/new", "/bank/upload"])
def test_a_reviewer_does_not_write(reviewer, page):
    make_item()
    db.session.commit()
    assert reviewer.get(page).status_code == 403


@pytest.mark.parametrize("name", ["approve", "send-back", "retire"])
def test_an_editor_does_not_review(editor, name):
    version = make_item(status=Status.IN_REVIEW)
    db.session.commit()
    answer = editor.post(f"/bank/items/{version.item_id}/{name}", {"version": version.id, "reason": "x"})
    assert answer.status_code == 403
    assert item().current.status is Status.IN_REVIEW


@pytest.mark.parametrize(
    "page", ["/bank/items/99", "/bank/items/99999999999", "/bank/items/99/edit", "/bank/uploads/99"]
)
def test_what_is_missing_is_not_found(editor, page):
    assert editor.get(page).status_code == 404


def test_somebody_elses_upload_is_not_found(editor, sign_in):
    place = upload(editor).location
    other = sign_in(Role.QUESTION_EDITOR)
    assert other.get(place).status_code == 404
    for there in (place, "/bank/uploads/99"):
        assert other.post(f"{there}/confirm").location == "/bank"
    assert db.session.scalar(select(db.func.count()).select_from(Item)) == 0


# --- looking -----------------------------------------------------------------------------------------------------


def test_an_empty_bank_says_what_to_do(editor):
    page = editor.get("/bank").get_data(as_text=True)
    assert "Chưa có câu hỏi nào" in page and "/bank/upload" in page


def test_the_overview_and_the_list_lead_to_the_question(editor):
    load(editor)
    assert f"/bank/{item().bank_id}" in editor.get("/bank").get_data(as_text=True)
    assert "Chi bộ" in editor.get(f"/bank/{item().bank_id}").get_data(as_text=True)
    assert f"/bank/items/{item().id}" in editor.get("/bank/items?text=chuan+bi").get_data(as_text=True)
    assert "Không có câu hỏi nào như vậy" in editor.get("/bank/items?level=apply").get_data(as_text=True)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=999999999999", "text=%25%5F", "level=none"]
)
def test_odd_addresses_of_the_list_still_answer(editor, query):
    load(editor)
    assert editor.get(f"/bank/items?{query}").status_code == 200


def test_a_question_is_shown_with_key_reason_and_source_and_its_text_is_only_text(editor):
    load(editor)
    page = editor.get(f"/bank/items/{item().id}").get_data(as_text=True)
    for words in ("B. Chi ủy", "Vì thế.", "Điều 4, Điều lệ Đảng", "Bản\u00a0nháp", "Phiên bản 1"):
        assert words in page
    assert "&lt;b&gt;nội dung&lt;/b&gt;" in page and "<b>nội dung</b>" not in page


def test_looking_writes_nothing(editor):
    load(editor)
    before = db.session.scalar(select(db.func.count()).select_from(AuditEvent))
    for page in (
        "/bank",
        "/bank/items",
        f"/bank/items/{item().id}",
        f"/bank/items/{item().id}/edit",
        "/bank/upload",
    ):
        assert editor.get(page).status_code == 200
    assert db.session.scalar(select(db.func.count()).select_from(AuditEvent)) == before


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_file_is_looked_at_before_it_is_loaded_and_comes_in_as_drafts(editor):
    place = upload(editor).location
    assert db.session.scalar(select(db.func.count()).select_from(Item)) == 0
    assert "Nhập vào ngân hàng" in editor.get(place).get_data(as_text=True)
    answer = confirm(editor, place, follow_redirects=True).get_data(as_text=True)
    assert "1 câu mới" in answer and "T-1" in answer
    assert item().current.status is Status.DRAFT
    assert db.session.scalars(select(Upload.data)).all() == [b""], "nothing of the file is kept"


def test_a_file_with_faults_is_shown_line_by_line_and_cannot_be_confirmed(editor):
    place = upload(
        editor, FILE.replace("key: [B]", "key: [D]").replace("level: remember", "level: easy")
    ).location
    page = editor.get(place).get_data(as_text=True)
    for words in ("Dòng 11", "Dòng 15", "phương án không có", "Tệp có chỗ phải sửa"):
        assert words in page
    assert "Nhập vào ngân hàng" not in page
    assert editor.post(f"{place}/confirm").location == place
    assert db.session.scalar(select(db.func.count()).select_from(Item)) == 0


def test_a_code_of_another_bank_is_shown_with_its_line(editor):
    load(editor)
    place = upload(editor, FILE.replace("code: thu,", "code: khac,")).location
    page = editor.get(place).get_data(as_text=True)
    assert "Dòng 7" in page and "đã thuộc ngân hàng thu" in page and "Nhập vào ngân hàng" not in page
    editor.post(f"{place}/confirm", headers={"Referer": f"http://localhost{place}"})
    assert item().bank.code == "thu"


def test_the_same_file_again_has_nothing_to_load(editor):
    load(editor)
    page = editor.get(upload(editor).location).get_data(as_text=True)
    assert "không đem lại thay đổi nào" in page and "Nhập vào ngân hàng" not in page


def test_a_changed_file_shows_what_changes_and_makes_a_second_version(editor):
    load(editor)
    changed = FILE.replace("key: [B]", "key: [A]").replace("Đảng viên]", "Mọi đảng viên]")
    page = editor.get(upload(editor, changed).location).get_data(as_text=True)
    assert (
        "Câu T-1 thay đổi" in page and "<del>B</del> → <ins>A</ins>" in page and "<ins>Mọi đảng</ins>" in page
    )
    load(editor, changed)
    assert [version.key for version in item().versions] == [[1], [0]]


@pytest.mark.parametrize(
    "data, words",
    [
        (b"!!python/object/apply:os.system [x]", "Không dùng thẻ"),
        (b"a: &a [x]", "Không dùng bí danh"),
        (b"\xff\xfe", "không phải UTF-8"),
        (b"", "không có các phần"),
    ],
)
def test_a_hostile_file_is_told_so_on_the_preview(editor, data, words):
    answer = editor.post(
        "/bank/upload",
        {"file": (io.BytesIO(data), "x.yaml")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert answer.status_code == 200 and words in answer.get_data(as_text=True)


def test_a_file_over_five_megabytes_is_refused_beside_the_field_and_not_kept(editor):
    answer = upload(editor, "a: " + "x" * 6 * 1024 * 1024)
    answer.request.environ["wsgi.input"].close()  # the test client leaves its temporary file open
    assert "lớn hơn 5 MB" in answer.get_data(as_text=True)
    assert db.session.scalar(select(db.func.count()).select_from(Upload)) == 0


def test_no_file_is_a_fault_of_the_field(editor):
    answer = editor.post("/bank/upload", {}, content_type="multipart/form-data")
    assert "Chưa chọn tệp" in answer.get_data(as_text=True)


def test_a_file_only_looked_at_can_be_dropped(editor):
    place = upload(editor).location
    assert editor.post(f"{place}/discard").location == "/bank/upload"
    assert editor.get(place).status_code == 404


def test_a_bank_is_downloaded_as_a_file_that_can_be_loaded_again(editor):
    load(editor)
    answer = editor.post(f"/bank/{item().bank_id}/export")
    assert "thu.yaml" in answer.headers["Content-Disposition"]
    draft, problems = read_bank(answer.data, "thu.yaml")
    assert problems == [] and [found.code for found in draft.items] == ["T-1"]
    assert "không đem lại thay đổi nào" in editor.get(upload(editor, answer.data.decode()).location).get_data(
        as_text=True
    )


# --- writing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, sent, options, key",
    [
        ("single", {}, ["Có", "Không"], [1]),
        ("multiple", {"key": ["0", "2"], "option_2": "Tùy"}, ["Có", "Không", "Tùy"], [0, 2]),
        ("true_false", {"key": "1"}, ["Đúng", "Sai"], [1]),
    ],
)
def test_a_question_of_each_kind_is_written(editor, kind, sent, options, key):
    load(editor)
    answer = editor.post(f"/bank/items/new?kind={kind}", fields(**sent), follow_redirects=True)
    assert "Đã lưu câu hỏi mới" in answer.get_data(as_text=True)
    version = db.session.scalars(select(Item).where(Item.code == "T-9")).one().current
    assert (version.kind, version.options, version.key, version.status) == (
        Kind(kind),
        options,
        key,
        Status.DRAFT,
    )


@pytest.mark.parametrize(
    "sent, words",
    [
        ({"stem": ""}, "Chưa có nội dung"),
        ({"key": ""}, "Hãy chọn một mục có trong danh sách"),
        ({"key": "5"}, "Đáp án chỉ vào phương án không có"),
        ({"option_1": "Có"}, "hai phương án giống nhau"),
        ({"option_3": "Bốn"}, "phương án bỏ trống"),
        ({"document": ""}, "Chưa có nội dung"),
        ({"topic": "khac"}, "Hãy chọn một mục có trong danh sách"),
        ({"level": "khac"}, "Hãy chọn một mục có trong danh sách"),
        ({"code": "T-1"}, "đã có câu hỏi khác dùng"),
        ({"code": "T" * 41}, "Dài quá 40"),
        ({"valid_from": "2026-07-02", "valid_to": "2026-07-01"}, "không được trước"),
        ({"valid_from": "2026-02-30"}, "Hãy chọn một ngày đúng"),
    ],
)
def test_a_faulty_form_is_shown_again_with_what_to_do_and_keeps_the_words(editor, sent, words):
    load(editor)
    answer = editor.post("/bank/items/new?kind=single", fields(**sent))
    page = answer.get_data(as_text=True)
    assert (answer.status_code == 200 and words in page and 'value="Không"' in page) or sent.get("option_1")
    assert words in page
    assert db.session.scalar(select(db.func.count()).select_from(Item)) == 1


def test_a_form_without_a_key_asks_for_it(editor):
    load(editor)
    sent = fields()
    del sent["key"]
    assert "Chưa có đáp án" in editor.post("/bank/items/new?kind=single", sent).get_data(as_text=True)


def test_editing_shows_what_is_there_and_makes_the_next_version(editor):
    load(editor)
    first = item().current
    page = editor.get(f"/bank/items/{item().id}/edit").get_data(as_text=True)
    assert 'value="Chi ủy"' in page and "Vì thế." in page
    sent = fields(base=first.id, level="remember", option_0="Bí thư", option_1="Chi ủy", key="0")
    editor.post(f"/bank/items/{item().id}/edit", sent)
    assert [(version.number, version.key) for version in item().versions] == [(1, [1]), (2, [0])]


def test_editing_what_somebody_changed_meanwhile_is_refused(editor):
    load(editor)
    base = item().current_id
    editor.post(f"/bank/items/{item().id}/edit", fields(base=base))
    page = editor.post(f"/bank/items/{item().id}/edit", fields(base=base, stem="Lần hai?")).get_data(
        as_text=True
    )
    assert "vừa có phiên bản mới" in page and "Lần hai?" in page
    assert db.session.scalar(select(db.func.count()).select_from(ItemVersion)) == 2


def test_saving_without_a_change_says_so(editor):
    load(editor)
    sent = fields(base=item().current_id, document="DLD-2011", reference="Điều 4", level="remember",
                  stem="Ai chuẩn bị <b>nội dung</b>?", option_0="Bí thư", option_1="Chi ủy",
                  option_2="Đảng viên")  # fmt: skip
    assert "chưa thay đổi gì" in editor.post(f"/bank/items/{item().id}/edit", sent).get_data(as_text=True)


# --- review ---------------------------------------------------------------------------------------------------------


def test_a_question_goes_from_its_author_to_a_reviewer_and_into_the_pool(editor, reviewer):
    load(editor)
    assert "Đã gửi câu T-1 đi duyệt" in move(editor, "submit").get_data(as_text=True)
    assert "Duyệt câu hỏi (1)" in reviewer.get("/bank").get_data(as_text=True)
    assert "Đã duyệt câu T-1" in move(reviewer, "approve").get_data(as_text=True)
    assert item().current.status is Status.APPROVED


def test_who_writes_and_reviews_does_not_approve_the_own_words(sign_in):
    both = sign_in(Role.QUESTION_EDITOR)
    load(both)
    account_id = item().current.author_id
    db.session.add(Grant(account_id=account_id, role=Role.REVIEWER, granted_at=1))
    db.session.commit()
    move(both, "submit")
    page = both.get(f"/bank/items/{item().id}").get_data(as_text=True)
    assert "không tự duyệt được" in page and "/approve" not in page
    assert "Hãy nhờ người duyệt khác" in move(both, "approve").get_data(as_text=True)
    assert item().current.status is Status.IN_REVIEW


def test_sending_back_needs_a_reason_and_the_author_reads_it(editor, reviewer):
    load(editor)
    move(editor, "submit")
    assert "Hãy ghi lý do" in move(reviewer, "send-back").get_data(as_text=True)
    assert item().current.status is Status.IN_REVIEW
    move(reviewer, "send-back", reason="Hai phương án cùng đúng")
    assert "Hai phương án cùng đúng" in editor.get(f"/bank/items/{item().id}").get_data(as_text=True)


def test_a_second_press_of_approve_is_told_that_it_was_done(editor, reviewer):
    load(editor)
    move(editor, "submit")
    move(reviewer, "approve")
    assert "đã làm rồi" in move(reviewer, "approve").get_data(as_text=True)


def test_a_reviewer_is_led_to_the_next_question(editor, reviewer):
    load(editor, FILE + FILE[FILE.index("  - code: T-1") :].replace("T-1", "T-2"))
    assert "Đã gửi duyệt 2 câu" in editor.post(
        f"/bank/{db.session.scalars(select(Item)).first().bank_id}/submit", follow_redirects=True
    ).get_data(as_text=True)
    first, second = db.session.scalars(select(Item).order_by(Item.id))
    answer = reviewer.post(f"/bank/items/{first.id}/approve", {"version": first.current_id})
    assert answer.location == f"/bank/items/{second.id}"


def test_a_retired_question_says_why(editor, reviewer):
    load(editor)
    move(reviewer, "retire", reason="Văn bản đã thay")
    page = editor.get(f"/bank/items/{item().id}").get_data(as_text=True)
    assert "Ngừng dùng vì" in page and "Văn bản đã thay" in page
