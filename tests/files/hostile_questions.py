"""Question files that are broken, wrong or meant to harm, as bytes made when asked for: each must be answered.

CASES names each one. `filename` tells the format by its ending; `words` are part of a sentence the answer must hold,
"" for a file that is read without a word; `questions` is how many are read, None where it does not matter.
"""

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.files.old_encodings import tcvn3, vni
from tests.files.qti_samples import CHOICES, body, item, manifest, package, zipped

MILLION = 1_000_000
VIETNAMESE = "Đảng viên có nhiệm vụ sinh hoạt chi bộ và đóng đảng phí đầy đủ theo quy định."


@dataclass(frozen=True, slots=True)
class Case:
    """One file and how it must be answered."""

    filename: str
    build: Callable[[], bytes]
    words: str = ""
    questions: int | None = None


# --- a sound file of each format, to be spoiled -------------------------------------------------------------------

JSON = '[{"stem": "%s", "options": ["Một", "Hai"], "key": "A"}]\n' % VIETNAMESE  # noqa: UP031 - full of braces
GIFT = "::T-1::%s {=Một ~Hai#Chưa đúng.}\n" % VIETNAMESE  # noqa: UP031
AIKEN = f"{VIETNAMESE}\nA. Một\nB. Hai\nANSWER: A\n"
ANSWERS = '<answer fraction="100"><text>Một</text></answer><answer fraction="0"><text>Hai</text></answer>'
SOUND = {"json": JSON, "gift": GIFT, "aiken": AIKEN}


def asked(stem: str = VIETNAMESE, answers: str = ANSWERS, kind: str = "multichoice", more: str = "") -> str:
    return (
        f'<question type="{kind}"><questiontext><text>{stem}</text></questiontext>{more}{answers}</question>'
    )


def quiz(*questions: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return f"{head}<quiz>\n" + "\n".join(questions) + "\n</quiz>\n"


SOUND["xml"] = quiz(asked())
SOUND["item.xml"] = item(body(prompt=f"<prompt>{VIETNAMESE}</prompt>"))


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(40)


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


# --- spoiled the same way in every format: (bytes, part of the sentence) ------------------------------------------

SPOILED: dict[str, tuple[Callable[[str], bytes], str]] = {
    "nothing": (lambda _: b"", "Tệp rỗng"),
    "a NUL in the middle": (lambda text: (text[:60] + "\0" + text[60:]).encode(), "không nhìn thấy"),
    "NULs to the end": (lambda text: text.encode() + bytes(5_000), "không nhìn thấy"),
    "a picture": (lambda _: png(), ""),
    "an old Word document": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), ""),
    "a PDF": (lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "không phải UTF-8"),
    "noise": (lambda _: noise(5_000), ""),
    "packed with gzip": (lambda text: gzip.compress(text.encode(), mtime=0), ""),
    "TCVN3": (tcvn3, "TCVN3"),
    "VNI": (vni, "VNI"),
    "damaged by a wrong conversion": (lambda text: text.encode().decode("cp1252", "ignore").encode(), "hỏng khi đổi"),
    "windows-1258": (lambda text: text.encode("cp1258", "replace"), ""),
    "cut inside a letter": (lambda text: text.encode()[: text.encode().index("Đ".encode()) + 1], "không phải UTF-8"),
    "half of a pair": (lambda text: text.encode() + b"\xed\xa0\x80", "không phải UTF-8"),
    "UTF-16 of odd length": (lambda text: text.encode("utf-16") + b"x", "không phải UTF-8"),
    "eleven megabytes": (lambda text: text.encode() + b" " * 11 * MILLION, "lớn hơn 10 MB"),
    "marks without end": (lambda text: (text[:60] + "\u0301" * 2_000_000 + text[60:]).encode(), "chồng lên"),
    "a colour code of a terminal": (lambda text: f"\x1b[31m{text}".encode(), "không nhìn thấy"),
    "UTF-16": (lambda text: text.encode("utf-16"), None),
    "a mark of UTF-8 before it": (lambda text: text.encode("utf-8-sig"), None),
    "lines of Windows": (lambda text: text.replace("\n", "\r\n").encode(), None),
    "lines of old Macs": (lambda text: text.replace("\n", "\r").encode(), None),
}  # fmt: skip


