"""Files that are broken, wrong or meant to harm: each is answered with a sentence, in little time and memory.

Beside the refusals stand odd files that are to be read, so that a reader that refuses everything fails.
"""

import json
import random
import subprocess
import sys
import time
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from quiz.core.errors import Problem
from quiz.core.roster_rules import check
from quiz.core.rosters import HEADINGS, PEOPLE, REGISTRATIONS, UNITS, PersonDraft, Roster, UnitDraft
from quiz.files.workbook import read_roster, write_roster
from quiz.files.zip_check import ZipLimits, check_zip
from tests import pace
from tests.files import hostile
from tests.files.damage import damaged
from tests.files.hostile import (
    GOOD_ROW,
    MILLION,
    PLAIN,
    book,
    cell,
    links,
    row,
    units_with,
    with_entries,
    workbook,
)

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 10, 300
GOOD_UNIT = UnitDraft(2, *GOOD_ROW)


def many(tag, count):
    """Return a sound workbook with `count` times `tag` after its rows."""
    return workbook(units_with(row(GOOD_ROW, 2), after=tag * count))


def unpacked(rows, **options):
    """Return a workbook with these rows whose parts are stored as they are, so that no ratio gives it away."""
    return hostile.packed(hostile.parts(units_with(rows, **options)), zipfile.ZIP_STORED)


@cache
def built(build):
    """Return the file that `build` makes; the large ones are looked at twice."""
    return build()


def units_part(content):
    return workbook(more={"xl/worksheets/sheet1.xml": content})


