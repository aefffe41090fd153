"""Small builders of workbooks that nobody should open: each returns the bytes of one file."""

import io
import struct
import zipfile
from collections.abc import Iterable

from quiz.core.rosters import HEADINGS, PEOPLE, UNITS

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PLAIN = '<?xml version="1.0" encoding="UTF-8"?>\n'
GOOD_ROW = ["A", "Bản Co", "Bản"]
MILLION = 1_048_576
EMPTY = 'a="" '


def cell(value: object, place: str = "") -> str:
    where = f' r="{place}"' if place else ""
    return f'<c{where} t="inlineStr"><is><t>{value}</t></is></c>'


def row(values: Iterable[object], number: int | None = None) -> str:
    where = f' r="{number}"' if number else ""
    return f"<row{where}>{''.join(cell(value) for value in values)}</row>"


def sheet(rows: str, after: str = "", before: str = "") -> str:
    return f"{PLAIN}<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def units_with(rows: str, **options: str) -> str:
    """Return the XML of the sheet of units: its headings, then `rows`."""
    return sheet(row(HEADINGS[UNITS].values()) + rows, **options)


def links(*targets: tuple[str, str, str]) -> str:
    rows = "".join(f'<Relationship Id="{i}" Type="{LINKS}/{t}" Target="{where}"/>' for i, t, where in targets)
    return f'{PLAIN}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def book(sheets: str = "", settings: str = "", titles: Iterable[str] = (UNITS, PEOPLE)) -> str:
    listed = "".join(f'<sheet name="{t}" sheetId="{n}" r:id="s{n}"/>' for n, t in enumerate(titles, start=1))
    return (
        f'{PLAIN}<workbook {MAIN} xmlns:r="{LINKS}">{settings}<sheets>{sheets or listed}</sheets></workbook>'
    )


def parts(units: str = "", more: dict[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """Return the parts of a small sound workbook, with other content for some of them."""
    sound: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{PLAIN}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": links(("w", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book(),
        "xl/_rels/workbook.xml.rels": links(
            ("s1", "worksheet", "worksheets/sheet1.xml"),
            ("s2", "worksheet", "/xl/worksheets/sheet2.xml"),
            ("t", "sharedStrings", "sharedStrings.xml"),
            ("f", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f"{PLAIN}<sst {MAIN}><si><t>Bản Co</t></si></sst>",
        "xl/styles.xml": f'{PLAIN}<styleSheet {MAIN}><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": units or units_with(row(GOOD_ROW, 2)),
        "xl/worksheets/sheet2.xml": sheet(row(HEADINGS[PEOPLE].values())),
    }
    return sound | (more or {})


def packed(contents: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(units: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    return packed(parts(units, more))


def with_entries(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """Return a sound workbook with further entries."""
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return target.getvalue()


def link_entry() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("xl/link.xml")
    entry.external_attr = 0o120777 << 16
    return entry


def with_huge_part(size: int) -> bytes:
    """Return a workbook whose first sheet unpacks to `size` bytes of spaces."""
    contents = parts()
    contents.pop("xl/worksheets/sheet1.xml")
    target = io.BytesIO(packed(contents))
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(size // 1_000_000):
            part.write(b"<v/>" * 250_000)
    return target.getvalue()


def lying(field: int, size: int, units: str = "") -> bytes:
    """Return a workbook whose directory gives `size` for the first sheet; 20 is the packed, 24 the unpacked size."""
    data = bytearray(workbook(units))
    name = b"xl/worksheets/sheet1.xml"
    place = data.rindex(name) - 46
    data[place + field : place + field + 4] = struct.pack("<I", size)
    return bytes(data)


def overlapping(entries: int) -> bytes:
    """Return a zip whose directory lists one packed megabyte many times."""
    data = packed({"a": b"\x00" * 1_000_000})
    place = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    directory = data[place:end] * entries
    tail = bytearray(data[end:])
    tail[8:20] = struct.pack("<HHII", entries, entries, len(directory), place)
    return data[:place] + directory + bytes(tail)


def flagged_encrypted() -> bytes:
    data = bytearray(workbook())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def attributes(count: int, each: int) -> str:
    """Return tags with `each` attributes, `count` in all, no two of one name."""
    names = [f'a{n}=""' for n in range(count)]
    return f"<z>{''.join(f'<c {chr(32).join(names[n : n + each])}/>' for n in range(0, count, each))}</z>"


def flipped() -> bytes:
    """Return a workbook with one byte of a packed part changed."""
    data = bytearray(workbook())
    data[data.index(b"xl/worksheets/sheet1.xml") + 60] ^= 0xFF
    return bytes(data)


def old_office(inside: str = "") -> bytes:
    """Return the beginning of an OLE file, the container of .xls and of encrypted workbooks."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + inside.encode("utf-16-le") + bytes(500)


def encoded(encoding: str) -> bytes:
    """Return a workbook whose sheet hides its entities in another encoding."""
    return workbook(
        more={"xl/worksheets/sheet1.xml": BOMB.removeprefix('<?xml version="1.0"?>').encode(encoding)}
    )


def formula(attributes: str = "", text: str = "A1") -> str:
    """Return a sheet of units whose type is a formula."""
    made = f'<c r="C2"><f {attributes}>{text}</f><v>7</v></c>'
    return units_with(f'<row r="2">{cell("A", "A2")}{cell("B", "B2")}{made}</row>')


def value(text: str, kind: str = "n", style: int = 0) -> str:
    """Return a sheet of units whose "Hiệu lực từ" holds this raw value."""
    made = f'<c r="J2" t="{kind}" s="{style}"><v>{text}</v></c>'
    return units_with(f'<row r="2">{"".join(map(cell, GOOD_ROW))}{made}</row>')


def shared_formulas() -> str:
    """Return a sheet with one long formula shared by thousands of cells, which a reader may translate for each."""
    first = f'<row r="2"><c r="C2"><f t="shared" si="0" ref="C2:C9">{"+".join(["A1"] * 3_000)}</f></c></row>'
    rest = (f'<row r="{n}"><c r="C{n}"><f t="shared" si="0"/></c></row>' for n in range(3, 18_000))
    return units_with(first + "".join(rest))


def rows(count: int, first: int = 2) -> str:
    """Return `count` rows of units with codes of their own."""
    return "".join(row([f"A{n}", "Bản Co", "Bản"], n) for n in range(first, first + count))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 12))
    + f"]><worksheet {MAIN}><sheetData><row><c><v>&a11;</v></c></row></sheetData></worksheet>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<worksheet {MAIN}><sheetData><row>{cell('&x;')}</row></sheetData></worksheet>"
)