def _spoiled(ending: str, sound: str, name: str) -> Case:
    spoil, words = SPOILED[name]
    good = words is None
    return Case(f"a.{ending}", lambda: spoil(sound), words or "", 1 if good else 0)


CASES: dict[str, Case] = {
    f"{ending}: {name}": _spoiled(ending, sound, name) for ending, sound in SOUND.items() for name in SPOILED
}


# --- JSON ---------------------------------------------------------------------------------------------------------


def question(more: str) -> str:
    return f'[{{"stem": "X", "options": ["a", "b"], "key": "A"{more}}}]'


def _json(name: str, text: Callable[[], str], words: str = "", questions: int | None = 0) -> None:
    CASES[f"json: {name}"] = Case("a.json", lambda: text().encode("utf-8", "surrogatepass"), words, questions)


_json("a hundred thousand lists inside each other", lambda: "[" * 100_000, "lồng nhau")
_json("fifty thousand objects inside each other", lambda: "[" + '{"a":' * 50_000, "lồng nhau")
_json("lists in a field", lambda: question(', "rationale": [[[[[[[["x"]]]]]]]]'), "lồng nhau")
_json("a million questions", lambda: "[" + "{}," * MILLION + "{}]", "lồng nhau")
_json("twenty thousand questions and one", lambda: f"[{','.join([JSON[1:-2]] * 20_001)}]", "20000 câu")
_json("a million empty lists", lambda: "[" + "[]," * MILLION + "[]]", "lồng nhau")
_json("half a million options", lambda: '[{"options": [' + '"a",' * 500_000 + '"b"]}]', "lồng nhau")
_json("a thousand names", lambda: "[{" + ",".join(f'"n{n}": 1' for n in range(1_000)) + "}]", "lồng nhau")
_json("three thousand nothings", lambda: "[" + "null," * 3_000 + "null]", "quá nhiều chỗ phải sửa")
_json(
    "faults without end", lambda: "[" + ",".join(['{"x": 1, "y": 2}'] * 3_000) + "]", "quá nhiều chỗ phải sửa"
)
_json("NaN as marks", lambda: question(', "points": [{"text": "a", "marks": NaN}]'), "hai chữ số")
_json("Infinity as a date", lambda: question(', "valid_from": -Infinity'), "năm-tháng-ngày")
_json("a number of ten thousand digits", lambda: question(f', "points": [{{"text": "a", "marks": {"9" * 10_000}}}]'),
      "hai chữ số")  # fmt: skip
_json(
    "a number that grows", lambda: question(', "points": [{"text": "a", "marks": 1e999999999}]'), "hai chữ số"
)
_json(
    "a number that shrinks",
    lambda: question(', "points": [{"text": "a", "marks": 1e-999999999}]'),
    "hai chữ số",
)
_json("a number as a stem", lambda: question(', "code": 1e400'), "", 1)
_json("half of a pair in a stem", lambda: question(', "code": "T-\\ud800"'), "", 1)
_json("half of a pair in a name", lambda: question(', "x\\udfff": 1'), "Không có mục tên này")
_json("the same name twice", lambda: question(', "key": "B"'), "đã ghi ở trên")
_json("a name of a megabyte", lambda: question(f', "{"n" * MILLION}": 1'), "Không có mục tên này")
_json("a name of the machine", lambda: question(', "__class__": {"__init__": 1}'), "Không có mục tên này")
_json("a stem of nine megabytes", lambda: question(f', "rationale": "{"x" * 9 * MILLION}"'), "", 1)
_json("marks by their numbers", lambda: question(f', "rationale": "a{chr(92)}u0301{(chr(92) + "u0301") * 100_000}"'),
      "chồng lên")  # fmt: skip
