"""What a reader may rely on: lint, form and types are clean, and what gets installed is exactly locked."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}

CHECKS = {
    "lint": ["ruff", "check", "--output-format=concise", "."],
    "form": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
}


def pins_of(name: str) -> set[str]:
    """The `package==version` of each requirement in a file, extras and markers left off."""
    lines = (ROOT / name).read_text().splitlines()
    found = (re.match(r"([a-z0-9._-]+)(?:\[.*?\])?(==\S+)", line) for line in lines)
    return {re.sub(r"[._]", "-", match[1]) + match[2] for match in found if match}


@pytest.mark.parametrize("check", CHECKS)
def test_the_code_passes(check: str) -> None:
    done = subprocess.run([sys.executable, "-m", *CHECKS[check]], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, f"make fmt and make check help:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("wanted", LOCKS)
def test_the_lock_holds_what_was_asked_for(wanted: str) -> None:
    asked = pins_of(wanted)

    assert asked
    assert asked - pins_of(LOCKS[wanted]) == set(), "run make lock"


def test_tests_run_on_the_versions_that_serve() -> None:
    assert pins_of("requirements.txt") - pins_of("requirements-dev.txt") == set(), "run make lock"


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_locked_file_is_known_by_its_hash(lock: str) -> None:
    requirements = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())[1:]

    assert requirements
    assert [text.splitlines()[0] for text in requirements if "--hash=sha256:" not in text] == []


@pytest.mark.parametrize("lock", LOCKS.values())
def test_a_lock_names_no_index_and_no_folder(lock: str) -> None:
    assert re.findall(r".*(?:://|--index|--find-links|@ ?file).*", (ROOT / lock).read_text()) == []


NOT_UNIQUE = {"sort_key", "full_name", "at", "created_at"}


def orders_in(path: Path) -> list[str]:
    """The last thing each list of the file is put in order by, as `Person.sort_key`."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    queries = [call.args[-1] for call in calls if ast.unparse(call.func).endswith(".order_by") and call.args]
    relations = [word.value for call in calls for word in call.keywords if word.arg == "order_by"]
    return [ast.unparse(last).strip("'[]").rpartition(", ")[2] for last in (*queries, *relations)]


def test_no_list_leaves_namesakes_in_whatever_order_a_database_has_them() -> None:
    ambiguous = {
        (str(path.relative_to(ROOT)), last)
        for path in (ROOT / "quiz").rglob("*.py")
        for last in orders_in(path)
        if last.removesuffix(".desc()").rpartition(".")[2] in NOT_UNIQUE
    }

    assert ambiguous == set(), "end the order with something unique, as .id"
