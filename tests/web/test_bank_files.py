"""Question files of every format through the pages: chosen for, looked at line by line, taken in once, handed out."""

import io
import random
import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from quiz.core.items import BankDraft, Kind, Level, Status
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.files import questions as formats
from quiz.files.bank_yaml import read_bank
from quiz.models import AuditEvent, Bank, Item, ItemVersion, Upload
from quiz.settings import ROOT
from quiz.web import bank_exports
from tests.conftest import Browser
from tests.factories import make_account, make_bank, make_document, make_item, make_topic
from tests.files.office_word import HABITS, offered
from tests.files.rough_word import roughened

GIFT = """\
Chi bộ họp thường lệ mấy tháng một lần? {=Một tháng#Điều 24. ~Hai tháng ~Ba tháng}

Ai triệu tập hội nghị chi bộ? {=Chi ủy ~Đảng viên ~Cả a và b}
"""
CHOICES = {
    "bank": "thu", "document": "DLD-2011", "topic": "chi-bo", "level": "apply", "part": "exam", "prefix": "CH",
    "intended_difficulty": "hard",
}  # fmt: skip
READABLE = [name for name, entry in formats.FORMATS.items() if entry.read and name != "yaml"]
WRITABLE = [name for name, entry in formats.FORMATS.items() if entry.write]


@pytest.fixture
def editor(sqlite_app) -> Browser:
    account = make_account((Role.QUESTION_EDITOR, None))
    make_bank("thu"), make_document(), make_topic("chi-bo")
    db.session.commit()
    return Browser(sqlite_app).sign_in(account.username)


def upload(browser: Browser, data: bytes | str, name: str = "thu.gift", **more) -> str:
    """Hand a file in and return where its preview stands."""
    data = data.encode() if isinstance(data, str) else data
    answer = browser.post(
        "/bank/upload", {"file": (io.BytesIO(data), name), **more}, content_type="multipart/form-data"
    )
    answer.request.environ["wsgi.input"].close()  # the test client leaves its temporary file open
    assert answer.location, answer.get_data(as_text=True)
    return answer.location


def choose(browser: Browser, place: str, **changes):
    return browser.post(f"{place}/choices", CHOICES | changes)


def seen(browser: Browser, place: str, **query) -> str:
    answer = browser.get(f"{place}?{urlencode(query)}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def fingerprint(page: str) -> str:
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    return found[1] if found else ""


def confirm(browser: Browser, place: str, **options):
    return browser.post(f"{place}/confirm", {"fingerprint": fingerprint(seen(browser, place))}, **options)


def take_in(browser: Browser, data: bytes | str, name: str = "thu.gift", **changes):
    place = upload(browser, data, name)
    choose(browser, place, **changes)
    return confirm(browser, place)


def versions() -> list[ItemVersion]:
    db.session.rollback()
    return list(db.session.scalars(select(ItemVersion).order_by(ItemVersion.id)))


# --- choosing ------------------------------------------------------------------------------------------------------


def test_a_file_that_does_not_say_where_it_goes_is_asked_about_before_anything_is_shown_as_new(editor):
    place = upload(editor, GIFT)
    page = seen(editor, place)
    assert "Đã đọc được 2 câu" in page and "Nhập vào ngân hàng</button>" not in page
    assert editor.post(f"{place}/confirm", {"fingerprint": "x"}).location == place
    assert versions() == []


def test_what_was_chosen_is_kept_with_the_file_and_taken_for_its_questions(editor):
    place = upload(editor, GIFT)
    assert choose(editor, place).location == place
    page = seen(editor, place)
    assert "Mới (2)" in page and '<option selected value="hard">' in page
    answer = confirm(editor, place, follow_redirects=True).get_data(as_text=True)
    assert "Đã nhập: 2 câu mới" in answer
    first, second = versions()
    assert (first.level, first.intended_difficulty, first.status) == (Level.APPLY, "hard", Status.DRAFT)
    assert (first.topic.code, first.document.code, first.item.bank.code) == ("chi-bo", "DLD-2011", "thu")
    assert first.item.code.startswith("CH-") and second.key == [0]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"bank": ""}, "Hãy chọn ngân hàng hoặc ghi tên"),
        ({"bank": "khong-co"}, "Hãy chọn một mục có trong danh sách"),
        ({"topic": "", "topic_title": "…"}, "Hãy chọn chuyên đề hoặc ghi tên"),
        ({"prefix": "???"}, "Hãy ghi vài chữ cái"),
        ({"level": "easy"}, "Hãy chọn một mục có trong danh sách"),
    ],
)
def test_a_choice_that_leads_nowhere_is_said_beside_its_field(editor, changes, words):
    place = upload(editor, GIFT)
    answer = choose(editor, place, **changes)
    assert answer.status_code == 200 and words in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.scalars(select(Upload)).one().choices == {}