_json("a NUL by its number", lambda: question(', "rationale": "a\\u0000b"'), "", 1)
_json("a true option", lambda: '[{"stem": "X", "options": [true, null], "key": "A"}]', "", 1)
_json(
    "a key of two hundred letters",
    lambda: question("").replace('"A"', '["A"' + ', "A"' * 200 + "]"),
    "lồng nhau",
)
_json("a key of letters nobody has", lambda: question("").replace('"A"', '"Đ"'), "chữ cái")
_json("a comment", lambda: "[ // x\n]", "không đọc được")
_json("single quotes", lambda: JSON.replace('"', "'"), "không đọc được")
_json("two lists", lambda: JSON + JSON, "không đọc được")
_json("a number alone", lambda: "1" * 5_000, "một danh sách")
_json("white space without end", lambda: " " * 9 * MILLION, "một danh sách")
_json("an open text", lambda: '["' + "a" * 5 * MILLION, "không đọc được")
_json("backslashes", lambda: '["' + "\\" * 3 * MILLION, "không đọc được")
_json("a byte that hides another", lambda: "[" + chr(0xFEFF) + "]", "không đọc được")


# --- GIFT and Aiken -----------------------------------------------------------------------------------------------


def _text(
    ending: str, name: str, text: Callable[[], str], words: str = "", questions: int | None = 0
) -> None:
    CASES[f"{ending}: {name}"] = Case(f"a.{ending}", lambda: text().encode(), words, questions)


def _gift(name: str, text: Callable[[], str], words: str = "", questions: int | None = 0) -> None:
    _text("gift", name, text, words, questions)


