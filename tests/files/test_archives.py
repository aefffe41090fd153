"""Files of kept data: written whole or not at all, and nothing taken from one that is damaged, changed or hostile."""

import io
import json
import zipfile
from random import Random

import pytest

from quiz.core.archives import Content, Manifest, TableRows, line_of, manifest_of, manifest_text
from quiz.core.errors import RuleBroken
from quiz.files import archives, backups

HEAD = Manifest(Content.EVERYTHING, "0001", "0", 1, "thử", facts={"unit": 2})
UNITS = TableRows("unit", ["id", "name"], [[1, "Xã Cò Nòi"], [2, "Xã Hát Lót"]])


def made(path, tables=(UNITS,)):
    """Write a small file and return its path."""
    archives.write(path, HEAD, tables, [("README.txt", b"?")])
    return path


def rewritten(path, change):
    """Write the entries of a file again after `change` of their {name: bytes}, and return the path."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def read_whole(path):
    """Check a file and read every row of it."""
    with archives.opened(path) as archive:
        archive.check()
        return {table.name: list(table.rows) for table in archive.tables()}


def test_what_was_written_is_read(tmp_path):
    told = []
    manifest = archives.write(tmp_path / "a.zip", HEAD, [UNITS], told=told.append)
    assert read_whole(tmp_path / "a.zip") == {"unit": [[1, "Xã Cò Nòi"], [2, "Xã Hát Lót"]]}
    assert (manifest.rows, manifest.count("unit"), manifest.count("person")) == (2, 2, 0)
    with archives.opened(tmp_path / "a.zip") as archive:
        assert archive.manifest == manifest
    assert not list(tmp_path.glob("*.part"))


def test_the_same_rows_make_the_same_bytes(tmp_path):
    assert made(tmp_path / "a.zip").read_bytes() == made(tmp_path / "b.zip").read_bytes()


def test_what_fails_on_the_way_leaves_no_file(tmp_path):
    def rows():
        yield [1, "Xã"]
        raise ValueError

    with pytest.raises(ValueError):
        archives.write(tmp_path / "a.zip", HEAD, [TableRows("unit", ["id", "name"], rows())])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"PK", b"\0" * 500, b"PK\x05\x06" + bytes(18), b"%PDF-1.7"])
def test_what_is_no_file_of_ours_is_refused_in_a_sentence(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(RuleBroken, match="không phải tệp"):
        read_whole(path)


def test_every_truncation_is_refused_and_said_to_be_one_perhaps(tmp_path):
    path = made(tmp_path / "a.zip")
    data = path.read_bytes()
    for length in range(0, len(data) - 1, 7):
        path.write_bytes(data[:length])
        with pytest.raises(RuleBroken, match="chưa được chép trọn"):
            read_whole(path)


def test_a_flipped_bit_is_refused_or_changes_nothing(tmp_path):
    path = made(tmp_path / "a.zip", [TableRows("unit", ["id", "name"], [[n, f"Xã {n}"] for n in range(300)])])
    whole, data, refused = read_whole(path), path.read_bytes(), 0
    for place in Random(7).sample(range(len(data)), 400):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        try:
            assert read_whole(path) == whole
        except RuleBroken:
            refused += 1
    assert refused > 300


def changes():
    """Ways to change a file with tools at hand."""
    row = line_of([1, "Xã Khác"])
    part = "tables/unit.jsonl"

    def manifest(entries, **changed):
        given = json.loads(entries["manifest.json"])
        entries["manifest.json"] = json.dumps(given | changed).encode()

    return {
        "a row more": lambda e: e.update({part: e[part] + row}),
        "a row less": lambda e: e.update({part: e[part].rsplit(b"\n", 2)[0] + b"\n"}),
        "another word": lambda e: e.update({part: e[part].replace("Cò".encode(), b"Ca")}),
        "no end of line": lambda e: e.update({part: e[part].rstrip(b"\n")}),
        "a part gone": lambda e: e.pop(part),
        "a stranger": lambda e: e.update({"tables/other.jsonl": b"[]\n"}),
        "out of the folder": lambda e: e.update({"../../etc/passwd": b"x"}),
        "no manifest": lambda e: e.pop("manifest.json"),
        "a manifest of lists": lambda e: e.update({"manifest.json": b"[" * 100_000}),
        "a manifest that is none": lambda e: e.update({"manifest.json": b"\xff\xfe"}),
        "parts that are none": lambda e: manifest(e, parts=[1, 2]),
        "a part of an odd name": lambda e: manifest(
            e, parts=[{"name": "../x", "rows": 1, "sha256": "0" * 64}]
        ),
        "rows below none": lambda e: manifest(e, parts=[{"name": "unit", "rows": -1, "sha256": "0" * 64}]),
        "a field more": lambda e: manifest(e, more=1),
        "a newer format": lambda e: manifest(e, version=99),
        "another content": lambda e: manifest(e, content="secrets"),
        "an hour that is none": lambda e: manifest(e, made_at="now"),
    }


@pytest.mark.parametrize("name", changes())
def test_a_changed_file_is_refused_in_a_sentence(tmp_path, name):
    path = rewritten(made(tmp_path / "a.zip"), changes()[name])
    with pytest.raises(RuleBroken):
        read_whole(path)


@pytest.mark.parametrize(
    "lines",
    [
        b'["id","id"]\n[1,2]\n',
        b"[1,2]\n[1,2]\n",
        b'["id"]\n[1,2]\n',
        b'["id"]\n{"id":1}\n',
        b'["id"]\nx\n',
        b"",
    ],
)
def test_lines_that_are_no_rows_are_refused_though_their_hash_is_right(tmp_path, lines):
    path = made(tmp_path / "a.zip")

    def change(entries):
        import hashlib

        given = json.loads(entries["manifest.json"])
        given["parts"][0] |= {
            "rows": max(0, lines.count(b"\n") - 1),
            "sha256": hashlib.sha256(lines).hexdigest(),
        }
        entries["tables/unit.jsonl"], entries["manifest.json"] = lines, json.dumps(given).encode()

    with pytest.raises(RuleBroken):
        read_whole(rewritten(path, change))


def test_a_file_that_unpacks_without_end_is_given_up_early(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LONGEST_LINE", 1_000_000)
    rows = ([n, "0" * 100_000] for n in range(2_000))
    path = made(tmp_path / "bomb.zip", [TableRows("unit", ["id", "name"], rows)])
    assert path.stat().st_size < 1_000_000
    with archives.opened(path) as archive, pytest.raises(RuleBroken):
        archive.check()


def test_an_entry_twice_is_refused(tmp_path):
    path = made(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("tables/unit.jsonl", b"x")
    with pytest.raises(RuleBroken):
        read_whole(path)


def test_a_manifest_comes_back_as_it_was():
    assert manifest_of(manifest_text(HEAD)) == HEAD


# --- the folder -----------------------------------------------------------------------------------------------------


def test_the_folder_is_the_list_and_notes_each_sha256_as_sha256sum_does(tmp_path):
    made(tmp_path / "sao-luu-1.zip")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "broken.zip").write_bytes(b"x")
    newest, oldest = backups.kept(tmp_path)
    assert (newest.name, oldest.name) == ("sao-luu-1.zip", "broken.zip")
    assert oldest.manifest is None and newest.manifest.title == "thử"
    digest = archives.sha256_of(tmp_path / "sao-luu-1.zip")
    assert (tmp_path / "sao-luu-1.zip.sha256").read_text() == f"{digest}  sao-luu-1.zip\n"
    assert backups.is_as_noted(tmp_path / "sao-luu-1.zip")


@pytest.mark.parametrize(
    "name", ["../a.zip", "/etc/passwd", "a.txt", ".zip", "A.zip", "a/b.zip", "a.zip.part", ""]
)
def test_only_names_of_ours_lead_to_a_file(tmp_path, name):
    assert backups.path_of(tmp_path, name) is None


def test_what_is_brought_is_kept_only_when_it_is_whole(tmp_path):
    data = made(tmp_path / "from" / "a.zip").read_bytes()
    folder = tmp_path / "kept"
    assert backups.bring(folder, io.BytesIO(data), "mang-den-1.zip").read_bytes() == data
    with pytest.raises(RuleBroken):
        backups.bring(folder, io.BytesIO(data[:-30]), "mang-den-2.zip")
    assert sorted(path.name for path in folder.iterdir()) == ["mang-den-1.zip", "mang-den-1.zip.sha256"]


def test_what_is_too_large_is_refused_while_it_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "LARGEST", 1_000)
    with pytest.raises(RuleBroken, match="dòng lệnh"):
        backups.bring(tmp_path, io.BytesIO(bytes(3 << 20)), "mang-den-1.zip")
    assert list(tmp_path.iterdir()) == []