def test_a_file_may_go_into_a_new_bank(editor):
    take_in(editor, GIFT, bank="", bank_title="Đề năm nay", topic="", topic_title="Sinh hoạt")
    assert {version.item.bank.title for version in versions()} == {"Đề năm nay"}
    assert versions()[0].topic.title == "Sinh hoạt"


@pytest.mark.parametrize(
    "name, format_, read",
    [("thu.txt", "", 2), ("thu.bin", "gift", 2), ("thu.json", "gift", 2), ("thu.gift", "json", 0)],
)
def test_the_format_is_told_from_the_file_and_may_be_chosen(editor, name, format_, read):
    page = seen(editor, upload(editor, GIFT, name, format=format_))
    assert ("Đã đọc được 2 câu" in page) == (read == 2)


def test_a_file_of_no_known_format_is_refused_beside_the_field(editor):
    answer = editor.post(
        "/bank/upload", {"file": (io.BytesIO(b"x"), "thu.exe")}, content_type="multipart/form-data"
    )
    assert "Không rõ tệp này thuộc định dạng nào" in answer.get_data(as_text=True)


# --- looking -------------------------------------------------------------------------------------------------------


def test_a_question_without_a_key_is_rejected_with_its_line_and_may_be_left_out(editor):
    place = upload(editor, "Không có đáp án? {~Một ~Hai}\n\n" + GIFT)
    choose(editor, place)
    page = seen(editor, place)
    for words in ("Dòng 1", "Chưa có đáp án", "Bị từ chối (1)", "Mới (2)", "Tệp có chỗ phải sửa"):
        assert words in page
    assert not fingerprint(page) and confirm(editor, place).location == place and versions() == []
    choose(editor, place, skip="y")
    confirm(editor, place)
    assert len(versions()) == 2


def test_a_fault_in_a_bank_file_is_told_with_its_line_and_its_field(editor):
    file = (ROOT / "questions" / "huong-dan-12.yaml").read_text().replace("topic: ", "topic: khong-co-", 1)
    page = seen(editor, upload(editor, file, "thu.yaml"))
    line = file[: file.index("khong-co-")].count("\n") + 1
    assert f"Dòng {line}" in page and "<code>topic</code>: <strong>Chuyên đề khong-co-" in page


def test_what_cannot_be_asked_here_is_said(editor):
    place = upload(editor, "Nêu ý kiến của đồng chí. {}\n\n" + GIFT)
    choose(editor, place)
    page = seen(editor, place, show="noted")
    assert "tự luận (essay)" in page and "Dòng 1" in page and "Chi bộ họp" not in page


def test_an_option_that_names_others_and_a_missing_reason_are_told(editor):
    place = upload(editor, GIFT)
    choose(editor, place)
    page = seen(editor, place, show="cautions")
    assert "Có phương án nhắc đến phương án khác" in page and "Chưa có lời giải thích" in page


def test_a_question_much_like_one_of_the_bank_is_told_with_the_way_to_it(editor):
    take_in(editor, GIFT)
    there = versions()[0].item_id
    place = upload(editor, GIFT.replace("mấy tháng một lần", "mấy tháng một lần là đúng"))
    choose(editor, place)
    page = seen(editor, place)
    assert f'<a href="/bank/items/{there}">' in page and "Gần giống câu" in page


def test_lines_are_filtered_and_paged(editor):
    many = "\n\n".join(
        f"Câu hỏi về việc thứ {number} là gì? {{=Đúng {number} ~Sai}}" for number in range(120)
    )
    place = upload(editor, many + "\n\nHỏng? {~a ~b}")
    choose(editor, place)
    first, last = seen(editor, place), seen(editor, place, page=3)
    assert "việc thứ 49 " in first and "việc thứ 50 " not in first and "121 dòng" in first
    assert "việc thứ 119 " in last and "Hỏng" not in seen(editor, place, show="new", page=3)
    assert "1 dòng" in seen(editor, place, show="rejected", page=99)


# --- all or nothing, once ------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(editor):
    take_in(editor, GIFT)
    place = upload(editor, GIFT)
    choose(editor, place)
    page = seen(editor, place)
    assert "Không đổi (2)" in page and "không đem lại thay đổi nào" in page and not fingerprint(page)


def test_a_second_click_finds_it_done(editor):
    place = upload(editor, GIFT)
    choose(editor, place)
    shown = fingerprint(seen(editor, place))
    for words in ("Đã nhập: 2 câu mới", "Lần bấm thứ hai không làm gì thêm"):
        answer = editor.post(f"{place}/confirm", {"fingerprint": shown}, follow_redirects=True)
        assert words in answer.get_data(as_text=True)
    assert len(versions()) == 2


def test_a_bank_that_changed_since_the_preview_has_to_be_looked_at_again(editor):
    place = upload(editor, GIFT)
    choose(editor, place)
    shown = fingerprint(seen(editor, place))
    take_in(editor, GIFT.split("\n\n")[0])
    back = {"Referer": f"http://localhost{place}"}
    answer = editor.post(f"{place}/confirm", {"fingerprint": shown}, headers=back, follow_redirects=True)
    assert "vừa có thay đổi" in answer.get_data(as_text=True) and len(versions()) == 1
    confirm(editor, place)
    assert len(versions()) == 2