_gift("a million questions", lambda: "a{T}\n\n" * MILLION, "20000 câu")
_gift("twenty thousand questions and one", lambda: "a{T}\n\n" * 20_001, "20000 câu")
_gift("two thousand essays and one", lambda: "a{}\n\n" * 2_001, "quá nhiều chỗ phải sửa")
_gift("a brace that never closes", lambda: "a{" + "=b ~c " * MILLION, "quá dài")
_gift("a short brace that never closes", lambda: "a{=b ~c", "ngoặc nhọn")
_gift("opening braces", lambda: "{" * 90_000, "ngoặc nhọn")
_gift("closing braces", lambda: "}" * 90_000, "ngoặc nhọn")
_gift("braces by the million", lambda: "{}" * 4 * MILLION, "quá dài")
_gift("a million options", lambda: "a{" + "~b" * MILLION + "=c}", "quá dài")
_gift("forty thousand options", lambda: "a{" + "~b" * 40_000 + "=c}", "quá nhiều phương án")
_gift("hashes", lambda: "a{=b" + "#" * 90_000 + "~c}", "chưa dùng được")
_gift("backslashes", lambda: "a" + "\\" * 90_001 + "{=b ~c}", "", None)
_gift("percent signs", lambda: "a{" + "~%" * 20 + "%" * 50_000 + "=b}", "", None)
_gift("a weight of many digits", lambda: f"a{{~%{'9' * 50_000}%b ~c}}", "Chưa có đáp án")
_gift("a weight that is none", lambda: "a{~%nan%b ~%inf%c}", "Chưa có đáp án")
_gift("colons", lambda: "::" * 45_000 + "a{=b ~c}", "", 1)
_gift("a title that never closes", lambda: "::a{=b ~c}", "", 1)
_gift("comments by the million", lambda: "//\n" * 3 * MILLION, "quá nhiều dòng")
_gift("comments longer than any question", lambda: "//\n" * 100_000 + GIFT, "quá dài")
_gift("ids that never close", lambda: "//" + "[id:" * 24_000 + "\na{=b ~c}", "", 1)
_gift("tags that never close", lambda: "//" + "[tag:" * 19_000 + "\na{=b ~c}", "", 1)
_gift("tags without end", lambda: "//" + "[tag:x]" * 13_000 + "\na{=b ~c}", "không được dùng", 1)
_gift(
    "tags that lie",
    lambda: "// [tag:level:x][tag:valid_from:2026-02-30][tag:part:y]\na{=b ~c}",
    "không được dùng",
    1,
)
_gift("a category of slashes", lambda: "$CATEGORY: " + "/" * 90_000, "", 0)
_gift("a category that climbs out", lambda: "$CATEGORY: ../../etc/passwd\n\na{=b ~c}", "", 1)
_gift("tags of html inside each other", lambda: "[html]" + "<b>" * 13_000 + "a{=b ~c}", "", None)
_gift("html that never closes", lambda: "[html]" + "<a" * 45_000 + "{=b ~c}", "", None)
_gift("a script", lambda: "[html]a<script>alert(1)</script>{=<svg onload\\=x>b ~c}", "hình ảnh")
_gift("entities that grow", lambda: "[html]" + "&amp;" * 18_000 + "{=b ~c}", "", 1)
_gift("an entity of a control sign", lambda: "[html]a&#0;&#1;&#xD800;{=b ~c}", "", 1)
_gift("marks by their numbers", lambda: "[html]a" + "&#x301;" * 5_000 + "{=b ~c}", "chồng lên")
_gift("pictures of markdown", lambda: "[markdown]" + "![" * 45_000 + "{=b ~c}", "", 1)
_gift("stars of markdown", lambda: "[markdown]" + "**a" * 30_000 + "{=b ~c}", "chữ thường", 1)
_gift("a format nobody knows", lambda: "[" + "a" * 50_000 + "]b{=c ~d}", "", 1)
_gift("one line of nine megabytes", lambda: "a" * 9 * MILLION, "quá dài")
_gift("blank lines by the million", lambda: "\n" * 9 * MILLION + GIFT, "quá nhiều dòng")
_gift("blank lines by the hundred thousand", lambda: "\n" * 500_000 + GIFT, "", 1)
_gift("other line ends", lambda: "a{=b\u2028~c\u2029}\x0b\x0c\n", "", 1)
_gift("a formula for a spreadsheet", lambda: "=cmd|' /C calc'!A0{=b ~c}", "", 1)


def _aiken(name: str, text: Callable[[], str], words: str = "", questions: int | None = 0) -> None:
    _text("aiken", name, text, words, questions)


_aiken("a million questions", lambda: "a\nA.b\nB.c\nANSWER:A\n" * 400_000, "20000 câu")
_aiken("answers only", lambda: "ANSWER: A\n" * 900_000, "quá nhiều chỗ phải sửa")
_aiken("options only", lambda: "A. a\n" * MILLION, "quá nhiều chỗ phải sửa")
_aiken("a million options", lambda: "a\n" + "A. a\n" * MILLION + "ANSWER: A\n", "thứ tự")
ALPHABET = "".join(f"{chr(65 + place)}. {place}\n" for place in range(26))
_aiken("twenty-seven options", lambda: f"a\n{ALPHABET}A. x\nANSWER: A\n", "thứ tự")
_aiken("a question of a million lines", lambda: "abc\n" * MILLION + "A. a\nB. b\nANSWER: A\n", "nhiều dòng")
_aiken("a question without an answer", lambda: "a\nA. b\nB. c\n", "không có dòng ANSWER")
_aiken("an answer of a megabyte", lambda: "a\nA. b\nB. c\nANSWER: " + "A" * MILLION, "một chữ cái")
_aiken("letters that only look alike", lambda: "a\nА. b\nВ. c\nANSWER: А\n", "một chữ cái")
_aiken("an option of nine megabytes", lambda: "a\nA. " + "x" * 9 * MILLION + "\nB. c\nANSWER: A\n", "", 1)
_aiken("spaces before the answer", lambda: "a\nA. b\nB. c\nANSWER" + " " * 5 * MILLION + ": A\n", "", 1)
_aiken("blank lines by the million", lambda: "\n" * 9 * MILLION, "quá nhiều dòng")
_aiken("no answer letter", lambda: "a\nA. b\nB. c\nANSWER:\n", "một chữ cái")
_aiken("prose", lambda: f"{VIETNAMESE}\n" * 200, "không có dòng ANSWER")


