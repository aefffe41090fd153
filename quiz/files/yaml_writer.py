"""Plain data as a YAML file that people read and edit: fields in their order, long texts folded, nothing cryptic."""

import io
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString

_WIDTH = 103
_LONG = 70


class Flow(list[str]):
    """A list written on one line: [A, C]."""


class _Representer(RoundTripRepresenter):
    """Writes null as a word instead of leaving the place empty, and a value again instead of pointing at it."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Tell that every value stands for itself: the reader refuses aliases, and one date may be used twice."""
        return True


_Representer.add_representer(
    type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null")
)


def dump(fields: dict[str, Any]) -> bytes:
    """Return dicts, lists, texts, dates, flags and None as a file in UTF-8."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Representer = _Representer
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    yaml.dump(_prepared(fields), out)
    return out.getvalue()


def _prepared(value: Any) -> Any:
    match value:
        case dict():
            return {name: _prepared(part) for name, part in value.items()}
        case Flow():
            flow = CommentedSeq(value)
            flow.fa.set_flow_style()
            return flow
        case list():
            return [_prepared(part) for part in value]
        case StrEnum():
            return value.value
        case str():
            return _text(value)
    return value


def _text(text: str) -> str:
    if len(text) > _LONG:
        return FoldedScalarString(text)
    return text if text[:1].isalpha() else DoubleQuotedScalarString(text)
