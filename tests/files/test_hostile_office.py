"""Word and Excel files of questions that are broken, wrong or meant to harm: answered in sentences and in time.

Beside the refusals stand odd files that are to be read, so that a reader that refuses everything fails.
"""

import json
import random
import subprocess
import sys
import time
import zipfile
from functools import cache
from pathlib import Path

import pytest

from quiz.core.errors import Problem
from quiz.core.questions import Notice, QuestionDraft
from quiz.files.question_workbook import read_question_workbook
from quiz.files.word_package import LIMITS
from quiz.files.word_reading import read_word
from quiz.files.zip_check import check_zip
from tests import pace
from tests.files import hostile, hostile_office
from tests.files.damage import damaged
from tests.files.hostile import MILLION, PLAIN, cell, links, packed, row
from tests.files.hostile_office import (
    GOOD,
    GOOD_ROW,
    HEADINGS,
    OPTIONS,
    SOUND,
    W,
    body,
    document_part,
    excel,
    excel_cell,
    excel_stored,
    lines,
    listed,
    long_line,
    noise,
    numbered,
    one_list,
    paragraph,
    questions,
    run,
    stored,
    styled,
    table,
    tc,
    word,
    word_parts,
)

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 10, 300
WORD_DAMAGE, EXCEL_DAMAGE = "Không đọc được tệp: mở bằng Word", "Không đọc được tệp: mở bằng Excel"


@cache
def built(build):
    return build()


MANY_ATTRIBUTES = " ".join(f'a{n}=""' for n in range(100_000))
VNI = "<w:rFonts w:ascii='VNI-Times'/>"
NOT_BOLD, STRONG = '<w:b w:val="0"/>', '<w:rStyle w:val="k"/>'


def damaged_zip(data):
    """Return a document with one byte of its packed text changed."""
    data = bytearray(data)
    data[data.index(b"word/document.xml") + 60] ^= 0xFF
    return bytes(data)


def with_entry(name, content=b"x"):
    return packed(word_parts() | {name: content})


def linked():
    entry = zipfile.ZipInfo("word/link.xml")
    entry.external_attr = 0o120777 << 16
    return packed(word_parts() | {entry: b"/etc/passwd"})