# --- Moodle XML ---------------------------------------------------------------------------------------------------

ENTITIES = '<!DOCTYPE quiz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 12)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE quiz [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'


def _xml(
    name: str, text: Callable[[], str], words: str = "", questions: int | None = 0, code: str = "utf-8"
) -> None:
    CASES[f"xml: {name}"] = Case("a.xml", lambda: text().encode(code), words, questions)


_xml("entities that grow", lambda: quiz(asked("&a11;"), head=ENTITIES), "DOCTYPE")
_xml("an entity from outside", lambda: quiz(asked("&x;"), head=OUTSIDE), "DOCTYPE")
_xml("a DTD from outside", lambda: quiz(asked(), head=PARAMETER), "DOCTYPE")
_xml("a DTD of nothing", lambda: quiz(asked(), head="<!DOCTYPE quiz>"), "DOCTYPE")
_xml("a DTD in UTF-16", lambda: quiz(asked("&a11;"), head=ENTITIES), "DOCTYPE", code="utf-16")
_xml(
    "a DTD in UTF-7",
    lambda: '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE quiz []><quiz/>',
    "không đọc được",
)
_xml(
    "another encoding than it says",
    lambda: quiz(asked(), head='<?xml version="1.0" encoding="utf-16"?>'),
    "",
    1,
)
_xml(
    "an encoding nobody knows",
    lambda: quiz(asked(), head='<?xml version="1.0" encoding="x-klingon"?>'),
    None,
    None,
)
_xml("an entity of html", lambda: quiz(asked("a&nbsp;b")), "không đọc được")
_xml("elements inside each other", lambda: "<quiz>" + "<a>" * 300_000, "lồng nhau")
_xml("a question inside a question", lambda: quiz(asked(more=asked() * 30)), "", 1)
_xml("a million empty tags", lambda: quiz(asked(more="<a/>" * 900_000)), "quá nhiều thẻ")
_xml("a million questions", lambda: "<quiz>" + "<question/>" * 900_000 + "</quiz>", "quá nhiều chỗ phải sửa")
_xml(
    "twenty thousand questions and one", lambda: quiz(*['<question type="category"/>'] * 20_001), "20000 câu"
)
_xml("two million tags", lambda: "<quiz>" + "<a/>" * 2 * MILLION + "</quiz>", "quá nhiều thẻ")
_xml("a tag with a hundred thousand attributes",
     lambda: f"<quiz {' '.join(f'a{n}=' + chr(34) * 2 for n in range(100_000))}/>", "không có câu hỏi")  # fmt: skip
_xml("a tag with half a million attributes",
     lambda: f"<quiz {' '.join(f'a{n}=' + chr(34) * 2 for n in range(500_000))}/>", "quá nhiều thẻ")  # fmt: skip
