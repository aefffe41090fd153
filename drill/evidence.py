"""What the pages and spreadsheets say in the end, and how it compares with what the database holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from drill import comparison, rankings
from drill.browser import Browser
from drill.comparison import Shown
from drill.crowd import Tries
from drill.scorer import marks_of
from drill.stored import Stored


@dataclass(slots=True)
class Evidence:
    """What pages said: participation (cells, contestants, per cent), and by edition the lines and who goes on."""

    participation: tuple[int, int, float] = (0, 0, 0.0)
    pages: dict[int, list[Shown]] = field(default_factory=dict)
    spreadsheets: dict[int, list[Shown]] = field(default_factory=dict)
    promotions: dict[int, rankings.Promoted] = field(default_factory=dict)
    ties_decided: int = 0
    tries: Tries = field(default_factory=Tries)

    def read(self, visitor: Browser, editions: Iterable[int]) -> None:
        """Read what everybody may see of these editions."""
        for edition in editions:
            self.pages[edition] = rankings.public_lines(visitor, edition)
            self.spreadsheets[edition] = rankings.spreadsheet_lines(visitor, edition)

    def differences(self, stored: Stored) -> list[str]:
        """Return what was shown otherwise than the rules give it."""
        marks = marks_of(stored)
        found = []
        for key, edition in stored.editions.items():
            for shown in (self.pages, self.spreadsheets):
                found += comparison.page_differences(shown.get(key, []), edition, stored, marks)
        for key, (chosen, reserves) in self.promotions.items():
            found += comparison.promotion_differences(chosen, reserves, stored.editions[key], stored, marks)
        return found

    def figures(self, stored: Stored) -> dict[str, Any]:
        """Return the size of the contest as the database has it, and whether the page of participation agrees."""
        first = [entry for entry in stored.entries.values() if _is_first(entry.round, stored)]
        cells = {entry.cell for entry in first if not entry.is_withdrawn} | stored.absent_cells
        sat = {attempt.entry for attempt in stored.attempts if attempt.submitted_at is not None}
        contestants = [entry for entry in first if entry.id in sat]
        percent = round(100 * len({entry.cell for entry in contestants}) / len(cells), 1)
        final = {edition.round for edition in stored.editions.values() if edition.kind == "final"}
        return {
            "cells": len(cells),
            "contestants": len(contestants),
            "participation_percent": percent,
            "participation_page_differs": int(self.participation != (len(cells), len(contestants), percent)),
            "rounds": len(final),
            "finalists": len(comparison.finalists(stored)),
            "ties_decided": self.ties_decided,
        }


def _is_first(round_id: int, stored: Stored) -> bool:
    return stored.rounds[round_id].ordinal == 1
