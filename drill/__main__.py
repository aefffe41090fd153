"""`python -m drill --kill 20 --db postgres`: play a whole district's contest and say whether everything held."""

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from drill import checker, comparison, history, postgres, report, sheet_checker, stored, ways
from drill.browser import Meter
from drill.carrying import Laptop
from drill.contestant import World
from drill.history import History, Log
from drill.knowledge import Knowledge
from drill.play import ADMIN, PASSWORD, Play
from drill.server import ROOT, Server
from drill.stored import Stored

WORKERS, WORKERS_OF_A_LAPTOP = 3, 2
BANKS = sorted((ROOT / "questions").glob("*.yaml"))
WORKBOOK = ROOT / "demo" / "mai-son.xlsx"


def main() -> int:
    """Run the drill and return its exit status: 0 only when all holds."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    began = time.monotonic()
    with _scratch(options.db, options.keep) as (folder, database_url):
        meter, knowledge = Meter(), Knowledge(BANKS)
        server = Server(folder, database_url, WORKERS)
        (folder / "hall").mkdir()
        laptop = Laptop(Server(folder / "hall", "", WORKERS_OF_A_LAPTOP), meter, knowledge)
        log, sheets = History(folder / "history.jsonl"), History(folder / "sheets.jsonl")
        try:
            world = World(server.port, meter, log, knowledge)
            play = Play(server, world, laptop, sheets, WORKBOOK, options.kill, options.seed)
            _prepare(play, server, laptop)
            play.run()
        except BaseException:
            print(server.tail(), laptop.server.tail(), *meter.faults, sep="\n", file=sys.stderr)
            raise
        finally:
            server.stop()
            laptop.server.stop()
            for history_file in (log, sheets, laptop.history, laptop.sheets):
                history_file.close()
        figures, findings = _check(play, server, laptop)
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
    parser.add_argument(
        "--keep", type=Path, help="empty folder for history, log and database, to look at afterwards"
    )
    parser.add_argument("--seed", default="2023-02-25", help="another seed, other people and other accidents")
    return parser.parse_args()


@contextmanager
def _scratch(db: str, keep: Path | None) -> Iterator[tuple[Path, str]]:
    """The folder of a run and the address of its PostgreSQL, "" for none; both are gone afterwards unless kept."""
    if keep:
        keep.mkdir(parents=True)
    with (
        nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="drill-") as folder,
        postgres.temporary_postgres() if db == "postgres" else nullcontext("") as database_url,
    ):
        yield Path(folder), database_url


def _prepare(play: Play, server: Server, laptop: Laptop) -> None:
    with play.step("prepare and start the servers"):
        server.command("db", "upgrade")
        server.command("bank", "import", *map(str, BANKS), "--trusted")
        server.command("people", "create-admin", ADMIN, "--password", PASSWORD)
        server.start()
        laptop.start()


def _read(log: History) -> Log:
    with log.path.open(encoding="utf-8") as lines:
        return history.read(lines)


def _calls(play: Play, kept: Stored, far_off: Stored, far_calls: Log) -> Log:
    """Return what was asked of the district's server, with what reached it from the laptop and from paper."""
    here = {attempt.receipt: attempt.id for attempt in kept.attempts}
    carried = {one.id: here[one.receipt] for one in far_off.attempts if one.receipt in here}
    return history.together(
        _read(play.world.history),
        history.renumbered(far_calls, carried),
        _on_paper(play.special.sheets, kept),
    )


def _on_paper(sheets: History, kept: Stored) -> Log:
    """Return what stands on answer sheets, by the attempts they belong to."""
    return history.renumbered(_read(sheets), {keying.paper: keying.attempt for keying in kept.keyings})


def _check(play: Play, server: Server, laptop: Laptop) -> tuple[dict[str, Any], list[str]]:
    """Return the figures and everything found wrong; the servers have been stopped."""
    kept, far_off = stored.read_from(server.database), stored.read_from(laptop.server.database)
    far_calls = history.together(_read(laptop.history), _on_paper(laptop.sheets, far_off))
    calls = _calls(play, kept, far_off, far_calls)
    faults = checker.check(calls, kept) + checker.check(far_calls, far_off)
    differences = comparison.differences(kept) + comparison.differences(far_off)
    differences += play.evidence.differences(kept)
    otherwise = ways.differences(kept, far_off, play.special.expected)
    sheet_faults, on_stage = sheet_checker.check(calls, kept), comparison.stage_differences(kept)
    run_otherwise = sheet_checker.differences(kept, play.stage.expected)
    counts, outcomes = checker.counts(faults), Counter(save.outcome for save in calls.saves)
    tries, meter = play.evidence.tries, play.world.meter
    figures = {
        **play.evidence.figures(kept),
        **ways.figures(kept),
        "acknowledged": outcomes[history.OK],
        "unknown": outcomes[history.UNKNOWN],
        "refused": outcomes[history.FAIL],
        **{kind: counts[kind] for kind in checker.KINDS},
        **sheet_checker.figures(kept, calls),
        **sheet_checker.counts(sheet_faults),
        "rank_differences": len(differences),
        "stage_rank_differences": len(on_stage),
        "stage_differs": len(run_otherwise),
        "ways_differ": len(otherwise),
        "rightly_refused": tries.refused,
        "wrongly_accepted": len(tries.accepted),
        **report.traffic(meter),
    }
    findings = [*map(str, [*faults, *sheet_faults]), *dict.fromkeys([*differences, *on_stage])]
    return figures, [*findings, *run_otherwise, *otherwise, *tries.accepted, *meter.faults]


def _tell(play: Play, figures: dict[str, Any], findings: list[str]) -> int:
    print(f"\n{report.table(play.steps, play.world.meter)}\n")
    for finding in findings[:50]:
        print(f"FOUND  {finding}")
    failures = report.failures(figures)
    for failure in failures:
        print(f"FAILED  {failure}")
    print(report.last_line(figures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