_xml("a tag that does not end", lambda: "<quiz><" + "a" * 5 * MILLION, "không đọc được")
_xml("the same attribute twice", lambda: '<quiz a="1" a="2"/>', "không đọc được")
_xml("a prefix nobody declared", lambda: "<x:quiz/>", "không đọc được")
_xml(
    "namespaces by the thousand", lambda: "".join(f'<a xmlns:n{n}="u{n}">' for n in range(5_000)), "lồng nhau"
)
_xml("a file that stops", lambda: quiz(asked())[:-20], "không đọc được")
_xml("a file that stops in a tag", lambda: quiz(asked())[:80], "không đọc được")
_xml("CDATA that never closes", lambda: quiz(asked("<![CDATA[" + "x" * 1_000)), "không đọc được")
_xml("a comment of nine megabytes", lambda: f"<!--{'x' * 9 * MILLION}-->" + quiz(asked(), head=""), "", 1)
_xml("a NUL by its number", lambda: quiz(asked("a&#0;b")), "không đọc được")
_xml("half of a pair by its number", lambda: quiz(asked("a&#xD800;b")), "không đọc được")
_xml("marks by their numbers", lambda: quiz(asked("a" + "&#x301;" * 300_000)), "chồng lên")
_xml(
    "a style sheet from outside",
    lambda: quiz(asked(), head='<?xml-stylesheet href="http://127.0.0.1:9/x"?>'),
    "",
    1,
)
_xml("XInclude", lambda: quiz(asked(), '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
     "", 1)  # fmt: skip
_xml("a picture of five megabytes", lambda: quiz(asked(more=f"<image>a</image><image_base64>{'A' * 5 * MILLION}"
                                                            "</image_base64>")), "hình ảnh")  # fmt: skip
_xml("a script", lambda: quiz(asked("<![CDATA[<p onclick=x>a<script>alert(1)</script></p>]]>")), "", 1)
_xml("html inside each other", lambda: quiz(asked("<![CDATA[" + "<div>" * 100_000 + "a]]>")), "", None)
_xml(
    "html by the thousand questions",
    lambda: quiz(*[asked("<![CDATA[" + "<b><i>" * 100 + "a]]>")] * 2_000),
    "chữ thường",
    2_000,
)
_xml("a share beyond all numbers", lambda: quiz(asked(answers=ANSWERS.replace("100", "1e400"))), "phải là số")
_xml("a share that is no number", lambda: quiz(asked(answers=ANSWERS.replace("100", "nan"))), "phải là số")
_xml(
    "a share of many digits", lambda: quiz(asked(answers=ANSWERS.replace("100", "9" * 100_000))), "phải là số"
)
_xml("two thousand answers", lambda: quiz(asked(answers=ANSWERS * 700)), "trọn điểm")
_xml("no answers", lambda: quiz(asked(answers="")), "Chưa có đáp án")
_xml("no stem", lambda: quiz('<question type="multichoice"/>'), "Chưa có đáp án")
_xml("a kind of a megabyte", lambda: quiz(asked(kind="x" * MILLION)), "chưa dùng được")
_xml("kinds nobody knows", lambda: quiz(*[asked(kind="drop")] * 2_001), "quá nhiều chỗ phải sửa")
_xml("a web page", lambda: "<html><body><p>a</p></body></html>", "không có câu hỏi")
_xml("no question at all", lambda: "<quiz></quiz>", "không có câu hỏi")
_xml("two roots", lambda: "<quiz/><quiz/>", "không đọc được")


# --- QTI packages -------------------------------------------------------------------------------------------------


def _zip(name: str, build: Callable[[], bytes], words: str = "", questions: int | None = 0) -> None:
    CASES[f"qti: {name}"] = Case("a.zip", build, words, questions)


def with_entry(entry: zipfile.ZipInfo | str, content: bytes = b"x") -> bytes:
    """Return a sound package with one more entry."""
    target = io.BytesIO(package(item()))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, content)
    return target.getvalue()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("items/link.xml")
    entry.external_attr = 0o120777 << 16
    return entry


def flagged(data: bytes) -> bytes:
    """Return a zip whose directory says that its first entry is encrypted."""
    spoiled = bytearray(data)
    spoiled[spoiled.index(b"PK\x01\x02") + 8] |= 1
    return bytes(spoiled)


def lying(data: bytes, size: int) -> bytes:
    """Return a zip whose directory gives `size` for its first entry unpacked."""
    spoiled = bytearray(data)
    place = spoiled.index(b"PK\x01\x02") + 24
    spoiled[place : place + 4] = struct.pack("<I", size)
    return bytes(spoiled)


