"""Hostile question files through the pages themselves: upload, choices, preview, confirmation.

Whatever is sent, each page answers in time and in words, and what is written is what the preview announced or nothing.
"""

import io
import re
import resource
from collections.abc import Callable
from time import process_time

import pytest
from sqlalchemy import select

from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Item, Upload
from tests import conftest, pace
from tests.conftest import Browser
from tests.factories import make_account, make_bank, make_document, make_topic
from tests.files.hostile_questions import CASES
from tests.files.test_hostile_office import EXCEL_FILES, WORD_FILES

pytestmark = pytest.mark.long

Build = Callable[[], bytes | str]
SECONDS, MEGABYTES = 10, 300
TOGETHER = 40  # cases on one application
CHOICES = {
    "bank": "thu", "document": "DLD-2011", "topic": "chi-bo", "level": "remember", "part": "exam", "prefix": "CH",
    "intended_difficulty": "", "skip": "y",
}  # fmt: skip
HEAD = "bank: {code: thu, title: Thử}\ntopics: [{code: t, title: T}]\ndocuments: [{code: d, title: D}]\n"


def items(*fields: str) -> str:
    """Return a bank file whose questions have these fields beside the sound ones."""
    sound = (
        "code: T-%d\n    document: d\n    reference: r\n    topic: t\n    level: apply\n    kind: single\n"
    )
    rest = "    stem: Gì?\n    options: [Một, Hai]\n    key: [A]\n"
    made = [f"  - {sound % number}{rest}{field}" for number, field in enumerate(fields)]
    return f"{HEAD}items:\n{''.join(made)}"


YAML: dict[str, Build] = {
    "nothing": lambda: b"",
    "only a mark": lambda: b"\xef\xbb\xbf",
    "a tag that runs code": lambda: b"!!python/object/apply:os.system [id]",
    "a tag of its own": lambda: b"bank: !x {code: a}",
    "a bomb of aliases": lambda: b"a: &a [x, x]\n" + b"".join(b"b%d: [*a, *a]\n" % n for n in range(40)),
    "an alias of itself": lambda: b"a: &a [*a]",
    "many documents": lambda: b"---\na: 1\n" * 100,
    "deep lists": lambda: b"[" * 5_000,
    "deep maps": lambda: b"".join(b" " * n + b"a:\n" for n in range(300)),
    "one endless line": lambda: b"a: " + b"x" * 2_000_000,
    "NUL": lambda: b"bank: {code: a\x00b, title: c}",
    "half a UTF-16": lambda: "bank: {}".encode("utf-16")[:-1],
    "UTF-16": lambda: HEAD.encode("utf-16"),
    "Latin-1": lambda: "bank: {code: a, title: Đ}".encode("cp1258", "replace"),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "a zip": lambda: b"PK\x03\x04" + bytes(2_000),
    "a list at the top": lambda: b"- a\n" * 40_000,
    "a number at the top": lambda: b"42",
    "the same key twice": lambda: b"bank: {code: a, title: b}\nbank: {code: c, title: d}\n",
    "the same code twice": lambda: items("", "").replace("T-1", "T-0"),
    "answers that YAML takes for something else": lambda: items("").replace("[Một, Hai]", "[No, 1:30]"),
    "a key that points nowhere": lambda: items("").replace("key: [A]", "key: [F]"),
    "no key": lambda: items("").replace("    key: [A]\n", ""),
    "a key of numbers": lambda: items("").replace("key: [A]", "key: 1e400"),
    "a day that is none": lambda: items("    valid_from: 2023-02-31\n"),
    "an unknown field": lambda: items("    __class__: x\n"),
    "a field that is a map": lambda: items("").replace("stem: Gì?", "stem: {a: b}"),
    "a code from elsewhere": lambda: items("").replace("code: T-0", "code: ../../etc/passwd"),
    "a code that is too long": lambda: items("").replace("code: T-0", "code: " + "x" * 300),
    "a title that is too long": lambda: items("").replace("title: Thử", "title: " + "x" * 900),
    "text that is markup": lambda: items("").replace("Gì?", "<script>alert(1)</script>"),
    "text that turns round": lambda: items("").replace("Gì?", "\u202eGì\u202c\u200b?"),
    "marks without end": lambda: items("").replace("Gì?", "a" + "\u0301" * 9_000),
    "five thousand questions": lambda: items(*[""] * 5_000),
    "every question wrong": lambda: items(*["    level: none\n"] * 1_000),
    "cut off": lambda: items("", "")[:-40],
    "mixed line ends": lambda: items("").replace("\n", "\r\n", 5).replace("\n", "\r", 3),
    "tabs": lambda: items("").replace("    stem", "\tstem"),
}  # fmt: skip

