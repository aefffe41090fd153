"""What ISO 19005-2:2011 asks of a PDF/A-2b, as far as the file's own objects tell: a list of what is against it.

It is no validator: it knows the rules an office's paper could break (fonts, colours, what runs, what lies elsewhere).
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

RUNS = {
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/Hide",
    "/SetOCGState",
    "/Rendition",
    "/JavaScript",
}
COLOURS = {
    1: {b"g", b"G"},
    3: {b"g", b"G", b"rg", b"RG"},
    4: {b"g", b"G", b"k", b"K"},
}  # by the intent's components
DEVICE = set().union(*COLOURS.values())


def faults(data: bytes) -> list[str]:
    """Return a line for each rule that is broken, with the clause it stands in."""
    return list(_faults(data, PdfReader(BytesIO(data))))


def _faults(data: bytes, reader: PdfReader) -> Iterator[str]:
    head = data.split(b"\n")
    if not re.fullmatch(rb"%PDF-1\.[0-7]\r?", head[0]):
        yield "6.1.2 header"
    if not re.match(rb"%[\x80-\xff]{4}", head[1]):
        yield "6.1.2 bytes above 127 after the header"
    if "/ID" not in reader.trailer:
        yield "6.1.3 no identifier"
    if "/Encrypt" in reader.trailer:
        yield "6.1.3 encrypted"
    root = reader.trailer["/Root"]
    if "/AA" in root:
        yield "6.5.2 actions of the document"
    meta = root.get("/Metadata")
    words = meta.get_object().get_data() if meta else b""
    if b"<pdfaid:part>2</pdfaid:part>" not in words or not re.search(
        rb"<pdfaid:conformance>[ABU]</pdfaid:conformance>", words
    ):
        yield "6.6.4 does not say what it is"
    components = _intent(root)
    if components is None:
        yield "6.2.3 no colour profile"
    for found in _objects(reader.trailer):
        yield from _of_object(found)
    for page in reader.pages:
        used = {operator for _, operator in ContentStream(page["/Contents"], reader).operations}
        if used & DEVICE - COLOURS.get(components or 0, set()):
            yield "6.2.4.3 colours the profile does not know"


def _intent(root: DictionaryObject) -> int | None:
    for intent in root.get("/OutputIntents", ()):
        profile = intent.get_object().get("/DestOutputProfile")
        if intent.get_object()["/S"] == "/GTS_PDFA1" and profile is not None:
            stream = profile.get_object()
            return int(stream["/N"]) if stream.get_data()[36:40] == b"acsp" else None
    return None


def _objects(trailer: DictionaryObject) -> Iterator[DictionaryObject]:
    waiting: list[Any] = [trailer]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            waiting += [found.raw_get(key) for key in found]
        elif isinstance(found, ArrayObject):
            waiting += list(found)


def _of_object(found: DictionaryObject) -> Iterator[str]:
    if isinstance(found, StreamObject):
        if "/F" in found:
            yield "6.1.7 data outside the file"
        filters = found.get("/Filter", ())
        if {"/LZWDecode", "/Crypt"} & set([filters] if isinstance(filters, NameObject) else filters):
            yield "6.1.7 a filter that is not allowed"
    if found.get("/S") in RUNS or "/JS" in found:
        yield "6.5.1 something that runs"
    if "/EF" in found:
        yield "6.8 a file within the file"
    if found.get("/Subtype") == "/Image" and (
        found.get("/Interpolate") or "/Alternates" in found or "/OPI" in found
    ):
        yield "6.2.8 an image that may look otherwise"
    if found.get("/Subtype") == "/PS" or found.get("/Subtype2") == "/PS":
        yield "6.2.9 PostScript"
    if found.get("/Type") == "/Font" and found.get("/Subtype") != "/Type0":
        yield from _of_font(found)


def _of_font(font: DictionaryObject) -> Iterator[str]:
    letters = font.get("/FontDescriptor", DictionaryObject()).get_object()
    if font["/Subtype"] != "/Type3" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(letters):
        yield f"6.2.11.4 the font {font.get('/BaseFont')} is not in the file"
    if font["/Subtype"] == "/CIDFontType2" and "/CIDToGIDMap" not in font:
        yield "6.2.11.3.2 letters without their shapes"
