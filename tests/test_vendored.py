"""Files of others that are kept here: each is named with its package, version, licence and hash, and is unchanged."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {
    "quiz/files/fonts": {("@expo-google-fonts/tinos", "0.4.2", "OFL-1.1")},
    "static/vendor": {("idb-keyval", "6.3.0", "Apache-2.0")},
    "tests/vendor": {("axe-core", "4.14.1", "MPL-2.0")},
}
MADE_HERE = {".br", ".gz"}  # small copies that make leaves beside what is served


def manifest_of(folder: str) -> list[dict]:
    """Return what stands in the manifest of a folder, package by package."""
    return json.loads((ROOT / folder / "manifest.json").read_text())


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_manifest_names_every_package(folder):
    named = {(entry["package"], entry["version"], entry["licence"]) for entry in manifest_of(folder)}
    assert named == FOLDERS[folder]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_files_are_those_of_the_manifest_byte_for_byte(folder):
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / folder).iterdir()
        if path.name != "manifest.json" and path.suffix not in MADE_HERE
    }
    assert there == {name: digest for entry in manifest_of(folder) for name, digest in entry["files"].items()}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_package_brings_its_licence(folder):
    for entry in manifest_of(folder):
        assert [name for name in entry["files"] if "LICEN" in name], entry["package"]
