"""QTI 2.1 and 3.0: choice items and their packages are read, the rest is named, and what we write comes back equal."""

import io
import zipfile
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings

from quiz.core.items import Kind
from quiz.core.questions import Notice
from quiz.files.qti import read_qti
from quiz.files.questions import read, write
from tests.files.qti_samples import CHOICES, ONE_RIGHT, body, item, item_3, manifest, package, zipped
from tests.files.question_samples import EMPTY, banks, json_file, returned

SINGLE, SEVERAL, VERDICT = Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE
TWO_RIGHT = "<correctResponse><value>a</value><value>b</value></correctResponse>"
THREE = CHOICES + '<simpleChoice identifier="c">Ba</simpleChoice>'


def mapping(**shares):
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{share}"/>' for key, share in shares.items())
    return f'<mapping defaultValue="0">{entries}</mapping>'


# name: (item, kind, stem, options, key)
ITEMS = {
    "one right": (item(), SINGLE, "Ai?", ("Một", "Hai"), (1,)),
    "several right": (item(body(THREE, more='maxChoices="0"'), TWO_RIGHT, "multiple"), SEVERAL, "Ai?",
                      ("Một", "Hai", "Ba"), (0, 1)),
    "right by the mapping": (item(response=mapping(a=0, b=2)), SINGLE, "Ai?", ("Một", "Hai"), (1,)),
    "several right by the mapping": (item(body(THREE), mapping(a=1, c=1, b=-2), "multiple"), SEVERAL, "Ai?",
                                     ("Một", "Hai", "Ba"), (0, 2)),
    "text before the prompt": (item(body(before="<p>Một &amp; hai</p><div>ba<br/>bốn</div>")), SINGLE,
                               "Một & hai ba bốn Ai?", ("Một", "Hai"), (1,)),
    "no prompt": (item(body(before="<p>Ai?</p>", prompt="")), SINGLE, "Ai?", ("Một", "Hai"), (1,)),
    "right or wrong": (item(body('<simpleChoice identifier="a">Đúng</simpleChoice><simpleChoice identifier="b">Sai'
                                 "</simpleChoice>")), VERDICT, "Ai?", ("Đúng", "Sai"), (1,)),
    "words for the marker only": (item(body(before='<rubricBlock view="scorer"><p>Mật</p></rubricBlock>')), SINGLE,
                                  "Ai?", ("Một", "Hai"), (1,)),
}  # fmt: skip


@pytest.mark.parametrize("case", ITEMS)
def test_a_choice_item_is_read_alone_and_in_a_package(case):
    text, *expected = ITEMS[case]
    for data in (text.encode(), package(text)):
        questions, problems = read_qti(data)
        assert problems == []
        assert [[got.kind, got.stem, got.options, got.key] for got in questions] == [expected]


def test_an_item_of_3_0_has_its_feedback_and_its_code():
    got = read_qti(package(item_3(), kind="imsqti_item_xmlv3p0"))[0][0]
    assert got.stem == "Chi bộ họp thường lệ mấy tháng một lần?"
    assert (got.options, got.key) == (("Ba tháng", "Một tháng", "Sáu tháng"), (1,))
    assert (got.feedback, got.rationale, got.code) == (("Chưa đúng.", "", ""), "Điều 24.", "VD-03")
    assert (got.keep_order, got.keep_last, got.place, got.row) == (False, True, "items/0.xml", 1)


def test_modal_feedback_named_like_an_option_belongs_to_it():
    after = '<modalFeedback outcomeIdentifier="F" identifier="a" showHide="show">Chưa.</modalFeedback>'
    got = read_qti(item(after=after).encode())[0][0]
    assert (got.feedback, got.rationale) == (("Chưa.", ""), "")


# attributes of the interaction → keep_order
ORDERS = {'shuffle="true"': False, 'shuffle="false"': True, "": None}


@pytest.mark.parametrize("more", ORDERS)
def test_the_order_is_kept_when_the_item_says_so(more):
    assert read_qti(item(body(more=more)).encode())[0][0].keep_order is ORDERS[more]


def test_the_order_of_the_manifest_is_kept_and_places_are_named():
    contents = {"imsmanifest.xml": manifest("b.xml", "a.xml"), "a.xml": item(), "b.xml": item()}
    questions, _ = read_qti(zipped(contents))
    assert [(got.place, got.row) for got in questions] == [("b.xml", 1), ("a.xml", 2)]


def test_a_package_zipped_with_its_folder_is_read():
    contents = {"goi/imsmanifest.xml": manifest("a.xml"), "goi/a.xml": item()}
    assert len(read_qti(zipped(contents))[0]) == 1


