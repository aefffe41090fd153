"""`python -m drill --kill 20 --db postgres`: play a whole district's contest and say whether everything held."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from drill import checker, comparison, history, postgres, report, stored
from drill.browser import Meter
from drill.contestant import World
from drill.history import History
from drill.knowledge import Knowledge
from drill.play import ADMIN, PASSWORD, Play
from drill.scorer import marks_of
from drill.server import ROOT, Server

WORKERS = 3


def main() -> int:
    """Run the drill and return its exit status: 0 only when all holds."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    began = time.monotonic()
    with _scratch(options.db) as (folder, database_url):
        server = Server(folder, database_url, WORKERS)
        meter, log = Meter(), History(folder / "history.jsonl")
        try:
            play = _play(server, meter, log, options)
        except BaseException:
            print(server.tail(), *meter.faults, sep="\n", file=sys.stderr)
            raise
        finally:
            server.stop()
            log.close()
        figures, findings = _check(play, server, log)
    figures |= {"killed": server.killed, "kill": options.kill, "db": options.db, "seed": options.seed}
    figures["seconds"] = round(time.monotonic() - began, 1)
    figures["requests_per_second"] = round(figures["requests"] / figures["seconds"], 1)
    return _tell(play, figures, findings)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m drill", description=__doc__)
    parser.add_argument(
        "--kill", type=int, default=0, help="workers to kill with SIGKILL while contestants sit"
    )
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", default="2023-02-25", help="another seed, other people and other accidents")
    return parser.parse_args()


@contextmanager
def _scratch(db: str) -> Iterator[tuple[Path, str]]:
    with (
        tempfile.TemporaryDirectory(prefix="drill-") as folder,
        postgres.temporary_postgres() if db == "postgres" else nullcontext("") as database_url,
    ):
        yield Path(folder), database_url


def _play(server: Server, meter: Meter, log: History, options: argparse.Namespace) -> Play:
    banks = sorted((ROOT / "questions").glob("*.yaml"))
    world = World(server.port, meter, log, Knowledge(banks))
    play = Play(server, world, ROOT, options.kill, options.seed)
    with play.step("prepare and start the server"):
        server.command("db", "upgrade")
        server.command("bank", "import", *map(str, banks), "--trusted")
        server.command("people", "create-admin", ADMIN, "--password", PASSWORD)
        server.start()
    play.run()
    return play


def _check(play: Play, server: Server, log: History) -> tuple[dict[str, Any], list[str]]:
    """Return the figures and everything found wrong; the server has been stopped."""
    kept = stored.read(stored.connect(server.database))
    with log.path.open(encoding="utf-8") as lines:
        calls = history.read(lines)
    faults = checker.check(calls, kept)
    differences = comparison.differences(kept) + _page_differences(play, kept)
    counts = checker.counts(faults)
    statuses = report.statuses(play.meter)
    figures = {
        **_contest_figures(play, kept),
        "acknowledged": sum(save.outcome == history.OK for save in calls.saves),
        "unknown": sum(save.outcome == history.UNKNOWN for save in calls.saves),
        "refused": sum(save.outcome == history.FAIL for save in calls.saves),
        **{kind: counts[kind] for kind in checker.KINDS},
        "rank_differences": len(differences),
        "wrongly_accepted": len(play.evidence.wrongly_accepted),
        "http_5xx": sum(number for status, number in statuses.items() if status >= 500),
        "requests": sum(statuses.values()),
    }
    found = [*map(str, faults), *differences, *play.evidence.wrongly_accepted, *play.meter.faults]
    return figures, found


def _contest_figures(play: Play, kept: stored.Stored) -> dict[str, Any]:
    first = [key for key, contest_round in kept.rounds.items() if contest_round.ordinal == 1]
    entries = [entry for entry in kept.entries.values() if entry.round in first and not entry.is_withdrawn]
    cells = {entry.cell for entry in entries} | kept.absent_cells
    sat = {attempt.entry for attempt in kept.attempts if attempt.submitted_at is not None}
    contestants = [entry for entry in entries if entry.id in sat]
    percent = round(100 * len({entry.cell for entry in contestants}) / len(cells), 1)
    shown = (play.evidence.cells, play.evidence.contestants, play.evidence.percent)
    return {
        "cells": len(cells),
        "contestants": len(contestants),
        "participation_percent": percent,
        "participation_page_differs": int(shown != (len(cells), len(contestants), percent)),
        "rounds": len({edition.round for edition in kept.editions.values() if edition.kind == "final"}),
        "finalists": sum(entry.id in sat for entry in comparison.finalists(kept)),
        "ties_decided": play.evidence.ties_decided,
    }


def _page_differences(play: Play, kept: stored.Stored) -> list[str]:
    marks = marks_of(kept)
    found = []
    for key, edition in kept.editions.items():
        for shown in (play.evidence.public, play.evidence.spreadsheets):
            found += comparison.page_differences(shown.get(key, []), edition, kept, marks)
    for key, (chosen, reserves) in play.evidence.promotions.items():
        found += comparison.promotion_differences(chosen, reserves, kept.editions[key], kept, marks)
    return found


def _tell(play: Play, figures: dict[str, Any], findings: list[str]) -> int:
    print(f"\n{report.table(play.steps, play.meter)}\n")
    for finding in findings[:50]:
        print(f"FOUND  {finding}")
    failures = report.failures(figures)
    for failure in failures:
        print(f"FAILED  {failure}")
    print(report.last_line(figures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
