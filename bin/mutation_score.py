"""Print how many of the last `make mutate`'s breaks the tests noticed, per file, and fail under 90 %."""

import json
import sys
from collections import Counter
from pathlib import Path

NEEDED_PERCENT = 90
NOTICED = "noticed"
# How a mutant's test run ended, as mutmut records it: pytest's own exit code, or mutmut's verdict.
# A mutant that runs out of time, crashes or breaks pytest was noticed too; one that no test reaches was not.
OUTCOMES = {0: "survived", 5: "untested", 33: "untested", 34: "skipped", 2: "unfinished", None: "unfinished"}


def outcomes_of(record: Path) -> Counter[str]:
    """How often each outcome occurred among the mutants of one file, from mutmut's record of it."""
    codes = json.loads(record.read_text())["exit_code_by_key"].values()
    return Counter(OUTCOMES.get(code, NOTICED) for code in codes)


def survivors_of(record: Path) -> list[str]:
    """The names of the mutants of one file that no test noticed; `mutmut show NAME` prints the change."""
    codes = json.loads(record.read_text())["exit_code_by_key"]
    return sorted(name for name, code in codes.items() if OUTCOMES.get(code, NOTICED) != NOTICED)


def main() -> int:
    """Print the table and the survivors; 0 when enough were noticed."""
    records = sorted(Path("mutants/quiz/core").glob("*.py.meta"))
    by_file = {record.name.removesuffix(".py.meta"): outcomes_of(record) for record in records}
    total = sum(by_file.values(), Counter())
    for record in records:
        for name in survivors_of(record):
            print(f"  not noticed: {name}")
    for name, outcomes in [*by_file.items(), ("all", total)]:
        print(f"{name:12} {outcomes[NOTICED]:5} of {outcomes.total():5} noticed  {percent(outcomes):5.1f} %")
    return 0 if percent(total) >= NEEDED_PERCENT else 1


def percent(outcomes: Counter[str]) -> float:
    """The share of mutants noticed, 0–100; 0 where nothing was tried, so that an empty run does not pass."""
    return 100 * outcomes[NOTICED] / outcomes.total() if outcomes.total() else 0.0


if __name__ == "__main__":
    sys.exit(main())