LEFT_OUT = {
    "essay": ('<itemBody><extendedTextInteraction responseIdentifier="R"/></itemBody>', "tự luận"),
    "text": ('<itemBody><p>A <textEntryInteraction responseIdentifier="R"/></p></itemBody>', "trả lời ngắn"),
    "order": ('<itemBody><orderInteraction responseIdentifier="R"/></itemBody>', "sắp thứ tự"),
    "two choices": (body().replace("</itemBody>", "") + body().replace("<itemBody>", ""), "× 2"),
    "nothing to answer": ("<itemBody><p>Đọc.</p></itemBody>", "đoạn giới thiệu"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_kind_we_do_not_have_is_named_with_its_place_and_the_others_are_read(case):
    inside, words = LEFT_OUT[case]
    questions, problems = read_qti(package(item(), item(inside), item()))
    assert len(questions) == 2
    assert [(type(problem), problem.place, problem.row) for problem in problems] == [
        (Notice, "items/1.xml", 2)
    ]
    assert words in str(problems[0])


# name: (item, is a notice, part of the sentence)
TOLD = {
    "shares that differ": (item(body(THREE), mapping(a=3, c=1), "multiple"), True, "không giữ được"),
    "half the mark for another": (item(response=ONE_RIGHT + mapping(a=0.5, b=1)), True, "không giữ được"),
    "no right answer": (item(response=""), False, "Chưa có đáp án"),
    "a right answer that is no option": (item(response=ONE_RIGHT.replace(">b<", ">x<")), False, "Chưa có đáp án"),
    "options of one name": (item(body(CHOICES.replace('"b"', '"a"'))), False, "Chưa có đáp án"),
    "no options": (item(body("")), False, "Chưa có đáp án"),
    "another response": (item().replace('responseIdentifier="R"', 'responseIdentifier="S"'), False, "Chưa có đáp án"),
    "no body": (item("<p/>"), False, "không có nội dung"),
    "a picture": (item(body(before='<p><img src="a.png" alt="x"/></p>')), False, "hình ảnh"),
    "a picture in an option": (item(body(CHOICES.replace("Hai", '<object data="a.png"/>'))), False, "hình ảnh"),
    "a formula": (item(body(prompt='<prompt><math xmlns="m"><mi>x</mi></math></prompt>')), False, "hình ảnh"),
    "a picture in the feedback": (item(after='<modalFeedback identifier="x"><img src="a"/></modalFeedback>'), True,
                                  "Hình ảnh"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_what_cannot_be_carried_is_told_with_its_place(case):
    text, is_notice, words = TOLD[case]
    questions, problems = read_qti(package(item(), text))
    assert [(problem.row, isinstance(problem, Notice)) for problem in problems] == [(2, is_notice)]
    assert words in str(problems[0])
    assert len(questions) == 1 + is_notice


TEST = '<resource identifier="t" type="imsqti_test_xmlv2p1" href="t.xml"/>'
# name: (file, place, row, is a notice, part of the sentence)
PACKAGES = {
    "words in bold": (package(item(body(prompt="<prompt>A<b>i</b>?</prompt>"))), "", None, True, "items/0.xml"),
    "a name as in an address": (zipped({"imsmanifest.xml": manifest("c%C3%A2u%201.xml"), "câu 1.xml": item(
        body(before="<sup>2</sup>"))}), "", None, True, "chữ thường"),
    "a test beside the items": (package(item(), more=TEST), "", None, True, "Cấu trúc đề"),
    "no manifest": (zipped({"a.xml": item()}), "", None, False, "imsmanifest.xml"),
    "a manifest without items": (package(more=TEST), "", None, False, "2.1 hoặc 3.0"),
    "items of QTI 1.2": (package(item(), kind="imsqti_xmlv1p2"), "", None, False, "2.1 hoặc 3.0"),
    "an item that is not there": (zipped({"imsmanifest.xml": manifest("a.xml")}), "a.xml", 1, False, "không có tệp"),
    "an item outside the package": (zipped({"imsmanifest.xml": manifest("../../etc/passwd")}), "../../etc/passwd", 1,
                                    False, "không có tệp"),
    "an item that is something else": (package("<a/>"), "items/0.xml", None, False, "không phải một câu hỏi QTI"),
    "an item that stops": (package(item()[:-30]), "items/0.xml", 3, False, "không đọc được"),
    "another XML file": (b"<quiz/>", "", None, False, "không phải một câu hỏi QTI"),
}  # fmt: skip


@pytest.mark.parametrize("case", PACKAGES)
def test_what_is_wrong_with_a_package_is_named(case):
    data, place, row, is_notice, words = PACKAGES[case]
    questions, problems = read_qti(data)
    assert [(found.place, found.row, isinstance(found, Notice)) for found in problems] == [
        (place, row, is_notice)
    ]
    assert words in str(problems[0])
    assert len(questions) == int(is_notice)


@pytest.mark.long
@pytest.mark.parametrize("name", ["qti3", "qti2"])
@settings(max_examples=25, deadline=None)
@given(bank=banks((SINGLE, SEVERAL, VERDICT)))
def test_what_is_written_is_read_back_equal(name, bank):
    written = write(name, bank)
    unread = replace(bank, items=tuple(replace(got, reviewed=None) for got in bank.items))
    if bank.items:
        assert returned(name, written.data) == unread
    assert bool(written.losses) == (bank != unread)


@pytest.mark.parametrize("name", ["qti3", "qti2"])
def test_every_part_is_sound_xml_and_the_same_items_make_the_same_bytes(name):
    bank = returned(
        "json", json_file({"code": "7 <&>", "stem": "A & <b>?", "options": ["a", "b"], "key": "A"})
    )
    data = write(name, bank).data
    assert data == write(name, bank).data
    archive = zipfile.ZipFile(io.BytesIO(data))
    roots = [fromstring(archive.read(part)) for part in archive.namelist()]  # noqa: S314 - our own file
    assert len(roots) == 2
    assert read(None, data, "a.zip")[0][0].code == "7 <&>"
    assert write(name, EMPTY).losses == ()