def flipped(data: bytes) -> bytes:
    spoiled = bytearray(data)
    spoiled[60] ^= 0xFF
    return bytes(spoiled)


def overlapping(entries: int) -> bytes:
    """Return a zip whose directory lists one packed megabyte many times."""
    data = zipped({"imsmanifest.xml": b" " * MILLION})
    place, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = data[place:end] * entries
    tail = bytearray(data[end:])
    tail[8:20] = struct.pack("<HHII", entries, entries, len(directory), place)
    return data[:place] + directory + bytes(tail)


def manifested(text: str, **entries: str) -> bytes:
    """Return a package with this manifest and the sound item a.xml."""
    return zipped({"imsmanifest.xml": text, "a.xml": item()} | entries)


def stored(*items: str) -> bytes:
    """Return a package that packs nothing, so that no ratio gives it away."""
    names = [f"{n}.xml" for n in range(len(items))]
    contents = {"imsmanifest.xml": manifest(*names)} | dict(zip(names, items, strict=True))
    return zipped(contents, zipfile.ZIP_STORED)


NO_DTD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_zip("the letters PK and no more", lambda: b"PK", "bị hỏng")
_zip("half a package", lambda: package(item())[:200], "bị hỏng")
_zip("all but the last byte", lambda: package(item())[:-1], "bị hỏng")
_zip("a byte changed inside", lambda: flipped(package(item())), "bị hỏng")
_zip("text under the name of a zip", lambda: b"a;b;c", "không đọc được")
_zip("more than ten megabytes", lambda: b"PK\x03\x04" + bytes(11 * MILLION), "lớn hơn 10 MB")
_zip("a bomb", lambda: zipped({"imsmanifest.xml": b"<v/>" * 20 * MILLION}), "quá lớn")
_zip("a bomb of spaces", lambda: zipped({"imsmanifest.xml": b" " * 90 * MILLION}), "không an toàn")
_zip("a bomb that keeps the ratio", lambda: zipped({"a": noise(30_000) * 1_500}), "quá lớn")
_zip("a package in a package", lambda: zipped({"a.zip": package(item())}), "imsmanifest.xml")
_zip("a size that lies", lambda: lying(package(item()), 10), "bị hỏng")
_zip("one part listed two thousand times", lambda: overlapping(2_000), "không an toàn")
_zip("thirty thousand entries", lambda: zipped({str(n): b"" for n in range(30_000)}), "quá lớn")
_zip("a name that climbs out", lambda: with_entry("../../etc/cron.d/x"), "“../../etc/cron.d/x”")
_zip("an absolute name", lambda: with_entry("/etc/passwd"), "“/etc/passwd”")
_zip("a name on a drive", lambda: with_entry("C:/x.xml"), "không an toàn")
_zip("a name with a backslash", lambda: with_entry("items\\..\\x.xml"), "không an toàn")
_zip("a link", lambda: with_entry(link(), b"/etc/passwd"), "không an toàn")
_zip("an entry with a password", lambda: flagged(package(item())), "có mật khẩu")
_zip("an unusual packing", lambda: zipped({"imsmanifest.xml": "<a/>"}, zipfile.ZIP_LZMA), "không an toàn")
_zip("the same name in two letters", lambda: with_entry("ITEMS/0.xml"), "", 1)
_zip("a picture beside the items", lambda: with_entry("a.png", png()), "", 1)
_zip("no manifest", lambda: zipped({"a.xml": item()}), "imsmanifest.xml")
_zip("an empty manifest", lambda: manifested(""), "rỗng")
_zip("a manifest with a DTD", lambda: manifested(ENTITIES + "<manifest/>"), "không an toàn")
_zip(
    "a manifest in UTF-16",
    lambda: zipped({"imsmanifest.xml": manifest("a.xml").encode("utf-16")}),
    "không an toàn",
)
_zip("a manifest that stops", lambda: manifested(manifest("a.xml")[:-30]), "không đọc được")
_zip(
    "a manifest of elements inside each other", lambda: manifested("<manifest>" + "<a>" * 5_000), "lồng nhau"
)
_zip(
    "a manifest that lists itself", lambda: manifested(manifest("imsmanifest.xml")), "không phải một câu hỏi"
)
_zip("a manifest that lists one item twenty thousand times", lambda: manifested(manifest(*["a.xml"] * 20_000)),
     "quá nhiều chỗ phải sửa")  # fmt: skip