WORD_FILES = {
    "an empty file": (lambda: b"", "Tệp rỗng"),
    "plain text": (lambda: "\n".join(GOOD).encode(), "không phải tệp .docx: "),
    "a web page under another name": (lambda: b"<html><p>C\xc3\xa2u 1.</p></html>", "không phải tệp"),
    "an old .doc under a new name": (hostile.old_office, "chọn Lưu thành .docx rồi tải lên"),
    "a document with a password": (lambda: hostile.old_office("EncryptedPackage"), "có mật khẩu"),
    "half a file": (lambda: word()[:500], "bị hỏng"),
    "a byte changed inside": (lambda: damaged_zip(word()), "bị hỏng"),
    "a zip bomb": (lambda: document_part(body("<w:p/>" * 15_000_000)), "quá lớn"),
    "a bomb in a picture": (lambda: with_entry("word/media/a.png", bytes(70_000_000)), "quá lớn"),
    "ten thousand entries": (lambda: packed(word_parts() | {str(n): b"" for n in range(10_000)}), "quá lớn"),
    "a name that climbs out": (lambda: with_entry("word/../../etc/cron.d/x"), "không thể có"),
    "a link": (linked, "không thể có"),
    "a packing Word never uses": (lambda: packed(word_parts(), zipfile.ZIP_BZIP2), "không thể có"),
    "entities that grow": (lambda: document_part(hostile.BOMB), "“word/document.xml”"),
    "entities in the styles": (lambda: word(more={"word/styles.xml": hostile.BOMB}), "“word/styles.xml”"),
    "an entity from outside": (lambda: document_part(hostile.OUTSIDE), "không thể có"),
    "a DTD from outside": (
        lambda: document_part('<!DOCTYPE z SYSTEM "http://127.0.0.1:9/x"><z/>'),
        "không thể có",
    ),
    "an entity in UTF-16": (lambda: document_part(hostile.BOMB[21:].encode("utf-16")), "không thể có"),
    "XML that stops": (lambda: document_part(body(SOUND)[:-30]), WORD_DAMAGE),
    "XML with a control character": (lambda: word(paragraph("Câu\x08 1.")), WORD_DAMAGE),
    "bytes that are no UTF-8": (lambda: document_part(body(SOUND).encode("cp1258", "replace")), WORD_DAMAGE),
    "elements ten thousand deep": (lambda: stored("<w:ins>" * 10_000 + "</w:ins>" * 10_000), WORD_DAMAGE),
    "a million tags": (lambda: stored("<w:p/>" * MILLION), "quá lớn"),
    "a tag with a hundred thousand attributes": (
        lambda: document_part(body(f"<w:p {MANY_ATTRIBUTES}/>")),
        "quá lớn",
    ),
    "a prefix that stands for nothing": (
        lambda: document_part("<w:document><w:body/></w:document>"),
        WORD_DAMAGE,
    ),
    "a workbook under another name": (lambda: excel(), "không phải văn bản Word"),
    "a LibreOffice text (.odt)": (
        lambda: packed({"mimetype": "x", "content.xml": "<a/>"}),
        "không phải văn bản Word",
    ),
    "a zip of zips": (lambda: packed({"a.zip": packed({"b": "x"})}), "không phải văn bản Word"),
    "no document": (
        lambda: packed({"_rels/.rels": links(("d", "officeDocument", "x.xml"))}),
        "không phải văn bản Word",
    ),
    "a document without body": (
        lambda: document_part(f"{PLAIN}<w:document {W}/>"),
        "không phải văn bản Word",
    ),
    "a document that is its own relation": (
        lambda: word(more={"_rels/.rels": links(("d", "officeDocument", "_rels/.rels"))}),
        "không phải văn bản Word",
    ),
    "macros": (lambda: with_entry("word/vbaProject.bin", b"Sub AutoOpen"), "có macro"),
    "nothing but a heading": (lambda: word(paragraph("KẾ HOẠCH")), "Không thấy câu hỏi nào"),
    "an empty document": (lambda: word(""), "Không thấy câu hỏi nào"),
    "tables a hundred deep": (lambda: hostile_office.tables_inside_each_other(60), "bảng lồng nhau"),
    "a row of a thousand cells": (lambda: word(table(tc(paragraph("x")) * 1_000)), "quá nhiều chữ hoặc bảng"),
    "a hundred thousand paragraphs": (lambda: stored(paragraph("x") * 100_001), "quá nhiều chữ hoặc bảng"),
    "nine million letters": (lambda: stored(lines(*[noise(100_000)] * 90)), "quá nhiều chữ hoặc bảng"),
    "more questions than a file may have": (
        lambda: stored(lines(*[f"Câu {n}. x" for n in range(5_002)])),
        "quá nhiều câu",
    ),
    "another file embedded": (lambda: word('<w:altChunk w:id="x"/>'), "Không thấy câu hỏi nào"),
    "TCVN3 without its font": (lambda: word(lines("C©u 1. §¶ng viªn chÝnh thøc lµ g×?", *OPTIONS)), "TCVN3"),
    "VNI in its font": (lambda: word(f"<w:p>{run('Caâu 1. Ñaûng', VNI)}</w:p>"), "TCVN3 hoặc VNI"),
    "options without end on one line": (
        lambda: word(lines("Câu 1. Đâu?", " ".join(f"{letter}. x" for letter in "ABCDEFG" * 900))),
        "Không tách được",
    ),
    "one option letter a thousand times": (
        lambda: word(lines("Câu 1. Đâu?", "A. " + "B. C. " * 1_000)),
        "Không tách được",
    ),
    "a question of ten thousand paragraphs": (
        lambda: stored(lines("Câu 1. Đâu?", *OPTIONS, *["thêm một đoạn nữa"] * 10_000)),
        "Không rõ đoạn",
    ),
    "a line of answers without question": (
        lambda: word(SOUND + lines("1-B, 2-C, 9999-D")),
        "không có câu này",
    ),
    "options lettered by a list that never restarts": (
        lambda: numbered(
            one_list("upperLetter"),
            lines("Câu 1. Đâu?") + listed("x") * 3 + lines("Câu 2. Kia?") + listed("y") * 3,
        ),
        "Không",
    ),
}


def marked_by(look):
    return lambda: word(lines(*GOOD[:2]) + f"<w:p>{run('B. hai', look)}</w:p>" + lines("C. ba"))


