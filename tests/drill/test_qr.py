"""The drill reads the QR codes that cards carry."""

import re

import pytest
import segno

from drill import qr


@pytest.mark.parametrize("level", ["l", "m", "q", "h"])
@pytest.mark.parametrize("length", [1, 12, 32])
@pytest.mark.parametrize("mask", range(8))
def test_a_drawn_code_is_read(level: str, length: int, mask: int) -> None:
    link = "http://10.0.0.1:8/c/" + "aB3_-xYz"[:length].ljust(length, "q")
    code = segno.make(link, error=level, micro=False, mask=mask, boost_error=False)
    drawing = code.svg_inline(border=2, omitsize=True, light="#fff")
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', drawing)
    assert path is not None
    assert qr.read_drawing(path[1]) == link


def test_a_code_too_large_is_refused() -> None:
    code = segno.make("x" * 300, micro=False, mode="byte")
    with pytest.raises(ValueError, match="not known"):
        qr.read([[bool(module) for module in row] for row in code.matrix])
