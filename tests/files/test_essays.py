"""Files of essays: each is what its name says, and pages are counted where they can be."""

import io
import zipfile

import pytest
from docx import Document

from quiz.core.errors import RuleBroken
from quiz.core.essays import FileKind
from quiz.files.essays import ODT_MIMETYPE, looked_at

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def packed(**entries: bytes) -> bytes:
    """Return a zip file; "__" in a name stands for "/", "_xml" for ".xml"."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as files:
        for name, data in entries.items():
            files.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return made.getvalue()


def word() -> bytes:
    document, made = Document(), io.BytesIO()
    document.add_paragraph("Đề cương thuyết trình")
    document.save(made)
    return made.getvalue()


ODT = packed(mimetype=ODT_MIMETYPE, content_xml=b"<a/>", meta_xml=b'<m meta:page-count="7" xmlns:meta="m"/>')
TWO_PAGES = (
    b"%PDF-1.4\n1 0 obj <</Type /Pages /Count 2>>\n<</Type /Page>> <</Type/Page\n/Parent 1 0 R>>\n%%EOF\n"
)


@pytest.mark.parametrize(
    ("name", "data", "kind", "pages"),
    [
        ("đề cương.pdf", TWO_PAGES, FileKind.PDF, 2),
        ("a.PDF", b"%PDF-1.7\nstream of packed objects\n%%EOF", FileKind.PDF, None),
        ("a.docx", word(), FileKind.DOCX, 1),
        ("a.docx", packed(word__document_xml=b"<a/>"), FileKind.DOCX, None),
        (
            "a.docx",
            packed(word__document_xml=b"<a/>", docProps__app_xml=b"<P><Pages>12</Pages></P>"),
            FileKind.DOCX,
            12,
        ),
        ("a.odt", ODT, FileKind.ODT, 7),
        ("a.txt", "Đề cương".encode(), FileKind.TXT, None),
        ("a.jpeg", JPG, FileKind.JPG, 1),
        ("a.png", PNG, FileKind.PNG, 1),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name, data, kind, pages):
    assert looked_at(name, data) == (kind, pages)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", JPG),
        ("a.pdf", b"%PDF-1.4\ncut off"),
        ("a.docx", b"MZ\x90\x00"),
        ("a.docx", ODT),
        ("a.docx", word()[:-200]),
        ("a.odt", word()),
        ("a.odt", packed(content_xml=b"<a/>")),
        ("a.txt", b"\xff\xfe\x00\x01"),
        ("a.txt", b"MZ\x00\x00"),
        ("a.jpg", PNG),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.html", b"<script>"),
        ("a.pdf", b""),
        ("a.docx", packed(word__document_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")),
    ],
)
def test_anything_else_is_refused_with_a_sentence(name, data):
    with pytest.raises(RuleBroken):
        looked_at(name, data)