_zip(
    "a manifest that lists too many",
    lambda: manifested(manifest(*(f"{n}.xml" for n in range(20_001)))),
    "20000 câu",
)
_zip("an item that is listed twice", lambda: manifested(manifest("a.xml", "./a.xml")), "hai lần", 1)
_zip("an item outside the package", lambda: manifested(manifest("../../../etc/passwd")), "không có tệp")
_zip("an item on a drive", lambda: manifested(manifest("file:///etc/passwd")), "không có tệp")
_zip("an item on the net", lambda: manifested(manifest("http://127.0.0.1:9/x.xml")), "không có tệp")
_zip("an item with no name", lambda: manifested(manifest("")), "không có tệp")
_zip("an item with a name of a megabyte", lambda: manifested(manifest("x" * 100_000)), "không có tệp")
_zip("an item with a DTD", lambda: package(item().replace(NO_DTD, ENTITIES)), "không an toàn")
_zip("an item with an entity from outside", lambda: package(item().replace(NO_DTD, OUTSIDE)), "không an toàn")
_zip("an item that stops", lambda: package(item()[:-40], item()), "không đọc được", 1)
_zip("an item of noise", lambda: zipped({"imsmanifest.xml": manifest("a.xml"), "a.xml": noise(3_000)}), "")
_zip("an item in TCVN3", lambda: zipped({"imsmanifest.xml": manifest("a.xml"), "a.xml": tcvn3(SOUND["item.xml"])}),
     "TCVN3")  # fmt: skip
_zip("an item of elements inside each other", lambda: package(item(body(before="<div>" * 500 + "</div>" * 500))),
     "lồng nhau")  # fmt: skip
_zip("an item of four thousand choices", lambda: package(item(body(CHOICES * 2_000))), "quá nhiều thẻ")
_zip(
    "an item of one name for all choices",
    lambda: package(item(body(CHOICES.replace('"b"', '"a"')))),
    "Chưa có đáp án",
)
_zip(
    "an item of nine megabytes",
    lambda: stored(item(body(prompt=f"<prompt>{'x ' * 4 * MILLION}</prompt>"))),
    "không an toàn",
)
_zip("an item with marks by their numbers", lambda: stored(item(body(before="<p>a" + "&#x301;" * 9_000 + "</p>"))),
     "chồng lên")  # fmt: skip
_zip("items by the thousand", lambda: package(*[item()] * 1_500), "", 1_500)
_zip("empty items by the thousand", lambda: package(*["<a/>"] * 2_100), "quá nhiều chỗ phải sửa")
_zip("QTI 1.2", lambda: package("<questestinterop/>", kind="imsqti_xmlv1p2"), "2.1 hoặc 3.0")
_zip("a Word document", lambda: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
     "imsmanifest.xml")  # fmt: skip
_zip("a share that is no number", lambda: package(item(response='<mapping><mapEntry mapKey="a" mappedValue="nan"/>'
                                                                "</mapping>")), "Chưa có đáp án")  # fmt: skip
_zip("a share beyond all numbers", lambda: package(item(response='<mapping><mapEntry mapKey="a" mappedValue="1e999"/>'
                                                                 "</mapping>")), "Chưa có đáp án")  # fmt: skip
