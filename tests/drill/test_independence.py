"""The drill shares no code with the product, so that neither hides the other's faults."""

import ast
from pathlib import Path

import pytest

DRILL = Path(__file__).resolve().parents[2] / "drill"


@pytest.mark.parametrize("path", sorted(DRILL.glob("*.py")), ids=lambda path: path.name)
def test_a_module_of_the_drill_imports_nothing_of_the_product(path: Path) -> None:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.append(node.module or "")
    assert not [name for name in names if name.split(".")[0] in ("quiz", "app", "tests")]