ODD_WORD = {
    "the small document all others are made from": word,
    "parts that are not packed": lambda: stored(SOUND),
    "the strict edition of the format": lambda: packed(
        {n: str(text).replace(hostile_office.WORD, hostile_office.STRICT) for n, text in word_parts().items()}
    ),
    "no styles and no lists": lambda: word(more={"word/_rels/document.xml.rels": links()}),
    "styles that are not there": lambda: word(
        more={
            "word/_rels/document.xml.rels": links(("s", "styles", "gone.xml"), ("n", "numbering", "../../x"))
        }
    ),
    "styles in a circle": hostile_office.circle_of_styles,
    "lists in a circle": lambda: numbered(
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="x"/><w:styleLink w:val="x"/></w:abstractNum>',
        SOUND,
    ),
    "decomposed letters": lambda: word(lines("Ca\u0302u 1. Đa\u0302u?", *GOOD[1:])),
    "zero-width characters": lambda: word(lines("C\u200bâu\ufeff 1. Đâ\u00adu?", *GOOD[1:])),
    "a hundred content controls": lambda: hostile_office.wrapped(100),
    "a program in a field": hostile_office.program_in_a_field,
    "a span of a thousand million columns": lambda: word(
        SOUND + table(tc(paragraph("*****"), '<w:gridSpan w:val="999999999"/>'))
    ),
    "a run per letter": lambda: word(f"<w:p>{''.join(map(run, GOOD[0]))}</w:p>" + lines(*GOOD[1:])),
    "deleted text": lambda: word(
        f"<w:p>{run(GOOD[0])}<w:del><w:r><w:delText>A. x</w:delText></w:r></w:del></w:p>" + lines(*GOOD[1:])
    ),
    "a deleted row": lambda: word(SOUND + table(f"<w:trPr><w:del/></w:trPr>{tc(lines('Câu 2. Đã xóa?'))}")),
    "a deleted end of paragraph": lambda: word(
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Câu 1. ')}</w:p>" + lines("Đâu?", *GOOD[1:])
    ),
    "the same twice for old programs": lambda: word(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{paragraph(GOOD[0])}</mc:Choice><mc:Fallback>{paragraph(GOOD[0])}</mc:Fallback>"
        "</mc:AlternateContent>" + lines(*GOOD[1:])
    ),
    "a link that is a script": lambda: word(
        f'<w:p>{run("Câu 1. ")}<w:hyperlink r:id="x" xmlns:r="r">{run("Đâu?")}</w:hyperlink></w:p>'
        + lines(*GOOD[1:]),
        {"word/_rels/document.xml.rels": links(("x", "hyperlink", "javascript:alert(1)"))},
    ),
    "a comment and a bookmark": lambda: word(
        f'<w:p><w:bookmarkStart w:id="1" w:name="_GoBack"/>{run(GOOD[0])}<!-- x --><?y z?>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>' + lines(*GOOD[1:])
    ),
    "a marked highlight of no colour": marked_by('<w:highlight w:val="none"/><w:u w:val="single"/>'),
    "a mark of unknown colour": marked_by('<w:color w:val="zzz"/><w:b w:val="true"/>'),
    "a mark by shading": marked_by('<w:shd w:val="clear" w:fill="FFFF00"/>'),
    "a mark switched off again": lambda: word(
        lines(*GOOD[:2]) + f"<w:p>{run('B. hai', '<w:b/>')}</w:p><w:p>{run('C. ba', NOT_BOLD)}</w:p>"
    ),
    "bold by a paragraph style": lambda: styled(
        '<w:style w:type="paragraph" w:styleId="k"><w:name w:val="key"/><w:rPr><w:b/></w:rPr></w:style>',
        lines(*GOOD[:2]) + paragraph("B. hai", '<w:pStyle w:val="k"/>') + lines("C. ba"),
    ),
    "bold by a run style": lambda: styled(
        '<w:style w:type="character" w:styleId="k"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>',
        lines(*GOOD[:2]) + f"<w:p>{run('B. hai', STRONG)}</w:p>" + lines("C. ba"),
    ),
    "a list that starts at a thousand million": lambda: numbered(
        one_list("decimal", 999_999_999, "Câu %1."), lines(*GOOD[:-1], GOOD[-1])
    ),
    "a table of contents": lambda: styled(
        '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="toc 1"/></w:style>',
        paragraph("Câu 1. Đâu? ..... 3", '<w:pStyle w:val="t"/>') + SOUND,
    ),
}
NOTED = {
    "a text box": (hostile_office.text_box, "khung chữ"),
    "a picture of fifty thousand by fifty thousand": (hostile_office.picture, "hình ảnh"),
    "a formula": (
        lambda: word(
            f'<w:p>{run(GOOD[0])}<m:oMath xmlns:m="m"><m:t>x</m:t></m:oMath></w:p>' + lines(*GOOD[1:])
        ),
        "công thức",
    ),
    "a footnote": (
        lambda: word(
            f'<w:p>{run(GOOD[0])}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + lines(*GOOD[1:])
        ),
        "chú thích",
    ),
    "hidden text": (
        lambda: word(f"<w:p>{run(GOOD[0])}{run(' Đáp án A', '<w:vanish/>')}</w:p>" + lines(*GOOD[1:])),
        "chữ ẩn",
    ),
    "a sign of Wingdings": (
        lambda: word(
            f'<w:p>{run(GOOD[0])}<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r></w:p>'
            + lines(*GOOD[1:])
        ),
        "Wingdings",
    ),
    "another file embedded": (lambda: word(SOUND + '<w:altChunk w:id="x"/>'), "nhúng"),
}

