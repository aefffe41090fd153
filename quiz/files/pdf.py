"""Papers to print and pictures to keep: a typst template filled with plain data becomes a PDF/A-2b or a PNG.

Users' text reaches the template only as JSON, never as markup; the template may read nothing outside its own folder.
The same content and instant always give the same bytes.
"""

import json
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

_HERE = Path(__file__).resolve().parent
TEMPLATES = _HERE / "typst"
FONTS = (
    _HERE / "fonts"
)  # Tinos has the metrics of Times New Roman, which the rules for official papers ask for
MIMETYPE = "application/pdf"
PICTURE = "image/png"
DENSITY = 160  # dots per inch of a picture: sharp on a phone, and small on a poor line


def render(template: str, content: Mapping[str, Any], made_at: int) -> bytes:
    """Return `template` filled with `content` (what JSON can hold) as a PDF dated `made_at`, ms UTC."""
    return typst.compile(  # type: ignore[return-value]  # one file is asked for, so it is bytes
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=made_at // 1000,
    )


def picture(template: str, content: Mapping[str, Any]) -> bytes:
    """Return `template`, which has one page, filled with `content` as a PNG."""
    return typst.compile(  # type: ignore[return-value]
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="png",
        ppi=DENSITY,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def qr(text: str) -> str:
    """Return `text` as a drawing (SVG) that phones read, without a margin: the template leaves white around it."""
    drawing = BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, border=0, omitsize=True)
    return drawing.getvalue().decode()
