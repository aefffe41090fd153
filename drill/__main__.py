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

from drill import checker, comparison, history, postgres, report, stored
from drill.browser import Meter
from drill.contestant import World
from drill.history import History
from drill.knowledge import Knowledge
from drill.play import ADMIN, PASSWORD, Play
from drill.server import ROOT, Server

WORKERS = 3


def main() -> int:
    """Run the drill and return its exit status: 0 only when all holds."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    began = time.monotonic()
    with _scratch(options.db, options.keep) as (folder, database_url):
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


def _play(server: Server, meter: Meter, log: History, options: argparse.Namespace) -> Play:
    banks = sorted((ROOT / "questions").glob("*.yaml"))
    world = World(server.port, meter, log, Knowledge(banks))
    play = Play(server, world, ROOT / "demo" / "mai-son.xlsx", options.kill, options.seed)
    with play.step("prepare and start the server"):
        server.command("db", "upgrade")
        server.command("bank", "import", *map(str, banks), "--trusted")
        server.command("people", "create-admin", ADMIN, "--password", PASSWORD)
        server.start()
    play.run()
    return play


def _check(play: Play, server: Server, log: History) -> tuple[dict[str, Any], list[str]]:
    """Return the figures and everything found wrong; the server has been stopped."""
    kept = stored.read_from(server.database)
    with log.path.open(encoding="utf-8") as lines:
        calls = history.read(lines)
    faults = checker.check(calls, kept)
    differences = comparison.differences(kept) + play.evidence.differences(kept)
    counts, outcomes = checker.counts(faults), Counter(save.outcome for save in calls.saves)
    tries, meter = play.evidence.tries, play.world.meter
    figures = {
        **play.evidence.figures(kept),
        "acknowledged": outcomes[history.OK],
        "unknown": outcomes[history.UNKNOWN],
        "refused": outcomes[history.FAIL],
        **{kind: counts[kind] for kind in checker.KINDS},
        "rank_differences": len(differences),
        "rightly_refused": tries.refused,
        "wrongly_accepted": len(tries.accepted),
        **report.traffic(meter),
    }
    return figures, [*map(str, faults), *differences, *tries.accepted, *meter.faults]


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