FILES: dict[str, tuple[str, Build]] = {f"YAML: {name}": ("x.yaml", build) for name, build in YAML.items()}
FILES |= {f"{case.filename}: {name}": (case.filename, case.build) for name, case in CASES.items()}
FILES |= {f"Word: {name}": ("x.docx", build) for name, (build, *_) in WORD_FILES.items()}
FILES |= {f"Excel: {name}": ("x.xlsx", build) for name, (build, *_) in EXCEL_FILES.items()}


def test_there_are_enough_of_them():
    assert len(FILES) >= 150


@pytest.fixture
def editor(sqlite_app) -> Browser:
    account = make_account((Role.QUESTION_EDITOR, None))
    make_bank("thu"), make_document(), make_topic("chi-bo")
    db.session.commit()
    return Browser(sqlite_app).sign_in(account.username)


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(db.func.count()).select_from(Item))


def page_of(answer, name: str) -> str:
    assert answer.status_code in (200, 302), f"{name}: {answer.status_code}"
    return answer.get_data(as_text=True)


def announced(page: str) -> int:
    """Return how many new questions a preview promises."""
    return int(re.search(r"<dt>Câu mới</dt>\s*<dd>([\d.]+)", page)[1].replace(".", ""))


class Sender:
    """An editor who presses buttons fast: the session's token is looked up once."""

    def __init__(self, browser: Browser) -> None:
        self.get, self.client, self.token = browser.get, browser.client, browser.token()

    def post(self, url: str, **data):
        conftest._forget_last_request()
        answer = self.client.post(url, data={"csrf_token": self.token} | data)
        answer.request.environ["wsgi.input"].close()  # the test client leaves its temporary file open
        return answer


def go_through(editor: Sender, name: str, filename: str, data: bytes) -> None:
    """Take one file as far as it goes."""
    before = stored()
    sent = editor.post("/bank/upload", file=(io.BytesIO(data), filename))
    if sent.location is None:  # refused beside the field
        assert "Có chỗ cần sửa" in page_of(sent, name), name
        return
    place, page = sent.location, page_of(editor.get(f"{sent.location}?show=cautions&page=99"), name)
    if "/choices" in page:
        page_of(editor.post(f"{place}/choices", **CHOICES), name)
    page = page_of(editor.get(place), name)
    assert stored() == before, f"{name}: something was written before it was confirmed"
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    page_of(editor.post(f"{place}/confirm", fingerprint=found[1] if found else ""), name)
    assert stored() - before == (announced(page) if found else 0), f"{name}: not what was announced"


GROUPS = [list(FILES)[first : first + TOGETHER] for first in range(0, len(FILES), TOGETHER)]


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_a_hostile_file_is_answered_and_writes_what_was_announced_or_nothing(editor, names):
    sender = Sender(editor)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in names:
        filename, build = FILES[name]
        data, began = build(), process_time()
        go_through(sender, name, filename, data.encode() if isinstance(data, str) else data)
        assert pace.is_within(process_time() - began, SECONDS), name
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < MEGABYTES * 1024
    assert db.session.scalar(select(db.func.count()).select_from(Upload)) <= len(names)
