"""What Word itself leaves in the XML of a document that was edited for weeks: the same words in odd wrappings."""

import io
import random
import zipfile
from copy import deepcopy

from lxml import etree

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
NS = f'xmlns:w="{WORD}"'
ALTERNATIVES = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def element(text: str):
    return etree.fromstring(text)


def wrapped(run, name: str, inner: str = "", **attributes: str):
    """Put a run inside a new element, or inside `inner` of it."""
    wrapper = etree.Element(W + name, {W + key: value for key, value in attributes.items()})
    run.addprevious(wrapper)
    (etree.SubElement(wrapper, W + inner) if inner else wrapper).append(run)


def split(run, chance):
    """Cut the text of a run in two runs of the same look."""
    text = run.find(W + "t")
    if text is None or not text.text or len(text.text) < 2 or len(run.findall(W + "t")) > 1:
        return
    at = chance.randrange(1, len(text.text))
    twin = deepcopy(run)
    text.text, twin.find(W + "t").text = text.text[:at], text.text[at:]
    for one in (run, twin):
        one.find(W + "t").set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.addnext(twin)


def rsid(run, chance):
    run.set(W + "rsidR", f"00{chance.randrange(16**6):06X}")


def spelling(run, chance):
    run.addprevious(element(f'<w:proofErr {NS} w:type="spellStart"/>'))
    run.addnext(element(f'<w:proofErr {NS} w:type="spellEnd"/>'))


def bookmarked(run, chance):
    run.addprevious(element(f'<w:bookmarkStart {NS} w:id="{chance.randrange(999)}" w:name="_GoBack"/>'))
    run.addnext(element(f'<w:bookmarkEnd {NS} w:id="1"/>'))


def smart_tag(run, chance):
    wrapped(run, "smartTag", element="place")


def content_control(run, chance):
    wrapped(run, "sdt", "sdtContent")


def inserted(run, chance):
    wrapped(run, "ins", id="7", author="VP", date="2026-11-01T00:00:00Z")


def moved_here(run, chance):
    wrapped(run, "moveTo", id="8", author="VP")


def linked(run, chance):
    wrapped(run, "hyperlink", anchor="_Toc1")


def after_deleted(run, chance):
    """Put deleted words before a run, which tracked changes still show struck out."""
    words = chance.choice(["D. ", "*", "Đáp án: A", "Câu 7. "])
    text = f'<w:del {NS} w:id="9" w:author="VP"><w:r><w:rPr><w:b/></w:rPr><w:delText>{words}</w:delText></w:r></w:del>'
    run.addprevious(element(text))


def after_moved_away(run, chance):
    text = f'<w:moveFrom {NS} w:id="9" w:author="VP"><w:r><w:t>B. chuyển đi</w:t></w:r></w:moveFrom>'
    run.addprevious(element(text))


def after_field(run, chance):
    """Put the code of a field before a run; its words are the field's result."""
    for inside in ('<w:fldChar w:fldCharType="begin"/>', "<w:instrText>A. REF q1 \\* MERGEFORMAT</w:instrText>",
                   '<w:fldChar w:fldCharType="separate"/>'):  # fmt: skip
        run.addprevious(element(f"<w:r {NS}>{inside}</w:r>"))
    run.addnext(element(f'<w:r {NS}><w:fldChar w:fldCharType="end"/></w:r>'))


def alternatives(run, chance):
    """Offer a run twice, once for newer and once for older programs."""
    outer = etree.Element(f"{{{ALTERNATIVES}}}AlternateContent")
    run.addprevious(outer)
    for name in ("Choice", "Fallback"):
        etree.SubElement(outer, f"{{{ALTERNATIVES}}}{name}").append(deepcopy(run))
    run.getparent().remove(run)


def page_seen(run, chance):
    run.insert(0, element(f"<w:lastRenderedPageBreak {NS}/>"))


def looked_different(run, chance):
    """Leave a note of how a run looked before a tracked change of its look."""
    properties = run.find(W + "rPr")
    if properties is None:
        properties = etree.Element(W + "rPr")
        run.insert(0, properties)
    before = '<w:rPr><w:b/><w:u w:val="single"/><w:color w:val="FF0000"/></w:rPr>'
    properties.append(element(f'<w:rPrChange {NS} w:id="3" w:author="VP">{before}</w:rPrChange>'))


TRICKS = (
    split, split, split, rsid, spelling, bookmarked, smart_tag, content_control, inserted, moved_here, linked,
    after_deleted, after_moved_away, after_field, alternatives, page_seen, looked_different,
)  # fmt: skip


def roughened(data: bytes, chance: random.Random, share: float = 0.5) -> bytes:
    """Return a document that says the same in rougher XML: about `share` of its runs are touched."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, _rough(content, chance, share) if name == "word/document.xml" else content)
    return target.getvalue()


def _rough(content: bytes, chance: random.Random, share: float) -> bytes:
    root = etree.fromstring(content)
    for run in list(root.iter(W + "r")):
        if chance.random() < share:
            chance.choice(TRICKS)(run, chance)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
