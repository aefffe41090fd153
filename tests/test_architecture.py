"""The direction rule: what each folder may import, where the time is read and where a transaction ends."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
QUIZ = ROOT / "quiz"

# folder → other parts of quiz it may import
ALLOWED = {
    "core": {"core"},
    "models": {"models", "core", "extensions"},
    "files": {"files", "core"},
    "services": {"services", "models", "core", "extensions", "keyring", "turn"},
    "web": {"web", "services", "files", "core", "extensions", "clock", "settings", "database", "lan"},
    "cli": {"cli", "services", "files", "core", "models", "extensions", "clock", "settings", "welcome"},
}
# the modules of web that may also import models
DOORS = {"access.py", "auth.py"}
FORBIDDEN_OUTSIDE = {
    "core": None,  # standard library only
    "models": {"flask", "flask_login", "wtforms"},
    "files": {"flask", "sqlalchemy"},
    "services": {"flask", "wtforms", "flask_wtf", "flask_babel"},
}


def modules():
    return sorted(path for path in QUIZ.rglob("*.py") if path.parent != QUIZ)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "quiz":
                yield from (f"quiz.{alias.name}" for alias in node.names)


def layer_of(path):
    return path.relative_to(QUIZ).parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(QUIZ)))
def test_a_module_imports_only_what_its_layer_may(path):
    layer = layer_of(path)
    allowed = ALLOWED[layer] | ({"models"} if layer == "web" and path.name in DOORS else set())
    for name in imports(path):
        top = name.split(".")[0]
        if top == "quiz":
            part = name.split(".")[1] if "." in name else ""
            assert not part or part in allowed, f"{layer} may not import {name}"
        elif layer == "core":
            assert top in sys.stdlib_module_names, f"core may not import {name}"
        else:
            assert top not in FORBIDDEN_OUTSIDE.get(layer, set()), f"{layer} may not import {name}"


def calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, ast.unparse(node.func)


# The hot path ends its own durable transaction; see docs/decisions.
COMMITS = {"services/responses.py"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(QUIZ)))
def test_only_the_edge_commits(path):
    name = str(path.relative_to(QUIZ))
    if layer_of(path) in ("web", "cli") or name in COMMITS:
        return
    assert not [text for attr, text in calls(path) if attr == "commit"]


CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


@pytest.mark.parametrize("path", sorted(QUIZ.rglob("*.py")), ids=lambda path: str(path.relative_to(QUIZ)))
def test_the_time_is_read_only_in_the_clock(path):
    if path.name != "clock.py":
        assert not [text for _attr, text in calls(path) if text in CLOCKS]


def test_nothing_is_called_utils():
    assert not [path for path in QUIZ.rglob("*") if "util" in path.stem or "helper" in path.stem]
