"""The direction rule: what each folder may import, where the time is read and where a transaction ends."""

import ast
import sys
from functools import cache
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
DOORS = {"access.py", "auth.py", "belongings.py", "outcomes.py", "venues.py"}
FORBIDDEN_OUTSIDE = {
    "core": None,  # standard library only
    "models": {"flask", "flask_login", "wtforms"},
    "files": {"flask", "sqlalchemy"},
    "services": {"flask", "wtforms", "flask_wtf", "flask_babel"},
}


def name_of(path):
    return str(path.relative_to(QUIZ))


MODULES = sorted(path for path in QUIZ.rglob("*.py") if path.parent != QUIZ)


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "quiz":
                yield from (f"quiz.{alias.name}" for alias in node.names)


def calls(path):
    """Yield the methods and functions of modules that are called, as they are written."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f"{getattr(node.func.value, 'id', '')}.{node.func.attr}"


def layer_of(path):
    return path.relative_to(QUIZ).parts[0]


def may_import(path, name):
    """Tell whether the layer of a module may import what is called `name`."""
    layer = layer_of(path)
    top, _, rest = name.partition(".")
    if top == "quiz":
        allowed = ALLOWED[layer] | ({"models"} if layer == "web" and path.name in DOORS else set())
        return not rest or rest.split(".")[0] in allowed
    if layer == "core":
        return top in sys.stdlib_module_names
    return top not in FORBIDDEN_OUTSIDE.get(layer, set())


def test_a_module_imports_only_what_its_layer_may():
    assert len(MODULES) > 400
    wrong = [
        (name_of(path), name) for path in MODULES for name in imports(path) if not may_import(path, name)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "module, name, may",
    [
        ("core/a.py", "sqlalchemy", False),
        ("core/a.py", "dataclasses", True),
        ("core/a.py", "quiz.models", False),
        ("services/a.py", "quiz.web.access", False),
        ("services/a.py", "flask.session", False),
        ("services/a.py", "quiz.models", True),
        ("web/a.py", "quiz.models", False),
        ("web/access.py", "quiz.models", True),
        ("files/a.py", "sqlalchemy", False),
    ],
)
def test_the_direction_is_the_one_of_the_house(module, name, may):
    assert may_import(QUIZ / module, name) is may


def ends_a_transaction(node):
    """Tell whether a node commits, says COMMIT, or has every statement commit by itself."""
    if isinstance(node, ast.Constant):
        return node.value == "COMMIT"
    return isinstance(node, ast.Attribute) and node.attr in ("commit", "autocommit")


# The hot path ends its own durable transaction; see decisions 4 and 12.
COMMITS = {"services/direct.py", "services/turns.py"}


def test_only_the_edge_commits():
    inside = [path for path in MODULES if layer_of(path) not in ("web", "cli")]
    assert {name_of(path) for path in inside if any(map(ends_a_transaction, ast.walk(tree(path))))} == COMMITS


CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def test_the_time_is_read_only_in_the_clock():
    read = {name_of(path) for path in QUIZ.rglob("*.py") for call in calls(path) if call in CLOCKS}
    assert read == {"clock.py"}


def test_nothing_is_called_utils():
    assert not [path for path in QUIZ.rglob("*") if "util" in path.stem or "helper" in path.stem]
