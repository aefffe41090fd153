"""Items as a QTI package, 3.0 or 2.1: an XML file each, and a manifest whose keywords say the rest of what we know.

The elements are described once under the names of 2.1; QTI 3.0 calls them qti-choice-interaction instead of
choiceInteraction, and its attributes likewise.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from quiz.core.errors import Problem
from quiz.core.items import BankDraft, ItemDraft, Kind
from quiz.files.losses import losses_of
from quiz.files.qti import MANIFEST
from quiz.files.question_tags import tags_of

_KINDS = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE)
_LETTERS = "ABCDEF"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same items make the same bytes


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of the format."""

    items: str
    packaging: str
    resource: str
    schema: tuple[str, str]
    has_dashes: bool

    def name(self, name: str) -> str:
        """Return an attribute's name in this version."""
        return _CAPITAL.sub(lambda found: f"-{found[1].lower()}", name) if self.has_dashes else name

    def tag(self, name: str, *inside: str, **attributes: str) -> str:
        """Return an element of QTI with its contents, which are XML already."""
        return _element(("qti-" if self.has_dashes else "") + self.name(name), *inside,
                        **{self.name(key): text for key, text in attributes.items()})  # fmt: skip


_V3 = _Version(
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "imsqti_item_xmlv3p0", ("QTI Package", "3.0.0"), True,
)  # fmt: skip
_V2 = _Version(
    "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imscp_v1p1",
    "imsqti_item_xmlv2p1", ("QTIv2.1 Package", "1.0.0"), False,
)  # fmt: skip


def write_qti_3(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the items as a QTI 3.0 package that read_qti reads back, and what is left behind."""
    return _package(bank, _V3), losses_of(bank, _KINDS)


def write_qti_2(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the items as a QTI 2.1 package that read_qti reads back, and what is left behind."""
    return _package(bank, _V2), losses_of(bank, _KINDS)


def _element(name: str, *inside: str, **attributes: str) -> str:
    said = "".join(f" {key}={quoteattr(text)}" for key, text in attributes.items())
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def _package(bank: BankDraft, version: _Version) -> bytes:
    items = [item for item in bank.items if item.kind in _KINDS]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(MANIFEST), _manifest(items, version))
        for number, item in enumerate(items, start=1):
            archive.writestr(_entry(_href(number)), _HEAD + _item(item, number, version) + "\n")
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _href(number: int) -> str:
    return f"items/{number:05d}.xml"


def _manifest(items: list[ItemDraft], version: _Version) -> str:
    schema, number = version.schema
    metadata = _element("metadata", _element("schema", schema), _element("schemaversion", number))
    resources = "\n".join(_resource(item, place, version) for place, item in enumerate(items, start=1))
    listed = _element("resources", resources or " ")
    return _HEAD + _element(
        "manifest", metadata, "<organizations/>", listed, xmlns=version.packaging, identifier="MANIFEST"
    )


def _resource(item: ItemDraft, number: int, version: _Version) -> str:
    words = [_element("keyword", _element("string", escape(tag))) for tag in tags_of(item, with_code=True)]
    lom = _element("lom", _element("general", *words), xmlns=_LOM)
    return _element(
        "resource", _element("metadata", lom), _element("file", href=_href(number)),
        identifier=_identifier(item, number), type=version.resource, href=_href(number),
    )  # fmt: skip


def _identifier(item: ItemDraft, number: int) -> str:
    """Return the code where QTI takes it for an identifier, a number otherwise."""
    return item.code if _NAME.fullmatch(item.code) else f"item-{number}"


def _item(item: ItemDraft, number: int, version: _Version) -> str:
    tag = version.tag
    cardinality = "multiple" if item.kind is Kind.MULTIPLE else "single"
    right = [tag("value", _LETTERS[place]) for place in item.key]
    parts = [
        tag("responseDeclaration", tag("correctResponse", *right), identifier="RESPONSE", cardinality=cardinality,
            baseType="identifier"),
        tag("outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float"),
        tag("outcomeDeclaration", identifier="FEEDBACK", cardinality=cardinality, baseType="identifier"),
        tag("itemBody", _interaction(item, version)),
        _processing(version),
    ]  # fmt: skip
    if item.rationale:  # shown whatever was chosen: no choice has this identifier
        text = _element("p", escape(item.rationale))
        content = tag("contentBody", text) if version.has_dashes else text
        parts.append(
            tag("modalFeedback", content, outcomeIdentifier="FEEDBACK", identifier="NONE", showHide="hide")
        )
    return tag(
        "assessmentItem", *parts, xmlns=version.items, identifier=_identifier(item, number), title=item.code,
        adaptive="false", timeDependent="false",
    )  # fmt: skip


def _interaction(item: ItemDraft, version: _Version) -> str:
    said = item.feedback or ("",) * len(item.options)
    last = len(item.options) - 1
    choices = [
        version.tag("simpleChoice", escape(option), _inline(said[place], place, version),
                    identifier=_LETTERS[place], fixed="true" if item.keep_last and place == last else "false")
        for place, option in enumerate(item.options)
    ]  # fmt: skip
    return version.tag(
        "choiceInteraction", version.tag("prompt", escape(item.stem)), *choices, responseIdentifier="RESPONSE",
        shuffle="false" if item.keep_order else "true", maxChoices="0" if item.kind is Kind.MULTIPLE else "1",
    )  # fmt: skip


def _inline(text: str, place: int, version: _Version) -> str:
    if not text:
        return ""
    return version.tag("feedbackInline", escape(text), outcomeIdentifier="FEEDBACK", identifier=_LETTERS[place],
                       showHide="show")  # fmt: skip


def _processing(version: _Version) -> str:
    """Return the rule that gives one mark for exactly the right options and shows the feedback of those chosen."""
    tag = version.tag
    chosen, right = tag("variable", identifier="RESPONSE"), tag("correct", identifier="RESPONSE")

    def scored(value: str) -> str:
        return tag("setOutcomeValue", tag("baseValue", value, baseType="float"), identifier="SCORE")

    return tag(
        "responseProcessing",
        tag("responseCondition", tag("responseIf", tag("match", chosen, right), scored("1")),
            tag("responseElse", scored("0"))),
        tag("setOutcomeValue", chosen, identifier="FEEDBACK"),
    )  # fmt: skip
