"""Printed papers: what the data says stands on the page, the same bytes each time, and data never becomes markup."""

import json
import re
import unicodedata
import zlib
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from quiz.files import pdf
from tests.files import archival

AT = 1_675_558_800_000
ONE = {
    "name": "Lò Văn Thử",
    "unit": "chi bộ Bản Nà Sản, xã Cò Nòi",
    "rounds": "Vòng sơ khảo: 08:00–17:00 ngày 05/02/2023",
    "code": "4K7P-22MN",
    "pin": "123 456",
}


def slips(*cards):
    return {
        "lang": "vi",
        "title": "Phiếu dự thi",
        "contest": "Hội thi Bí thư chi bộ giỏi",
        "words": {"code": "Mã dự thi", "pin": "Mã PIN", "scan": "Quét để vào thi", "steps": ["Quét.", "Gõ.", "Giữ."]},
        "cards": [ONE | {"qr": pdf.qr(f"http://localhost/c/{number}")} | card for number, card in enumerate(cards)],
    }  # fmt: skip


def pages(file):
    """Return the words of each page, without what only helps long words to break."""
    texts = (page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    return [" ".join(unicodedata.normalize("NFC", text).replace("\u200b", "").split()) for text in texts]


def test_every_value_of_a_slip_is_on_the_page():
    (page,) = pages(pdf.render("cards", slips({}), AT))
    values = ONE | {"unit": "Chi bộ Bản Nà Sản, xã Cò Nòi"}  # it begins a line
    for value in (*values.values(), "Hội thi Bí thư chi bộ giỏi", "Mã PIN", "1. Quét.", "3. Giữ."):
        assert value in page


@pytest.mark.parametrize(
    ("count", "sheets"), [(1, 1), (8, 1), (9, 2), pytest.param(200, 25, marks=pytest.mark.long)]
)
def test_eight_slips_stand_on_a_sheet(count, sheets):
    found = pages(pdf.render("cards", slips(*({"name": f"Số {n} hết"} for n in range(count))), AT))
    assert len(found) == sheets
    assert [f"Số {n} hết" in found[n // 8] for n in range(count)] == [True] * count


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Hoàng Phương Quỳnh Trâm Thị Khánh Huyền Tường Vi Đặng Thục Đoan",
        unicodedata.normalize("NFD", "Nguyễn Thị Phượng Hoàng"),
        "Ạ" * 60,
        "#panic() $x^2$ *đậm* \\ <a> @b // [c]",
    ],
    ids=["long", "decomposed", "one word", "markup"],
)
def test_a_name_is_printed_as_it_is(name):
    (page,) = pages(pdf.render("cards", slips({"name": name}), AT))
    wanted = unicodedata.normalize("NFC", name).replace(" ", "")
    assert wanted in page.replace(" ", "")


@pytest.mark.parametrize("code", ["4K7P-22MN", "WWWW-WWWW", "1111-1111"])
def test_a_code_stays_on_one_line(code):
    text = PdfReader(BytesIO(pdf.render("cards", slips({"code": code}), AT))).pages[0].extract_text()
    assert code in [line.strip() for line in text.splitlines()]


def test_the_same_content_gives_the_same_bytes_and_another_instant_others():
    first, again = (pdf.render("cards", slips({}, {}), AT) for _ in range(2))
    assert first == again != pdf.render("cards", slips({}, {}), AT + 60_000)


def test_a_pdf_says_that_it_is_fit_for_the_archive_and_brings_its_fonts():
    reader = PdfReader(BytesIO(pdf.render("cards", slips({}), AT)))
    assert b"<pdfaid:part>2</pdfaid:part>" in reader.xmp_metadata.stream.get_data()
    assert reader.metadata.title == "Phiếu dự thi"
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts and all("Tinos" in font["/BaseFont"] for font in fonts)


def without_fonts(writer):
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        (letters,) = font.get_object()["/DescendantFonts"]
        described = letters.get_object()["/FontDescriptor"].get_object()
        for name in {"/FontFile2", "/FontFile3"} & set(described):
            del described[name]


SCRIPT = DictionaryObject(
    {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
)
BROKEN = {
    "6.2.11.4 the font": without_fonts,
    "6.2.3 no colour": lambda writer: writer.root_object.pop("/OutputIntents"),
    "6.5.1 something that": lambda writer: writer.root_object.update({NameObject("/OpenAction"): SCRIPT}),
    "6.6.4 does not say": lambda writer: writer.root_object.pop("/Metadata"),
    "6.8 a file within": lambda writer: writer.add_attachment("a.txt", b"a"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_not_fit_for_the_archive_is_found(fault):
    writer, broken = PdfWriter(clone_from=BytesIO(pdf.render("cards", slips({}), AT))), BytesIO()
    BROKEN[fault](writer)
    writer.write(broken)
    assert any(line.startswith(fault) for line in archival.faults(broken.getvalue()))


@pytest.mark.parametrize("template", ["cards", "papers"])
def test_what_is_printed_for_a_round_is_fit_for_the_archive(template):
    content = {"cards": lambda: slips({}, {}), "papers": lambda: exam(3, 30)}[template]()
    assert archival.faults(pdf.render(template, content, AT)) == []


def test_a_template_reads_nothing_outside_its_folder(tmp_path, monkeypatch):
    (tmp_path / "secret.txt").write_text("geheim")
    (tmp_path / "typst").mkdir()
    (tmp_path / "typst" / "thief.typ").write_text('#read("../secret.txt")')
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path / "typst")
    with pytest.raises(typst.TypstError, match="escape the project root"):
        pdf.render("thief", {}, AT)


def exam(*counts):
    """Return the content of papers with so many questions each."""
    words = {
        "code": "Mã bài", "page": "Trang", "question": "Câu", "several": "(chọn nhiều)", "sheet": "Phiếu trả lời",
        "part-questions": "Đề thi", "part-answers": "Trả lời", "minutes": "Số phút:", "sign": "(ký)",
        "signatures": ["Thí sinh", "Giám thị 1", "Giám thị 2"], "rules": ["Một.", "Hai."], "marking": ["Ba.", "Bốn."],
    }  # fmt: skip
    item = {"several": False, "stem": "Chi bộ họp mấy tháng một lần?", "options": ["Một", "Hai", "Ba", "Bốn"]}
    return {
        "lang": "vi", "title": "Đề thi", "contest": "Hội thi", "round": "Vòng một", "words": words,
        "papers": [
            {"name": f"Người {n}", "unit": "Chi bộ", "code": f"AAAAA-0000{n}", "qr": pdf.qr(str(n)),
             "items": [item | {"several": place % 3 == 2} for place in range(count)]}
            for n, count in enumerate(counts)
        ],
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 15, 30, 41, 60])
def test_each_part_of_a_paper_counts_its_own_pages_and_begins_on_a_new_leaf(count):
    found = pages(pdf.render("papers", exam(count, count), AT))
    for number in (0, 1):
        own = [(place, page) for place, page in enumerate(found) if f"Người {number}" in page]
        assert all(f"AAAAA-0000{number}" in page for _, page in own)
        (sheet, answers), questions = own[-1], own[:-1]
        assert sheet % 2 == questions[0][0] % 2 == 0
        assert answers.endswith("Trang 1/1") and "Giám thị 2" in answers and "Trả lời" in answers
        ends = [page.rsplit("Trang ", 1)[1] for _, page in questions]
        assert ends == [f"{place}/{len(questions)}" for place in range(1, len(questions) + 1)]
        words = " ".join(page for _, page in questions)
        assert [f"Câu {place}." in words for place in range(1, count + 1)] == [True] * count
        assert len(re.findall(r"\b\d+ A B C D\b", answers)) == count


def test_a_question_with_several_answers_says_so_in_the_words_it_is_given():
    (questions, *_) = pages(pdf.render("papers", exam(3), AT))
    assert "lần? (chọn nhiều) A." in questions and "((" not in questions


def test_papers_too_are_the_same_bytes_each_time():
    assert pdf.render("papers", exam(5), AT) == pdf.render("papers", exam(5), AT)


def test_text_of_a_question_is_printed_as_it_is():
    content = exam(1)
    content["papers"][0]["items"][0]["stem"] = "#panic() $x$ *đậm* _nghiêng_ `mã` <nhãn> @ai // hết"
    assert (
        "#panic() $x$ *đậm* _nghiêng_ `mã` <nhãn> @ai // hết" in pages(pdf.render("papers", content, AT))[0]
    )


@pytest.mark.parametrize("name", ["Ẩn Ổn", "LÒ ÁNH", "Ế Ỗ"])
def test_the_marks_of_capitals_are_not_cut_off(name, tmp_path):
    bare = "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))
    (tmp_path / "whole.typ").write_text(
        '#set page(width: 90mm, height: 20mm)\n#text(font: "Tinos", size: 17pt, strong(sys.inputs.content))'
    )
    whole, none = (ink(tmp_path / "whole.typ", text) for text in (name, bare))
    card, bare_card = (
        ink(pdf.TEMPLATES / "cards.typ", json.dumps(slips({"name": text}))) for text in (name, bare)
    )
    assert card - bare_card == pytest.approx(whole - none, rel=0.1)


def ink(template, content):
    """Return how dark the top of a sheet is altogether: 1 for each black point."""
    drawn = typst.compile(
        template, root=template.parent, font_paths=pdf._fonts(), ignore_system_fonts=True,
        sys_inputs={"content": content}, format="png", ppi=90,
    )  # fmt: skip
    return sum(255 - point for point in points(drawn)) / 255


def points(png):
    """Yield the red of the points of a PNG with four bytes a point, of its first lines."""
    width = int.from_bytes(png[16:20], "big") * 4
    data = b"".join(chunk for kind, chunk in chunks(png) if kind == b"IDAT")
    lines, above = zlib.decompress(data), bytearray(width)
    for start in range(
        0, min(len(lines), 250 * (width + 1)), width + 1
    ):  # the first slip; a sheet takes long
        line = bytearray(lines[start + 1 : start + 1 + width])
        unfilter(lines[start], line, above)
        yield from line[::4]
        above = line


def chunks(png):
    """Yield the kind and content of each chunk."""
    place = 8
    while place < len(png):
        size = int.from_bytes(png[place : place + 4], "big")
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        place += size + 12


def unfilter(kind, line, above):
    """Undo what a line of a PNG says about its neighbours, in place."""
    for place, value in enumerate(line):
        left, corner = (line[place - 4], above[place - 4]) if place >= 4 else (0, 0)
        up = above[place]
        nearest = min((left, up, corner), key=lambda near: abs(left + up - corner - near))
        line[place] = (value + (0, left, up, (left + up) // 2, nearest)[kind]) & 255