CONTAINERS = {
    "an empty file": (lambda: b"", "Tệp rỗng"),
    "text": (lambda: b"code;name\nA;B\n", "không phải tệp .xlsx: "),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "không phải tệp .xlsx: "),
    "a PDF": (lambda: b"%PDF-1.7\n", "không phải tệp .xlsx: "),
    "an old .xls under a new name": (hostile.old_office, "chọn Lưu thành .xlsx rồi tải lên"),
    "a workbook with a password": (lambda: hostile.old_office("EncryptedPackage"), "có mật khẩu"),
    "the letters PK and no more": (lambda: b"PK", "bị hỏng"),
    "half a file": (lambda: workbook()[:1_000], "bị hỏng"),
    "all but the last byte": (lambda: workbook()[:-1], "bị hỏng"),
    "a byte changed inside a part": (hostile.flipped, "bị hỏng"),
    "more than 10 MB": (lambda: b"PK" + bytes(11 * 1024 * 1024), "lớn hơn 10 MB"),
    "a zip bomb": (lambda: hostile.with_huge_part(300_000_000), "quá lớn"),
    "a bomb that keeps the ratio": (
        lambda: hostile.packed({"a": random.Random(1).randbytes(30_000) * 2_200}),
        "quá lớn",
    ),
    "a size too small in the directory": (lambda: hostile.lying(24, 10), "bị hỏng"),
    "a packed size too small in the directory": (lambda: hostile.lying(20, 10), "bị hỏng"),
    "one part listed two thousand times": (lambda: hostile.overlapping(2_000), "không thể có"),
    "a hundred thousand entries": (lambda: hostile.packed({str(n): b"" for n in range(100_000)}), "quá lớn"),
    "a name that climbs out": (lambda: with_entries(("xl/../../../etc/cron.d/x", b"")), "không thể có"),
    "an absolute name": (lambda: with_entries(("/etc/passwd", b"")), "“/etc/passwd”"),
    "a name on a drive": (lambda: with_entries(("C:/x.xml", b"")), "“C:/x.xml”"),
    "a name with a backslash": (lambda: with_entries(("xl\\..\\x.xml", b"")), "không thể có"),
    "a link": (lambda: with_entries((hostile.link_entry(), b"/etc/passwd")), "“xl/link.xml”"),
    "an encrypted entry": (hostile.flagged_encrypted, "có mật khẩu"),
    "a packing Office never uses": (
        lambda: hostile.packed(hostile.parts(), zipfile.ZIP_LZMA),
        "không thể có",
    ),
}
XML = {
    "entities that grow": (lambda: workbook(hostile.BOMB), "“xl/worksheets/sheet1.xml”"),
    "entities that grow in the strings": (
        lambda: workbook(more={"xl/sharedStrings.xml": hostile.BOMB}),
        "“xl/sharedStrings.xml”",
    ),
    "an entity from outside": (lambda: workbook(hostile.OUTSIDE), "không thể có"),
    "a DTD from outside": (
        lambda: workbook('<!DOCTYPE z SYSTEM "http://127.0.0.1:9/x.dtd"><z/>'),
        "không thể có",
    ),
    "a DTD across the edge of a chunk": (
        lambda: units_part(" " * (256 * 1024 - 5) + hostile.BOMB[21:]),
        "không thể có",
    ),
    "a DTD in UTF-16": (lambda: hostile.encoded("utf-16"), "không thể có"),
    "a DTD in UTF-16 without its mark": (lambda: hostile.encoded("utf-16-le"), "không thể có"),
    "a DTD in UTF-32": (lambda: hostile.encoded("utf-32"), "không thể có"),
    "a DTD in UTF-7": (
        lambda: units_part('<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE z[]>'),
        "không thể có",
    ),
    "XML that stops": (lambda: units_part(units_with("")[:-20]), "Không đọc được tệp"),
    "XML with a control character": (
        lambda: units_part(units_with(row(["A\x08", "B", "C"]))),
        "Không đọc được tệp",
    ),
    "bytes that are no UTF-8": (
        lambda: units_part(units_with(row(["Bản"])).encode("cp1258", "replace")),
        "Không đọc được",
    ),
    "a million empty rows and as many tags again": (lambda: many("<mergeCells/>", MILLION), "quá lớn"),
    "a million merged areas": (lambda: many('<mergeCell ref="A2:A3"/>', MILLION), "quá lớn"),
    "a million cell styles": (
        lambda: workbook(more={"xl/styles.xml": f"<a>{'<xf/>' * 1_600_000}</a>"}),
        "quá lớn",
    ),
    "a tag with a million attributes": (
        lambda: units_part(hostile.attributes(990_000, 990_000)),
        "quá lớn",
    ),
    "a tag that does not end": (
        lambda: unpacked(row(GOOD_ROW, 2), after=f"<z {hostile.EMPTY * 99_000}/>"),
        "không thể có",
    ),
    "tags with half a million attributes of as many names": (
        lambda: units_part(hostile.attributes(500_000, 9)),
        "quá lớn",
    ),
    "tags of a million names": (
        lambda: units_part(units_with("".join(f"<a{n}/>" for n in range(MILLION)))),
        "quá lớn",
    ),
    "white space before names": (
        lambda: units_part(" " * 300_000 + hostile.attributes(500_000, 500_000)),
        "không thể có",
    ),
}
PACKAGES = {
    "a zip of zips": (
        lambda: hostile.packed({"a.zip": hostile.packed({"b.zip": b"x"})}),
        "Không đọc được tệp",
    ),
    "a Word document": (
        lambda: hostile.packed(
            {
                "_rels/.rels": links(("w", "officeDocument", "word/document.xml")),
                "word/document.xml": f"{PLAIN}<w/>",
            }
        ),
        "không phải bảng tính Excel",
    ),
    "a LibreOffice sheet (.ods)": (
        lambda: hostile.packed({"mimetype": b"application/x", "content.xml": b"<a/>"}),
        "Không đọc",
    ),
    "a binary workbook (.xlsb)": (
        lambda: workbook(
            more={
                "_rels/.rels": links(("w", "officeDocument", "xl/workbook.bin")),
                "xl/workbook.bin": b"\x83\x01",
            }
        ),
        "Không đọc được tệp",
    ),
    "macros": (lambda: with_entries(("xl/vbaProject.bin", b"\x00Sub AutoOpen")), "có macro"),
    "no list of relations": (
        lambda: workbook(more={"_rels/.rels": f"{PLAIN}<Relationships/>"}),
        "không phải bảng tính",
    ),
    "a workbook that is its own relation": (
        lambda: workbook(more={"_rels/.rels": links(("w", "officeDocument", "_rels/.rels"))}),
        "không phải bảng tính Excel",
    ),
    "a sheet that is not there": (
        lambda: workbook(
            more={"xl/_rels/workbook.xml.rels": links(("s1", "worksheet", "x.xml"), ("s2", "worksheet", "y"))}
        ),
        "Không đọc được tệp",
    ),
    "a sheet without relation": (
        lambda: workbook(more={"xl/workbook.xml": book('<sheet name="x"/>')}),
        "Không đọc được tệp",
    ),
    "five thousand sheets that are one": (
        lambda: workbook(more={"xl/workbook.xml": book(f'<sheet name="{UNITS}" r:id="s1"/>' * 5_000)}),
        "Có 5000 bảng tên “Đơn vị”",
    ),
    "more text than any roster": (
        lambda: units_part(
            units_with("".join(row([random.Random(n).randbytes(999).hex()], n) for n in range(2, 4_100)))
        ),
        "quá nhiều chữ",
    ),
    "a shared string out of range": (lambda: workbook(hostile.value("7", "s")), "Không đọc được tệp"),
    "a shared string that is no number": (lambda: workbook(hostile.value("x", "s")), "Không đọc được tệp"),
    "a number that is no number": (lambda: workbook(hostile.value("abc")), "Không đọc được tệp"),
    "a row that is no number": (
        lambda: units_part(units_with('<row r="x"><c/></row>')),
        "Không đọc được tệp",
    ),
}
CELLS = {
    "a formula": (lambda: workbook(hostile.formula()), "Ô chứa công thức"),
    "an array formula": (lambda: workbook(hostile.formula('t="array" ref="A1:B2"')), "Ô chứa công thức"),
    "a data table": (lambda: workbook(hostile.formula('t="dataTable" evil="1"')), "Ô chứa công thức"),
    "a formula that starts a program": (
        lambda: workbook(hostile.formula(text="cmd|' /C calc'!A0")),
        "Ô chứa công thức",
    ),
    "a formula that fetches": (
        lambda: workbook(hostile.formula(text="WEBSERVICE('http://x')")),
        "Ô chứa công thức",
    ),
    "a formula shared by thousands": (lambda: workbook(hostile.shared_formulas()), "Ô chứa công thức"),
    "a date before all dates": (lambda: workbook(hostile.value("-5", style=1)), "không phải ngày"),
    "a date after all dates": (lambda: workbook(hostile.value("1e300", style=1)), "Ô báo lỗi #NUM!"),
    "an infinite date": (lambda: workbook(hostile.value("1e999", style=1)), "Ô báo lỗi #NUM!"),
    "a date that is no number": (lambda: workbook(hostile.value("nan", style=1)), "Ô báo lỗi #NUM!"),
    "an infinite number": (lambda: workbook(hostile.value("inf")), "Ô báo lỗi inf"),
    "a number of ten thousand digits": (lambda: workbook(hostile.value("9" * 10_000)), "Ô báo lỗi"),
    "a merged area over everything": (
        lambda: workbook(
            units_with(row(GOOD_ROW, 2), after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
        ),
        "Các ô A1:XFD1048576 đang gộp",
    ),
    "a merged area that is none": (
        lambda: workbook(
            units_with(row(GOOD_ROW, 2), after='<mergeCells><mergeCell ref="٣:٣9"/></mergeCells>')
        ),
        "đang gộp",
    ),
    "wrong columns": (
        lambda: units_part(hostile.sheet(row(["Họ tên", "Điểm"]) + row(["A", "9"]))),
        "Thiếu cột này",
    ),
    "a sheet of nothing": (lambda: units_part(hostile.sheet("")), "Thiếu cột này"),
    "headings and no rows": (lambda: units_part(units_with("")), "Tệp chưa có dòng dữ liệu nào"),
    "twenty thousand rows and one": (lambda: workbook(units_with(hostile.rows(20_001))), "hơn 20000 dòng"),
}
REFUSED = {**CONTAINERS, **XML, **PACKAGES, **CELLS}


@pytest.mark.parametrize(("build", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_is_refused_with_a_sentence(build, sentence):
    data = built(build)
    began = time.process_time()

    _, problems = read_roster(data)

    assert pace.is_within(time.process_time() - began, SECONDS)
    said = [problem.message % problem.values for problem in problems]
    assert any(sentence in text for text in said), said
    assert all(": " in text and text.endswith((".", "…")) for text in said), "each says what to do"


def strict(text):
    return text.replace("schemas.openxmlformats.org/spreadsheetml/2006", "purl.oclc.org/ooxml/spreadsheetml")


ODD_BUT_SOUND = {
    "the small workbook all others are made from": workbook,
    "parts that are not packed": lambda: hostile.packed(hostile.parts(), zipfile.ZIP_STORED),
    "a cell in the last corner": lambda: workbook(
        units_with(row(GOOD_ROW, 2) + f'<row r="{MILLION}">{cell("x", f"XFD{MILLION}")}</row>')
    ),
    "a million empty rows": lambda: workbook(
        units_with(row(GOOD_ROW, 2) + "".join(f'<row r="{n}"/>' for n in range(3, 900_000)))
    ),
    "a row of two hundred thousand cells": lambda: unpacked(
        row(GOOD_ROW, 2) + f'<row r="3">{"<c/>" * 60}{"<c><v>1</v></c>" * 200_000}</row>'
    ),
    "half a million elements inside each other": lambda: unpacked(
        row(GOOD_ROW, 2), after=f"{'<z>' * 500_000}{'</z>' * 500_000}"
    ),
    "a million elements side by side": lambda: unpacked(row(GOOD_ROW, 2), after="<z>1</z>" * 700_000),
    "decomposed letters": lambda: workbook(units_with(row(["A", "Ba\u0309n Co", "Ba\u0309n"], 2))),
    "strings kept apart": lambda: workbook(
        units_with(
            '<row r="2"><c t="inlineStr"><is><t>A</t></is></c><c t="s"><v>0</v></c>' + cell("Bản") + "</row>"
        )
    ),
    "text in runs with a reading aid": lambda: workbook(
        units_with(
            f'<row r="2">{cell("A")}<c t="inlineStr"><is><r><t>Bản </t></r><r><t>Co</t></r><rPh><t>x</t></rPh></is></c>'
            f"{cell('Bản')}</row>"
        )
    ),
    "the strict edition of the format": lambda: hostile.packed(
        {name: strict(text) for name, text in hostile.parts().items()}
    ),
    "a picture and links to other files": lambda: with_entries(
        ("xl/media/image1.png", b"\x89PNG\r\n\x1a\n\x00<!\x00" * 1_000),
        ("xl/externalLinks/externalLink1.xml", b"<a/>"),
    ),
    "no styles and no strings": lambda: workbook(
        more={
            "xl/_rels/workbook.xml.rels": links(
                ("s1", "worksheet", "worksheets/sheet1.xml"), ("s2", "worksheet", "worksheets/sheet2.xml")
            )
        }
    ),
    "a format of a megabyte": lambda: workbook(
        more={
            "xl/styles.xml": f'<a><numFmts><numFmt numFmtId="1" formatCode="{"[" * 100_000}"/></numFmts></a>'
        }
    ),
    "a row number past the end": lambda: workbook(units_with(row(GOOD_ROW, 2) + f'<row r="{"9" * 4_000}"/>')),
}


@pytest.mark.parametrize("build", ODD_BUT_SOUND.values(), ids=ODD_BUT_SOUND.keys())
def test_an_odd_file_that_says_what_a_roster_says_is_read(build):
    data = built(build)
    began = time.process_time()

    roster, problems = read_roster(data)

    assert pace.is_within(time.process_time() - began, SECONDS)
    assert (roster, problems) == (Roster((GOOD_UNIT,)), [])


LIMITS = {
    "bytes sent": ({"packed_bytes": 1_000}, "lớn hơn 0 MB"),
    "bytes unpacked": ({"unpacked_bytes": 3_000}, "mở ra quá lớn"),
    "entries": ({"entries": 7}, "mở ra quá lớn"),
    "ratio": ({"ratio": 1}, "mở ra quá lớn"),
    "tags": ({"tags": 40}, "mở ra quá lớn"),
    "equals": ({"equals": 20}, "mở ra quá lớn"),
    "names": ({"names": 10}, "mở ra quá lớn"),
}


@pytest.mark.parametrize(("limit", "sentence"), LIMITS.values(), ids=LIMITS.keys())
def test_each_limit_alone_stops_a_container_that_passes_without_it(limit, sentence):
    assert check_zip(workbook()) == []
    [refusal] = check_zip(workbook(), ZipLimits(**limit))
    assert sentence in refusal.message % refusal.values


def test_text_that_looks_like_a_formula_is_text_and_is_no_name():
    roster, problems = read_roster(workbook(units_with(row(["A", "=cmd|' /C calc'!A0", "Bản"], 2))))

    assert (roster.units[0].name, problems) == ("=cmd|' /C calc'!A0", [])
    [refusal] = check(roster, Roster(), date(2023, 2, 25))
    assert (refusal.place, refusal.row, refusal.field) == (UNITS, 2, "Tên đơn vị")


def test_a_very_long_text_is_cut_and_refused_by_its_length():
    roster, problems = read_roster(workbook(units_with(row(["A", "ơ" * 30_000, "Bản"], 2))))

    assert problems == [] and len(roster.units[0].name) == 1_000
    [refusal] = check(roster, Roster(), date(2023, 2, 25))
    assert refusal.message % refusal.values == "Dài 1000 ký tự: rút gọn còn nhiều nhất 200."


def test_five_thousand_people_are_read_and_checked_in_seconds():
    units = (UnitDraft(2, "XA", "Hát Lót", "Xã"), UnitDraft(3, "A", "Co", "Bản", "XA", True))
    people = tuple(
        PersonDraft(n, f"P{n}", f"Lò Văn {n}", date(1975, 3, 2), unit_code="A") for n in range(5_000)
    )
    data = write_roster(Roster(units, people))
    began = time.process_time()

    roster, problems = read_roster(data)
    check(roster, roster, date(2023, 2, 25))

    assert pace.is_within(time.process_time() - began, SECONDS)
    assert (roster, problems) == (Roster(units, people), [])


def is_answered(data):
    """Return whether the answer is a roster and sentences that can be shown."""
    roster, problems = read_roster(data)
    shown = [str(problem) for problem in problems]
    return isinstance(roster, Roster) and all(isinstance(p, Problem) for p in problems) and all(shown)


@pytest.mark.parametrize("seed", range(4))
def test_a_file_damaged_anywhere_is_answered(seed):
    chance = random.Random(seed)
    sound = workbook()

    assert all(is_answered(damaged(sound, chance)) for _ in range(150))


@pytest.mark.parametrize("name", [name for name in hostile.parts() if "Content" not in name])
def test_a_part_damaged_anywhere_is_answered(name):
    chance = random.Random(name)
    sound = hostile.parts()
    content = str(sound[name]).encode()

    assert all(is_answered(hostile.packed(sound | {name: damaged(content, chance)})) for _ in range(80))


READER = """
import json, re, sys, time
from quiz.files.workbook import read_roster
slowest = 0
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    began = time.process_time()
    read_roster(data)
    slowest = max(slowest, time.process_time() - began)
most = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(json.dumps({"seconds": slowest, "megabytes": int(most) / 1024}))
"""


HEAVY = [
    *("a bomb that keeps the ratio", "a hundred thousand entries", "a tag with a million attributes"),
    *("more text than any roster", "a million empty rows", "half a million elements inside each other"),
    *(
        "a million elements side by side",
        "a row of two hundred thousand cells",
        "twenty thousand rows and one",
    ),
]


@pytest.mark.timeout(1_800)
def test_the_heaviest_together_stay_within_time_and_memory(tmp_path):
    builders = {name: build for name, (build, _) in REFUSED.items()} | ODD_BUT_SOUND
    for name in HEAVY:
        (tmp_path / name).write_bytes(built(builders[name]))

    names = [str(path) for path in sorted(tmp_path.iterdir())]
    answer = subprocess.run(
        [sys.executable, "-c", READER, *names], capture_output=True, text=True, check=True
    )

    used = json.loads(answer.stdout)
    assert pace.is_within(used["seconds"], SECONDS)
    assert used["megabytes"] < MEGABYTES


def test_the_cases_are_many():
    assert len(REFUSED) + len(ODD_BUT_SOUND) >= 80
    assert {UNITS, PEOPLE, REGISTRATIONS} == set(HEADINGS)
