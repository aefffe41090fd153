"""An office paper as a PDF/A, to be printed and signed: the same value as the Word file, set by typst."""

from collections.abc import Callable
from typing import Any

from quiz.core.paperwork import (
    Blank,
    Block,
    Bundle,
    Certificates,
    Heading,
    Paper,
    Span,
    Table,
    Text,
    cell_text,
)
from quiz.files import pdf

MIMETYPE = pdf.MIMETYPE


def write(paper: Paper) -> bytes:
    """Return the paper as PDF."""
    return pdf.render("office", content_of(paper), paper.made_at)


def write_bundle(bundle: Bundle) -> bytes:
    """Return papers as one PDF, each from a page of its own on."""
    content = {"title": bundle.title, "papers": [content_of(paper) for paper in bundle.papers]}
    return pdf.render("office", content, bundle.made_at)


def write_certificates(certificates: Certificates, report: Callable[[int, int], None] | None = None) -> bytes:
    """Return the certificates as PDF, one a page.

    They are set in one go: `report` is told how many there are before it, and that all are done after it.
    """
    count = len(certificates.holders)
    if report is not None:
        report(0, count)
    content = pdf.render("certificates", certificates_content(certificates), certificates.made_at)
    if report is not None:
        report(count, count)
    return content


def content_of(paper: Paper) -> dict[str, Any]:
    """Return what the template gets: plain data, every value as people read it."""
    head = paper.letterhead
    return {
        "title": paper.title.upper(),
        "subject": paper.subject,
        "landscape": paper.landscape,
        "draft": "DỰ THẢO" if paper.is_draft else "",
        "head": {
            "above": head.above.upper(),
            "body": head.body.upper(),
            "number": head.number,
            "place": head.place_and_date,
        },
        "blocks": [_block(block) for block in paper.blocks],
        "annex": [_block(block) for block in paper.annex],
        "recipients": list(paper.recipients),
        "signatures": [
            {"behalf": one.on_behalf.upper(), "position": one.position.upper(), "name": one.name}
            for one in paper.signatures
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Text():
            return {
                "kind": "text", "text": block.text, "lead": block.lead, "italic": block.italic,
                "centred": block.centred,
            }  # fmt: skip
        case Blank(lines):
            return {"kind": "blank", "lines": lines}
        case Table():
            return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "tall": table.tall,
        "heads": [column.title for column in table.columns],
        "widths": [column.width for column in table.columns],
        "aligns": [str(column.align) for column in table.columns],
        "rows": [
            {"span": row.text} if isinstance(row, Span) else {"cells": [cell_text(cell) for cell in row]}
            for row in table.rows
        ],
        "total": None if table.total is None else [cell_text(cell) for cell in table.total],
    }


def certificates_content(certificates: Certificates) -> dict[str, Any]:
    """Return what the template of certificates gets."""
    head, sign = certificates.letterhead, certificates.signature
    return {
        "title": certificates.title.upper(),
        "contest": certificates.contest,
        "decision": certificates.decision,
        "head": {"above": head.above.upper(), "body": head.body.upper(), "place": head.place_and_date},
        "sign": {
            "behalf": sign.on_behalf.upper(),
            "position": sign.position.upper(),
            "name": sign.name,
        },
        "holders": [
            {
                "number": one.number,
                "verb": one.verb,
                "name": one.name,
                "about": one.about,
                "reason": one.reason,
            }
            for one in certificates.holders
        ],
    }