EXCEL_FILES = {
    "a document under another name": (word, "không phải bảng tính Excel"),
    "entities that grow": (
        lambda: excel(more={"xl/worksheets/sheet1.xml": hostile.BOMB}),
        "“xl/worksheets/sheet1.xml”",
    ),
    "an entity from outside": (lambda: excel(more={"xl/workbook.xml": hostile.OUTSIDE}), "không thể có"),
    "macros": (lambda: excel(more={"xl/vbaProject.bin": b"Sub"}), "có macro"),
    "a million merged areas": (lambda: excel(after='<mergeCell ref="A2:A3"/>' * MILLION), "quá lớn"),
    "a merged area over everything": (
        lambda: excel(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "đang gộp",
    ),
    "twenty thousand rows and one": (
        lambda: excel_stored("".join(f'<row r="{n}">{cell("x", f"I{n}")}</row>' for n in range(2, 20_004))),
        "hơn 20000 dòng",
    ),
    "more text than any bank": (
        lambda: excel("".join(row([noise(4_000)] * 10, n) for n in range(2, 600))),
        "quá",
    ),
    "a formula": (lambda: excel_cell("J", "<f>A1</f><v>7</v>"), "Ô chứa công thức"),
    "a formula that starts a program": (
        lambda: excel_cell("J", "<f>cmd|' /C calc'!A0</f>"),
        "Ô chứa công thức",
    ),
    "an array formula": (
        lambda: excel_cell("P", '<f t="array" ref="P3:P9">A1</f><v>B</v>'),
        "Ô chứa công thức",
    ),
    "an error": (lambda: excel_cell("J", "<v>#REF!</v>", "e"), "Ô báo lỗi"),
    "an infinite number": (lambda: excel_cell("J", "<v>1e999</v>"), "Ô báo lỗi"),
    "a number of ten thousand digits": (lambda: excel_cell("J", f"<v>{'9' * 10_000}</v>"), "Ô báo lỗi"),
    "a shared string that is not there": (lambda: excel_cell("J", "<v>7</v>", "s"), EXCEL_DAMAGE),
    "the sheet twice": (
        lambda: excel(more={"xl/workbook.xml": hostile.book('<sheet name="Câu hỏi" r:id="s1"/>' * 3)}),
        "Có 3 bảng tên",
    ),
    "no sheet of questions": (
        lambda: excel(more={"xl/workbook.xml": hostile.book(titles=["x"])}),
        "Thiếu bảng",
    ),
    "no headings": (
        lambda: excel(more={"xl/worksheets/sheet1.xml": hostile.sheet(row(GOOD_ROW))}),
        "Thiếu cột này",
    ),
    "a heading twice": (
        lambda: excel(
            more={"xl/worksheets/sheet1.xml": hostile.sheet(row([*HEADINGS, "A"]) + row(GOOD_ROW, 2))}
        ),
        "hai cột cùng tên",
    ),
    "headings and nothing else": (
        lambda: excel(more={"xl/worksheets/sheet1.xml": hostile.sheet(row(HEADINGS))}),
        "chưa có dòng nào",
    ),
    "half a row": (lambda: excel(row(GOOD_ROW[:9], 2)), "Chưa có đáp án"),
    "a key of a million letters": (
        lambda: excel(row([*GOOD_ROW[:15], "A, " * 10_000], 2)),
        "không phải đáp án",
    ),
    "letters of an old font": (
        lambda: excel(row([*GOOD_ROW[:8], "NguyÔn V¨n", *GOOD_ROW[9:]], 2)),
        "phông chữ cũ",
    ),
}
ODD_EXCEL = {
    "the small workbook all others are made from": excel,
    "a cell in the last corner": lambda: excel(
        row(GOOD_ROW, 2) + f'<row r="{MILLION}">{hostile.cell("x", f"XFD{MILLION}")}</row>'
    ),
    "a million empty rows": lambda: excel(
        row(GOOD_ROW, 2) + "".join(f'<row r="{n}"/>' for n in range(3, 900_000))
    ),
    "decomposed letters": lambda: excel(row([*GOOD_ROW[:8], "Đa\u0302u?", *GOOD_ROW[9:]], 2)),
    "a title above the headings": lambda: excel(
        more={"xl/worksheets/sheet1.xml": hostile.sheet(row(["NGÂN HÀNG"]) + row(HEADINGS) + row(GOOD_ROW))}
    ),
    "links to other files": lambda: excel(more={"xl/externalLinks/externalLink1.xml": "<a/>"}),
}
REFUSED = [(read_word, *case) for case in WORD_FILES.values()] + [
    (read_question_workbook, *case) for case in EXCEL_FILES.values()
]
REFUSED_NAMES = [f"Word: {name}" for name in WORD_FILES] + [f"Excel: {name}" for name in EXCEL_FILES]
READ = [(read_word, build) for build in ODD_WORD.values()] + [
    (read_question_workbook, build) for build in ODD_EXCEL.values()
]
READ_NAMES = [f"Word: {name}" for name in ODD_WORD] + [f"Excel: {name}" for name in ODD_EXCEL]


def content_of(questions):
    return [(question.stem, question.options, question.key) for question in questions]


@pytest.mark.parametrize(("read", "build", "sentence"), REFUSED, ids=REFUSED_NAMES)
def test_a_file_is_answered_with_a_sentence(read, build, sentence):
    data = built(build)
    began = time.process_time()

    _, problems = read(data)

    assert pace.is_within(time.process_time() - began, SECONDS)
    said = [problem.message % problem.values for problem in problems if not isinstance(problem, Notice)]
    assert any(sentence in text for text in said), said[:5]


@pytest.mark.parametrize(("read", "build"), READ, ids=READ_NAMES)
def test_an_odd_file_that_says_what_the_sound_one_says_is_read(read, build):
    data = built(build)
    began = time.process_time()

    found, problems = read(data)

    assert pace.is_within(time.process_time() - began, SECONDS)
    assert [problem for problem in problems if not isinstance(problem, Notice)] == []
    assert content_of(found) == [("Đâu?", ("một", "hai", "ba"), (1,))]


@pytest.mark.parametrize(("build", "sentence"), NOTED.values(), ids=NOTED.keys())
def test_what_a_question_cannot_carry_is_said_and_not_dropped(build, sentence):
    found, problems = read_word(build())

    assert content_of(found) == [("Đâu?", ("một", "hai", "ba"), (1,))]
    assert any(sentence in problem.message and isinstance(problem, Notice) for problem in problems)


LONG = {
    "a stem of a megabyte": lambda: stored(long_line("Câu 1. ", noise(100_000), 10) + lines(*GOOD[1:])),
    "an option of a megabyte": lambda: stored(
        lines(*GOOD[:2]) + long_line("B. ", noise(100_000), 10) + lines(*GOOD[3:])
    ),
    "white space of a megabyte": lambda: stored(
        long_line("Câu 1.", " " * 100_000, 10, "Đâu?") + lines(*GOOD[1:])
    ),
    "tabs and spaces in turn": lambda: stored(
        lines("Câu 1. Đâu?") + long_line("A. một", " \t" * 50_000, 10, "B. hai") + lines(*GOOD[3:])
    ),
    "a million brackets": lambda: stored(long_line("Câu 1. ", "(" * 100_000, 10) + lines(*GOOD[1:])),
    "a million asterisks": lambda: stored(
        lines(*GOOD[:2]) + long_line("B. hai ", "* " * 50_000, 10) + lines(*GOOD[3:])
    ),
    "marks stacked a million high": lambda: stored(
        long_line("Câu 1. a", "\u0301\u0323" * 30_000, 16) + lines(*GOOD[1:])
    ),
    "answers without end": lambda: stored(SOUND + long_line("1A 2B ", "3C 4D " * 10_000, 10)),
    "letters without end": lambda: stored(
        lines(*GOOD[:1]) + long_line("A. ", "B " * 50_000, 10) + lines(*GOOD[2:])
    ),
    "options without end": lambda: stored(
        lines(*GOOD[:1]) + long_line("A. x ", "B. x C. x D. x " * 6_000, 10) + lines("Đáp án: A")
    ),
    "labels without end": lambda: stored(SOUND + long_line("Mã câu: x", " | Mức độ: hiểu" * 6_000, 10)),
    "a hundred thousand runs": lambda: hostile_office.many_runs(100_000),
    "a list numbered in Roman to a hundred million": lambda: numbered(
        one_list("upperRoman", 99_999_999), listed("x") * 500 + SOUND
    ),
    "a list lettered to a hundred million": lambda: numbered(
        one_list("upperLetter", 99_999_999), listed("x") * 500 + SOUND
    ),
    "a field that never ends": hostile_office.field_that_never_ends,
    "five thousand questions": lambda: stored(questions(5_000)),
    "a table of ten thousand rows": lambda: stored(
        table(*[tc(paragraph("1")) + tc(paragraph("A"))] * 10_000)
    ),
}


@pytest.mark.parametrize("build", LONG.values(), ids=LONG.keys())
def test_what_has_no_end_is_answered_in_time(build):
    data = built(build)
    assert check_zip(data, LIMITS) == []
    began = time.process_time()

    found, problems = read_word(data)

    assert pace.is_within(time.process_time() - began, SECONDS)
    assert found or problems


def is_answered(answer):
    found, problems = answer
    shown = all(str(problem) for problem in problems)
    return (
        shown
        and all(isinstance(one, QuestionDraft) for one in found)
        and all(isinstance(p, Problem) for p in problems)
    )


@pytest.mark.parametrize(("read", "sound"), [(read_word, word), (read_question_workbook, excel)])
def test_a_file_damaged_anywhere_is_answered(read, sound):
    chance = random.Random(1)
    data = sound()

    assert all(is_answered(read(damaged(data, chance))) for _ in range(150))


@pytest.mark.parametrize(
    ("read", "parts"), [(read_word, word_parts), (read_question_workbook, hostile_office.excel_parts)]
)
def test_a_part_damaged_anywhere_is_answered(read, parts):
    chance = random.Random(2)
    sound = parts()

    for name in [name for name in sound if "Content" not in name]:
        content = str(sound[name]).encode()
        assert all(is_answered(read(packed(sound | {name: damaged(content, chance)}))) for _ in range(60))


READER = """
import json, re, sys, time
from quiz.files.question_workbook import read_question_workbook
from quiz.files.word_reading import read_word
slowest = 0
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    began = time.process_time()
    (read_word if name.endswith("docx") else read_question_workbook)(data)
    slowest = max(slowest, time.process_time() - began)
most = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(json.dumps({"seconds": slowest, "megabytes": int(most) / 1024}))
"""
HEAVY_WORD = ["a hundred thousand paragraphs", "nine million letters", "a zip bomb"]
HEAVY_LONG = [
    "five thousand questions",
    "a hundred thousand runs",
    "marks stacked a million high",
    "a million brackets",
]
HEAVY_EXCEL = ["twenty thousand rows and one", "more text than any bank"]


@pytest.mark.timeout(1_800)
def test_the_heaviest_together_stay_within_time_and_memory(tmp_path):
    builds = {f"{name}.docx": WORD_FILES[name][0] for name in HEAVY_WORD}
    builds |= {f"{name}.docx": LONG[name] for name in HEAVY_LONG}
    builds |= {f"{name}.xlsx": EXCEL_FILES[name][0] for name in HEAVY_EXCEL}
    for name, build in builds.items():
        (tmp_path / name).write_bytes(built(build))

    names = [str(path) for path in sorted(tmp_path.iterdir())]
    answer = subprocess.run(
        [sys.executable, "-c", READER, *names], capture_output=True, text=True, check=True, cwd=ROOT
    )

    used = json.loads(answer.stdout)
    assert pace.is_within(used["seconds"], SECONDS)
    assert used["megabytes"] < MEGABYTES


def test_the_cases_are_many():
    assert len(REFUSED) + len(READ) + len(NOTED) + len(LONG) >= 110
