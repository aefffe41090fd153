"""Pictures in sixteen greys show what was drawn, whichever way a row was written."""

import struct
import zlib

import pytest

from quiz.files import pdf, pictures

WIDTH = 7
GREYS = [[(x * 37 + y * 91 + x * y) % 256 for x in range(WIDTH)] for y in range(6)]
RECEIPT = {
    "lang": "vi",
    "title": "Biên nhận nộp bài",
    "contest": "Hội thi Bí thư chi bộ giỏi huyện Mai Sơn",
    "rows": [
        ["Thí sinh", "Nguyễn Hồng Khánh"],
        ["Đơn vị", "chi bộ Bản Nà Sản, xã Cò Nòi"],
        ["Vòng thi", "Cấp cơ sở"],
        ["Nộp lúc", "07:20:31"],
    ],
    "code": {"label": "Mã biên nhận", "value": "4K7PW-22MN8"},
    "note": "Khi cần hỏi về bài thi, xin đọc mã này cho Ban Tổ chức.",
}


def predicted(way: int, left: int, up: int, corner: int) -> int:
    """Return what a row written in this way leaves out of a byte, by the definition of PNG, part 9.2."""
    nearest = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
    return (0, left, up, (left + up) // 2, nearest)[way]


def written(rows: list[list[int]], ways: list[int], kind: tuple[int, int] = (8, 6)) -> bytes:
    """Return grey rows as a PNG of red, green, blue and opacity, each row written in its way."""
    full = [[channel for grey in row for channel in (grey, grey, grey, 255)] for row in rows]
    data = b""
    for y, way in enumerate(ways):
        data += bytes([way])
        for x, value in enumerate(full[y]):
            left = full[y][x - 4] if x >= 4 else 0
            up = full[y - 1][x] if y else 0
            corner = full[y - 1][x - 4] if y and x >= 4 else 0
            data += bytes([(value - predicted(way, left, up, corner)) % 256])
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), *kind, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return pictures.SIGN + b"".join(pictures._chunk(name, body) for name, body in parts)


def shown(png: bytes) -> list[list[int]]:
    """Return the greys (0 to 15) of a picture in sixteen greys whose rows are written plainly."""
    chunks = dict(pictures._chunks(png))
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    data, length = zlib.decompress(chunks[b"IDAT"]), 1 + (width + 1) // 2
    rows = [data[y * length + 1 : (y + 1) * length] for y in range(height)]
    return [[half for byte in row for half in (byte >> 4, byte & 15)][:width] for row in rows]


@pytest.mark.parametrize("way", range(5))
def test_a_row_written_in_any_way_shows_the_same(way):
    png = pictures.in_greys(written(GREYS, [way] * len(GREYS)))
    assert shown(png) == [[grey >> 4 for grey in row] for row in GREYS]


def test_rows_of_different_ways_and_an_even_width_do_so_too():
    rows = [row[:6] for row in GREYS]
    png = pictures.in_greys(written(rows, [4, 0, 3, 1, 2, 4]))
    assert shown(png) == [[grey >> 4 for grey in row] for row in rows]


@pytest.mark.parametrize("kind", [(8, 2), (16, 6), (8, 3)])
def test_other_pictures_are_refused(kind):
    with pytest.raises(ValueError, match="8-bit RGBA"):
        pictures.in_greys(written(GREYS, [0] * len(GREYS), kind))


def test_a_receipt_is_small_and_legible_on_a_phone():
    png = pictures.in_greys(pdf.picture("receipt", RECEIPT))
    width, height = struct.unpack(">II", dict(pictures._chunks(png))[b"IHDR"][:8])
    assert len(png) < 30_000
    assert 480 <= width <= 720 and width * 0.9 < height < 2 * width
    assert {0, 15} <= {grey for row in shown(png) for grey in row}


def test_words_of_a_receipt_are_never_read_as_markup():
    plain = RECEIPT | {"contest": '#panic("!") $x$ <label> *b* \\'}
    assert pdf.picture("receipt", plain).startswith(pictures.SIGN)
