"""Files that are one on the line: every part is there, in its order, and a stale bundle is never linked."""

import os
from pathlib import Path

import pytest

from bin import compress_static
from quiz.web import assets

PARTS = assets.parts_of()


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is served as it is written, without any bundle made yet."""
    for part in {part for parts in PARTS.values() for part in parts} | {"bundles.json"}:
        copy = tmp_path / part
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((assets.STATIC / part).read_bytes())
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    monkeypatch.setattr(compress_static, "STATIC", tmp_path)
    monkeypatch.setattr(compress_static, "MADE", tmp_path / assets.MADE)
    assets.asset.cache_clear()
    assets.bundle.cache_clear()
    yield tmp_path
    assets.asset.cache_clear()
    assets.bundle.cache_clear()


def linked(name: str) -> list[str]:
    """Return the files a page links for a bundle, without their hashes."""
    assets.bundle.cache_clear()
    return [url.partition("?")[0].removeprefix("/static/") for url in assets.bundle(name)]


@pytest.mark.parametrize("name", PARTS)
def test_a_bundle_holds_its_parts_in_their_order(made, name):
    compress_static.make_bundles()
    whole = (made / assets.MADE / Path(name).name).read_text()
    places = [whole.index(compress_static.content(made / part)) for part in PARTS[name]]
    assert places == sorted(places)


@pytest.mark.parametrize("name", PARTS)
def test_without_a_bundle_its_parts_are_linked(made, name):
    assert linked(name) == PARTS[name]


@pytest.mark.parametrize("name", PARTS)
def test_a_bundle_older_than_one_of_its_parts_is_not_linked(made, name):
    compress_static.make_bundles()
    assert linked(name) == [f"{assets.MADE}/{Path(name).name}"]
    later = (made / assets.MADE / Path(name).name).stat().st_mtime + 1
    os.utime(made / PARTS[name][-1], (later, later))
    assert linked(name) == PARTS[name]


def test_scripts_joined_keep_their_names_to_themselves(tmp_path):
    for number in (1, 2):
        (tmp_path / f"{number}.js").write_text(f"// {number}\nconst found = {number};\n")
    joined = compress_static.joined([tmp_path / "1.js", tmp_path / "2.js"])
    assert joined == "{\nconst found = 1;\n\n}\n{\nconst found = 2;\n\n}\n"


def test_what_explains_a_line_of_a_script_stays_at_home_and_what_only_looks_like_it_goes():
    script = "// whole\nlet n = 0; // ms\nconst a = 'x, // y', b = `, // ${n} z`;\nopen('https://a, // b');\n"
    kept = "let n = 0;\nconst a = 'x, // y', b = `, // ${n} z`;\nopen('https://a, // b');\n"
    assert compress_static.slim(script, ".js") == kept
