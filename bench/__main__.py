"""`python -m bench --rounds 5 --seconds 2 --db postgres --only save,start`: measure the hot paths beside bare Flask."""

import argparse
import os
import runpy
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from bench import figures, wrk
from bench.course import GROUPS, WORKERS, Course
from drill import postgres

THREADS = runpy.run_path("gunicorn.conf.py")["threads"]
METHOD = (
    "method: wrk, 64 kept-alive connections on this machine; gunicorn {workers} workers × {threads} threads for"
    " product, plain way and bare Flask alike; {rounds} interleaved rounds of {seconds} s windows after a warm-up;"
    " ratios within a round or pair, median and range; CSRF, audit and durable commit on; every write counted in the"
    " database ({db})"
)


def main() -> int:
    """Measure, print the figures, and return 0 unless something failed to run or a request failed."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    try:
        wrk.program()
    except RuntimeError as missing:
        sys.exit(str(missing))
    began, load = time.monotonic(), os.getloadavg()[0]

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with _scratch(options.db) as (folder, database_url):
        course = Course(folder, database_url, options.only, options.rounds, options.seconds, say)
        course.run()
    found = [
        *figures.save_of(course.saves_beside_hello), *figures.ratios_of(course.steps),
        *figures.viewers_of(course.visits.pairs), *figures.writers_of(course.writers),
    ]  # fmt: skip
    conditions = {
        "db": options.db, "rounds": options.rounds, "window_seconds": options.seconds, "workers": WORKERS,
        "connections": wrk.CONNECTIONS, "cores": os.cpu_count(), "load_before": round(load, 2),
        "seconds": round(time.monotonic() - began, 1), "failed_requests": course.failed,
    }  # fmt: skip
    if not options.json:
        print(f"\n{figures.table(found, course.steps)}\n")
        print(
            METHOD.format(
                workers=WORKERS,
                threads=THREADS,
                rounds=options.rounds,
                seconds=options.seconds,
                db=options.db,
            )
        )
    print(figures.last_line(conditions, found, course.steps))
    return 1 if course.failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=int, default=2, help="seconds of a window (2)")
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--only", type=_groups, default=GROUPS, help=f"some of {','.join(GROUPS)}")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    return parser.parse_args()


def _groups(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(GROUPS):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))} is not one of {', '.join(GROUPS)}")
    return chosen


@contextmanager
def _scratch(db: str) -> Iterator[tuple[Path, str]]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        postgres.temporary_postgres() if db == "postgres" else nullcontext("") as database_url,
    ):
        yield Path(folder), database_url


if __name__ == "__main__":
    sys.exit(main())
