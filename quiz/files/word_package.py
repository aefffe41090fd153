"""A .docx opened for its text alone: the parts that matter, parsed without entities, in bounded memory.

python-docx would load every picture and embedded file of the package first; the text needs three of its parts.
`zip_check` comes before, with limits for a document.
"""

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from quiz.files.zip_check import ZipLimits

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    )
}
LIMITS = ZipLimits(tags=800_000, equals=500_000, names=5_000)
DAMAGE = (
    ValueError, LookupError, etree.XMLSyntaxError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError,
)  # fmt: skip

Element = etree._Element


class NoDocument(ValueError):
    """The package is sound and holds no Word document."""


def _parsed(data: bytes) -> Element:
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    return etree.fromstring(data, parser)


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def said(element: Element | None, name: str = "val", default: str = "") -> str:
    """Return an attribute of Word's own namespace."""
    return default if element is None else str(element.get(WORD + name, default))


def number(element: Element | None, name: str = "val", default: int = 0) -> int:
    """Return an attribute that is a small whole number, else `default`."""
    text = said(element, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default


class Document:
    """The parts of a .docx: `body`, and `styles` and `numbering` where there are such.

    Raises NoDocument, or one of DAMAGE for a damaged package.
    """

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = set(self.archive.namelist())
        main = self._main()
        root = _parsed(self.archive.read(main))
        body = root.find(WORD + "body")
        if body is None:
            raise NoDocument
        self.body: Element = body
        links = self._links(main)
        self.styles = self._part(links.get("styles"))
        self.numbering = self._part(links.get("numbering"))
        self.has_macros = any(name.lower().endswith("vbaproject.bin") for name in self.names)

    def _part(self, name: str | None) -> Element | None:
        return _parsed(self.archive.read(name)) if name in self.names else None

    def _links(self, part: str) -> dict[str, str]:
        """Return the relations of `part` ("" is the package): last word of the type → name of the entry."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where not in self.names:
            return {}
        links = {}
        for link in _parsed(self.archive.read(where)):
            if link.get("TargetMode") != "External":
                target = posixpath.join("/", folder, link.get("Target", ""))
                links[link.get("Type", "").rpartition("/")[2]] = posixpath.normpath(target).lstrip("/")
        return links

    def _main(self) -> str:
        main = self._links("").get("officeDocument", "")
        if main not in self.names:
            raise NoDocument
        return main
