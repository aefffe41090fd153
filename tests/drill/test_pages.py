"""The drill reads pages as a person does: fields by their labels, what a browser would send, rows as they read."""

import pytest

from drill.forms import Form, MissingOnPage
from drill.pages import Page

HTML = """<!doctype html><html lang="vi"><body>
<form method="post" action="/language"><input type="hidden" name="csrf_token" value="t0">
<button name="language" value="en">English</button></form>
<h1>Tạo vòng thi</h1>
<div class="notice tone-error"><p>Hãy sửa lại.</p></div>
<form method="post" enctype="multipart/form-data">
  <input type="hidden" name="csrf_token" value="t1">
  <label for="name">Tên vòng <span>(không bắt buộc)</span></label>
  <input id="name" name="name" value="Vòng &quot;xã&quot;">
  <label for="note">Ghi chú</label><textarea id="note" name="note">
hai
dòng</textarea>
  <label for="scope">Phạm vi</label><select id="scope" name="scope">
  <option value="1">Toàn vòng</option><option value="2" selected>Từng cụm</option></select>
  <fieldset><legend>Cách chọn</legend>
    <label><input type="radio" name="way" value="draw"><span>Bốc thăm</span></label>
    <label><input type="radio" name="way" value="head" checked><span>Trưởng ban</span></label>
  </fieldset>
  <fieldset><legend>Người đi tiếp</legend>
    <label><input type="checkbox" name="who" value="7" checked><span>An</span></label>
    <label><input type="checkbox" name="who" value="8"><span>Bình</span></label>
  </fieldset>
  <label><input type="checkbox" name="late" value="y"><span>Cho vào muộn</span></label>
  <input name="locked" value="x" disabled>
  <label for="file">Tệp</label><input type="file" id="file" name="file">
  <button name="act" value="save">Lưu</button><button name="act" value="check">Kiểm tra</button>
</form>
<table><thead><tr><th>Hạng</th></tr></thead>
<tbody><tr><td>1</td><th scope="row"><a href="/p/3">Lò Văn  An</a></th></tr></tbody></table>
</body></html>"""


@pytest.fixture
def page() -> Page:
    return Page("/rounds/new", 200, {}, HTML.encode())


@pytest.fixture
def form(page: Page) -> Form:
    return page.form("Tên vòng")


def test_a_form_left_alone_sends_what_it_shows(form: Form) -> None:
    assert form.data("Lưu") == [
        ("csrf_token", "t1"), ("name", 'Vòng "xã"'), ("note", "hai\ndòng"), ("scope", "2"), ("way", "head"),
        ("who", "7"), ("act", "save"),
    ]  # fmt: skip


def test_fields_are_filled_in_by_label_or_name(form: Form) -> None:
    form.fill("Tên vòng", "Vòng huyện")
    form.fill("note", "")
    form.fill("Phạm vi", "Toàn vòng")
    form.fill("Cách chọn", "Bốc thăm")
    form.fill("Người đi tiếp", ["Bình"])
    form.fill("Cho vào muộn", True)
    assert form.data("Kiểm tra") == [
        ("csrf_token", "t1"), ("name", "Vòng huyện"), ("note", ""), ("scope", "1"), ("way", "draw"), ("who", "8"),
        ("late", "y"), ("act", "check"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("Tên khác", "x"), ("Phạm vi", "Từng khối"), ("Cách chọn", "Tung xu"), ("locked", "y")],
)
def test_what_is_not_on_the_page_cannot_be_filled_in(form: Form, field: str, value: str) -> None:
    with pytest.raises(MissingOnPage):
        form.fill(field, value)


def test_forms_are_found_by_action_field_or_button(page: Page) -> None:
    assert page.form("/language").data() == [("csrf_token", "t0"), ("language", "en")]
    assert page.form("Kiểm tra").is_multipart
    with pytest.raises(MissingOnPage, match="Hãy sửa lại"):
        page.form("/nowhere")


def test_rows_links_and_messages_are_read(page: Page) -> None:
    assert page.rows() == [["1", "Lò Văn An"]]
    assert page.link("Lò Văn An") == "/p/3"
    assert page.said() == "200 /rounds/new: Tạo vòng thi | Hãy sửa lại."
