"""Files carried by hand: what goes in comes out, and whatever is not exactly that is refused with a sentence."""

import dataclasses
import gzip
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.core.errors import RuleBroken
from quiz.core.packages import (
    CardLine,
    EntryLine,
    ItemLine,
    NamedLine,
    PersonLine,
    RoundLine,
    RoundPackage,
    UnitLine,
)
from quiz.core.sittings import (
    AttemptLine,
    AuditRow,
    CellLine,
    DeviceLine,
    DrawnLine,
    GivenLine,
    GrantLine,
    HallLine,
    IncidentLine,
    KeyingLine,
    PaperLine,
    ResponseLine,
    SeatLine,
    SignInLine,
    Sitting,
    SittingLine,
    StepLine,
)
from quiz.core.stage_lines import (
    ChangeLine,
    LotLine,
    OrderLine,
    PanelLine,
    PerformanceLine,
    SheetLine,
    StaffLine,
    TurnLine,
    TypingLine,
)
from quiz.files import packages as files
from quiz.files import sealing

UUID, SECRET, PHRASE = "a" * 32, "5e" * 32, "ABCD-EFGH-JKMN-PQRS"

PACKAGE = RoundPackage(
    uuid=UUID, secret=SECRET, made_at=5,
    round=RoundLine("HT", "Hội thi", "MS", 1, "Vòng 1", {"blueprint": []}, "f", 1, "V", "CN", 1, 2, 1, (("CN", ""),)),
    units=(UnitLine("CN", "Cò Nòi", "xã", "", False, "", "", True, False),),
    people=(PersonLine("P1", "Lò Văn Thử", "1975-05-19", "secretary", "CN"),),
    entries=(EntryLine("P1", "CN", "CN", "", "", "registered"),),
    cards=(CardLine("P1", 1, "K1", "$argon2id$…", 1),),
    banks=(NamedLine("B", "B"),), documents=(NamedLine("D", "D"),), topics=(NamedLine("T", "T"),),
    items=(ItemLine("Q1", "f", "B", "D", "T", "Điều 1", "remember", "single", "Gì?", ("a", "b"), (1,), False, False),),
    staff=(StaffLine(4, "giamkhao1", "Cầm Thị Yên", ("judge",)),), panel=(PanelLine("Chào hỏi", "", 1, 4, True),),
    order=(OrderLine("hạt", 1, 5, "thư ký"),), turns=(TurnLine("P1", 3, "", 1, 1, 1),),
    lots=(LotLine("Chào hỏi", "", 1, (("Q1", "f"),), None, "", ""),),
)  # fmt: skip
SITTING = Sitting(
    head=SittingLine(UUID, 9, 1, 2, None),
    drawn=(DrawnLine(7, "Q1", "f"),),
    attempts=(
        AttemptLine(
            "P1", 1, "seed", ((7, (1, 0)),), 1, 3, 5, "device", 2, "candidate", "ABCDEFGHJK", 100, 100, (100,), 1,
            (ResponseLine(0, "1", 4 << 20, 2, 1),),
        ),
    ),
    late=(), absent=(), halls=(HallLine(1, "CN", "Nhà văn hóa", True, 1, 1, "giám thị", None),),
    devices=(DeviceLine(2, 1, "Máy 1", 1),), seats=(SeatLine(2, "P1", 1, 2, "done"),),
    sign_ins=(SignInLine("P1", 1, "d" * 16),), cells=(CellLine("CN", 1, "illness", "ốm"),),
    incidents=(
        IncidentLine(
            "k", "CN", "P1", "", "power", 1, "Mất điện", 1, "a", None, "", (StepLine("s", "t", 2, ""),), ("g",)
        ),
    ),
    papers=(PaperLine("R", 1, 2, "b", None, ((0, "1"),), "mờ", (KeyingLine(1, "a", 1, ("?",), None),)),),
    grants=(GrantLine("key", "P1", None, "", 5, "mất điện", 1, "giám thị", None, (GivenLine("R", 1, 2, False, 1),)),),
    audit=(AuditRow(1, "giám thị", "", "time.give", "time_grant:key", "CN", {"minutes": 5}),),
    staff=PACKAGE.staff, panel=PACKAGE.panel, order=PACKAGE.order, turns=PACKAGE.turns, lots=PACKAGE.lots,
    performances=(
        PerformanceLine(
            "P1", "Chào hỏi", 1, 2, 60_000, 3, "", None, "", None, 4, 4, 5, 5, 1000, 0,
            (
                SheetLine(
                    1, 4, {"Nội dung": 1000}, "", 1, 3, 3, None, (TypingLine(1, 4, 3, {"Nội dung": 1000}),),
                    (ChangeLine({"Nội dung": 900}, {"Nội dung": 1000}, "nhầm", 4, 4),),
                ),
            ),
            "", 1, 2,
        ),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def package() -> bytes:
    return files.write_package(PACKAGE, PHRASE)


@pytest.fixture(scope="module")
def sitting() -> bytes:
    return files.write_sitting(SITTING, SECRET)


def test_a_package_and_a_sitting_come_out_as_they_went_in(package, sitting):
    assert files.read_package(package, PHRASE) == PACKAGE
    assert files.read_sitting(sitting, SECRET) == SITTING
    assert files.package_named(sitting) == UUID


@pytest.mark.parametrize("typed", ["abcd-efgh-jkmn-pqrs", "ABCD EFGH JKMN PQRS", " ABCDEFGHJKMNPQRS "])
def test_a_passphrase_may_be_typed_as_people_type(package, typed):
    assert files.read_package(package, typed) == PACKAGE


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKMN-PQRT", "đ" * 16])
def test_another_passphrase_opens_nothing(package, typed):
    with pytest.raises(RuleBroken, match="mật khẩu chưa đúng"):
        files.read_package(package, typed)


def test_nothing_of_the_text_shows_from_outside(package, sitting):
    for data in (package, sitting):
        assert not any(word.encode() in data for word in ("Lò Văn", "Gì?", "mất điện", SECRET, '"key"'))
        assert not data.split(b"\n", 1)[1].startswith(b"\x1f\x8b\x08")  # how compressed text begins


def test_two_files_of_one_text_share_nothing_but_their_head():
    first, second = files.write_sitting(SITTING, SECRET), files.write_sitting(SITTING, SECRET)
    assert first.partition(b"\n")[2][:64] != second.partition(b"\n")[2][:64]


@settings(max_examples=60, deadline=None)
@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_changed_bit_is_refused(place, bit):
    data = bytearray(_SEALED)
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(RuleBroken):
        files.read_sitting(bytes(data), SECRET)


@settings(max_examples=40, deadline=None)
@given(length=st.integers(min_value=0))
def test_any_shortened_file_is_refused(length):
    with pytest.raises(RuleBroken):
        files.read_sitting(_SEALED[: length % len(_SEALED)], SECRET)


_SEALED = files.write_sitting(SITTING, SECRET)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_rubbish_is_refused_with_a_sentence(data):
    for read in (lambda: files.read_sitting(data, SECRET), lambda: files.package_named(data)):
        with pytest.raises(RuleBroken):
            read()


HEADS = {
    "no JSON": b"htbt-1\n",
    "another format": b'["zip", "sitting", "a", "", "00"]\n',
    "a list in a list in a list": b"[" * 400 + b"\n",
    "too few words": b'["htbt-1", "sitting"]\n',
    "numbers for words": b'["htbt-1", 1, 2, "", ""]\n',
    "a salt that is none": b'["htbt-1", "sitting", "a", "xyz", "00"]\n',
    "no end": b'["htbt-1", "sitting", "a", "", "00"]' + b" " * 600,
    "an object": b'{"format": "htbt-1"}\n',
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_is_not_ours_is_refused(name):
    with pytest.raises(RuleBroken):
        files.package_named(HEADS[name] + b"0" * 100)


def test_too_large_a_file_is_not_even_looked_at():
    with pytest.raises(RuleBroken, match="10 MB"):
        files.package_named(b"x" * (sealing.LARGEST + 1))


def test_the_two_kinds_are_not_mistaken_for_each_other(package, sitting):
    with pytest.raises(RuleBroken, match="gói đề mang đi"):
        files.read_sitting(package, SECRET)
    with pytest.raises(RuleBroken, match="tệp kết quả mang về"):
        files.read_package(sitting, PHRASE)


def test_a_sitting_sealed_with_a_passphrase_is_not_stretched_for_a_stranger():
    with pytest.raises(RuleBroken, match="không phải tệp"):
        files.read_sitting(sealing.seal(b"x", "sitting", UUID, PHRASE, is_phrase=True), SECRET)


# --- sealed well, and hostile all the same ------------------------------------------------------------------------


def sealed(lines: list[bytes]) -> bytes:
    return sealing.seal(gzip.compress(b"".join(lines)), "sitting", UUID, SECRET, is_phrase=False)


def plain() -> list[bytes]:
    text = gzip.decompress(sealing.opened(files.write_sitting(SITTING, SECRET), SECRET))
    return text.splitlines(keepends=True)


def resealed(lines: list[bytes]) -> bytes:
    """Return the file of these lines with a manifest that fits them again."""
    manifest, rest = json.loads(lines[0]), list(lines[1:])
    for part in manifest["parts"]:
        own, rest = rest[: part["lines"]], rest[part["lines"] :]
        part["sha256"] = hashlib.sha256(b"".join(own)).hexdigest()
    return sealed([json.dumps(manifest).encode() + b"\n", *lines[1:]])


def test_a_file_of_an_older_laptop_says_nothing_of_absences_and_is_read():
    lines = plain()
    (at,) = (number for number, line in enumerate(lines) if b'"away_ms"' in line)
    older = json.loads(lines[at])
    del older["away_count"], older["away_ms"]
    lines[at] = json.dumps(older).encode() + b"\n"
    assert files.read_sitting(resealed(lines), SECRET) == SITTING


def without_the_stage() -> list[bytes]:
    """Return the lines of a file as laptops wrote it before the stage could travel."""
    manifest, *rest = plain()
    announced, kept = json.loads(manifest), []
    for part in announced["parts"]:
        own, rest = rest[: part["lines"]], rest[part["lines"] :]
        kept += [] if part["name"] in files.SINCE else own
    announced["parts"] = [part for part in announced["parts"] if part["name"] not in files.SINCE]
    del announced["version"]
    return [json.dumps(announced).encode() + b"\n", *kept]


def test_a_file_of_the_first_version_is_read_and_has_no_stage():
    found = files.read_sitting(resealed(without_the_stage()), SECRET)
    assert found == dataclasses.replace(
        SITTING, staff=(), panel=(), order=(), turns=(), lots=(), performances=()
    )


def test_a_file_of_a_newer_version_is_refused_with_what_to_do():
    manifest, *rest = plain()
    newer = json.dumps(json.loads(manifest) | {"version": files.VERSION + 1}).encode() + b"\n"
    with pytest.raises(RuleBroken, match="Hãy cài bản mới"):
        files.read_sitting(sealed([newer, *rest]), SECRET)


def test_the_hostile_files_below_would_be_read_without_their_one_change():
    assert files.read_sitting(resealed(plain()), SECRET) == SITTING


def changed(old: bytes, new: bytes) -> list[bytes]:
    lines = plain()
    assert any(old in line for line in lines)
    return [line.replace(old, new) for line in lines]


HOSTILE = {
    "no line": lambda: sealed([]),
    "no gzip": lambda: sealing.seal(b"text", "sitting", UUID, SECRET, is_phrase=False),
    "a line too many": lambda: sealed([*plain(), b"{}\n"]),
    "a line missing": lambda: sealed(plain()[:-1]),
    "a last line without its end": lambda: sealed([*plain()[:-1], plain()[-1].rstrip()]),
    "another hash": lambda: sealed(changed(b'"minutes":5', b'"minutes":6')),
    "a number for a text": lambda: resealed(changed(b'"seed":"seed"', b'"seed":5')),
    "a text for a number": lambda: resealed(changed(b'"raw_score":100', b'"raw_score":"100"')),
    "true for a number": lambda: resealed(changed(b'"raw_score":100', b'"raw_score":true')),
    "a field missing": lambda: resealed(changed(b'"seed":"seed",', b"")),
    "a number beyond 64 bits": lambda: resealed(changed(b'"raw_score":100', b'"raw_score":' + b"9" * 30)),
    "a NUL": lambda: resealed(changed(b'"seed":"seed"', b'"seed":"a\\u0000"')),
    "half a character": lambda: resealed(changed(b'"seed":"seed"', b'"seed":"\\ud800"')),
    "bytes that are no text": lambda: resealed(changed(b'"seed":"seed"', b'"seed":"\xff"')),
    "points that are no number": lambda: resealed(changed(b'"points":1000', b'"points":"1000"')),
    "a mark that is no number": lambda: resealed(changed(b'dung":900}', b'dung":9.5}')),
    "a sheet without its judge": lambda: resealed(changed(b"[1,4,{", b"[1,{")),
    "a part of another version": lambda: resealed(without_the_stage()[:1] + plain()[1:]),
    "an endless text": lambda: resealed(changed(b'"seed":"seed"', b'"seed":"' + b"a" * 100_001 + b'"')),
    "an endless line": lambda: resealed(changed(b'"seed":"seed"', b'"seed":"' + b"a" * 2_000_000 + b'"')),
    "lists within lists": lambda: resealed(changed(b'"detail":{"minutes":5}', b'"detail":' + b"[" * 5_000)),
    "no number": lambda: resealed(changed(b'"detail":{"minutes":5}', b'"detail":{"minutes":NaN}')),
    "another package inside": lambda: resealed(changed(UUID.encode(), b"b" * 32)),
    "two heads": lambda: resealed([*plain()[:2], plain()[1], *plain()[2:]]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_although_its_seal_is_right(name):
    with pytest.raises(RuleBroken, match="không đúng mẫu"):
        files.read_sitting(HOSTILE[name](), SECRET)


def test_a_bomb_is_unpacked_no_further_than_its_bound(monkeypatch):
    monkeypatch.setattr(files, "MOST_TEXT", 1_000_000)
    bomb = sealed([b"[]\n" * 600_000])
    assert len(bomb) < 10_000
    with pytest.raises(RuleBroken, match="không đúng mẫu"):
        files.read_sitting(bomb, SECRET)