# --- every format, there and back ----------------------------------------------------------------------------------


@pytest.fixture
def filled(editor) -> Browser:
    """The editor of a bank with two questions that every format can carry."""
    options = ("Một", "Hai", "Ba")
    for number in range(2):
        make_item("chi-bo", options=tuple(f"{option} {number}" for option in options), key=(number,))
    db.session.commit()
    return editor


def bank_id() -> int:
    return db.session.scalars(select(Bank.id).where(Bank.code == "bank")).one()


def download(browser: Browser, **data):
    return browser.post(f"/bank/{bank_id()}/export", data)


@pytest.mark.parametrize("name", READABLE)
def test_what_was_handed_out_can_be_taken_in_again(filled, name):
    entry = formats.FORMATS[name]
    data = download(filled, format=name).data
    place = upload(filled, data, f"lai{entry.extensions[0]}", format=name)
    # without codes (Aiken) these are other questions
    choose(filled, place, bank="thu" if name == "aiken" else "bank", level="remember", intended_difficulty="")
    page = seen(filled, place)
    assert ("Mới (2)" if name == "aiken" else "Không đổi (2)") in page


@pytest.mark.parametrize("name", WRITABLE)
def test_a_bank_is_handed_out_in_each_format_and_that_is_recorded(filled, name):
    answer = download(filled, format=name)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert f"bank{formats.FORMATS[name].extensions[0]}" in answer.headers["Content-Disposition"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bank.export")).one()
    assert (event.detail["format"], event.detail["items"]) == (name, 2)


def test_what_a_format_cannot_carry_is_said_before_the_download(filled):
    make_item("chi-bo", kind=Kind.MULTIPLE, key=(0, 1))
    db.session.commit()
    page = filled.get(f"/bank/{bank_id()}/export?format=aiken").get_data(as_text=True)
    assert "Những gì tệp này sẽ không có" in page and "nhiều đáp án" in page


def test_only_what_was_listed_is_handed_out(filled):
    code = db.session.scalars(select(Item.code)).first()
    db.session.execute(db.update(ItemVersion).where(ItemVersion.id == 1).values(level=Level.APPLY))
    db.session.commit()
    page = filled.get(f"/bank/{bank_id()}/export?level=apply").get_data(as_text=True)
    assert "1 câu trong danh sách đã lọc" in page and 'name="level" value="apply"' in page
    draft, _ = read_bank(download(filled, format="yaml", level="apply").data, "")
    assert [item.code for item in draft.items] == [code]


def test_a_list_leads_to_its_download_once_it_is_one_banks(filled):
    answer = filled.get("/bank/export?bank=bank&level=apply")
    assert answer.location == f"/bank/{bank_id()}/export?level=apply"
    page = filled.get("/bank/export?level=apply", follow_redirects=True).get_data(as_text=True)
    assert "Hãy lọc theo một ngân hàng trước" in page
    assert "/bank/export?bank=bank" in filled.get("/bank/items?bank=bank").get_data(as_text=True)


def test_a_word_file_is_no_longer_than_anybody_prints(filled, monkeypatch):
    monkeypatch.setattr(bank_exports, "MOST_PRINTED", 1)
    page = filled.get(f"/bank/{bank_id()}/export?format=docx").get_data(as_text=True)
    assert "chỉ nhận tối đa 1 câu" in page
    assert download(filled, format="docx").status_code in (302, 409)
    assert download(filled, format="gift").status_code == 200


def test_the_workbook_to_fill_in_can_be_fetched_and_holds_no_question(editor):
    answer = editor.get("/bank/template")
    assert answer.status_code == 200 and "mau-cau-hoi.xlsx" in answer.headers["Content-Disposition"]
    assert "chưa có dòng nào" in seen(editor, upload(editor, answer.data, "mau.xlsx"))


# --- Word as offices make it ---------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("habit", list(HABITS)[::5])
def test_a_word_file_of_a_hundred_questions_comes_in_with_no_wrong_key(editor, habit):
    chance = random.Random(habit)
    pool = []
    for path in sorted((ROOT / "questions").glob("*.yaml")):
        draft, _ = read_bank(path.read_bytes(), path.name)
        pool += [item for item in (draft or BankDraft("", "")).items if item.kind is not Kind.ORAL]
    items = chance.sample(pool, 100)
    data = roughened(HABITS[habit](items, chance), chance)
    answer = take_in(editor, data, "de-thi.docx", bank="", bank_title="Đề thi cấp huyện")
    assert answer.location.startswith("/bank/items"), "the file was not taken in"
    expected = {item.stem: replace(offered(item)) for item in items}
    found = versions()
    assert len(found) == 100
    wrong = [
        version.stem
        for version in found
        if [version.options[place] for place in version.key]
        != [expected[version.stem].options[place] for place in expected[version.stem].key]
    ]
    assert wrong == []
