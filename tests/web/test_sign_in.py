"""What the pages to come in by say to whoever mistyped."""

import pytest

from tests.web.test_halls import text


@pytest.mark.parametrize(
    "page, labels", [("/sign-in", ("Tên đăng nhập", "Mật khẩu")), ("/card", ("Mã dự thi", "Mã PIN"))]
)
def test_the_list_above_the_form_names_each_field_left_empty(browser, page, labels):
    said = text(browser.post(page, {}))

    for label in labels:
        assert f"{label}: Chưa điền mục này." in said
