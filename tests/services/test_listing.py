"""Finding items on both databases: words, references, lists, figures, order; and that a page costs a page."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from quiz.core.items import Difficulty, ItemDraft, Kind, Level
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import ItemStatistic
from quiz.services import items, listing
from quiz.services.audit import Actor
from quiz.services.listing import Wanted
from tests.factories import NOW, add, make_account, make_bank, make_document, make_item, make_topic

DRAFT = ItemDraft(
    code="T-1", document="DLD-2011", reference="Điều 4, khoản 3", topic="chi-bo", level=Level.REMEMBER,
    kind=Kind.SINGLE, stem="Ai chuẩn bị nội dung sinh hoạt?", options=("Bí thư", "Chi ủy", "Đảng viên"), key=(0,),
    rationale="Vì thế.", intended_difficulty=Difficulty.EASY,
)  # fmt: skip


@pytest.fixture
def editor(app):
    make_bank("thu"), make_document(), make_topic("chi-bo")
    return make_account((Role.QUESTION_EDITOR, None))


def create(editor, **changes):
    return items.create("thu", replace(DRAFT, **changes), editor, Actor(editor.id), NOW)


def found(account_id=None, **wanted) -> list[str]:
    return [item.code for item in listing.search(Wanted(**wanted), account_id=account_id).items]


@pytest.mark.parametrize(
    "text",
    [
        "chuan bi",
        "CHUẨN BỊ",
        "chuẩn",
        "sin",
        "sinh hoạt chuẩn bị",
        "T-1",
        "dang vien",
        "điều 4",
        "  nội   dung ",
    ],
)
def test_words_are_found_without_marks_in_any_order(editor, text):
    create(editor)
    assert found(text=text) == ["T-1"]


@pytest.mark.parametrize("text", ["chuẩn bị xong", "uan", "%", "_", "T-2", "' or 1=1"])
def test_words_that_are_not_there_find_nothing(editor, text):
    create(editor)
    assert found(text=text) == []


@pytest.mark.parametrize(
    "wanted, there",
    [
        ({"level": "remember"}, True),
        ({"level": "apply"}, False),
        ({"level": "no such"}, False),
        ({"kind": "single"}, True),
        ({"kind": "multiple"}, False),
        ({"status": "draft"}, True),
        ({"status": "approved"}, False),
        ({"part": "exam"}, True),
        ({"part": "practice"}, False),
        ({"topic": "chi-bo"}, True),
        ({"topic": "khac"}, False),
        ({"bank": "thu"}, True),
        ({"bank": "khac"}, False),
        ({"document": "DLD-2011"}, True),
        ({"document": "khac"}, False),
        ({"reference": "Điều 4"}, True),
        ({"reference": "dieu 4 khoan 3"}, True),
        ({"reference": "Điều 3"}, False),
        ({"reference": "Điều 40"}, False),
        ({"reference": "?"}, False),
        ({"difficulty": "easy"}, True),
        ({"difficulty": "hard"}, False),
        ({"use": "never"}, True),
        ({"use": "used"}, False),
        ({"doubt": "any"}, False),
        ({"reading": "missing"}, True),
        ({"reading": "done"}, False),
        ({"author": "others"}, True),
        ({"author": "me"}, False),
        ({"sort": "newest"}, True),
        ({"sort": "no such"}, True),
        ({"bank": "thu", "level": "remember", "text": "noi dung"}, True),
        ({}, True),
    ],
)
def test_a_list_is_narrowed_by_what_is_chosen(editor, wanted, there):
    create(editor)
    assert found(**wanted) == (["T-1"] if there else [])


def test_only_the_current_version_is_searched(editor):
    item = create(editor)
    items.revise(
        item, item.current_id, replace(DRAFT, stem="Việc gì cần làm?"), editor, Actor(editor.id), NOW
    )
    assert (found(text="chuẩn bị"), found(text="việc gì")) == ([], ["T-1"])


def test_lists_come_in_pages(app):
    for _ in range(listing.PAGE + 1):
        make_item()
    first, second = listing.search(Wanted()), listing.search(Wanted(), 2)
    assert (first.total, first.pages, len(first.items), len(second.items)) == (
        listing.PAGE + 1,
        2,
        listing.PAGE,
        1,
    )


def with_figures(facility: float, correlation: float | None = 0.4, flag: str = "", **fields):
    """An item that was on papers."""
    version = make_item(**fields)
    add(
        ItemStatistic(
            version_id=version.id, item_id=version.item_id, sat=30, facility=facility, correlation=correlation,
            flag=flag,
        )
    )  # fmt: skip
    return version.item.code


def test_items_are_sorted_by_how_they_did_and_those_without_figures_come_last(app):
    easy, hard, unused = with_figures(0.9, 0.1), with_figures(0.2, 0.5), make_item().item.code
    assert found(sort="hardest") == [hard, easy, unused]
    assert found(sort="easiest") == [easy, hard, unused]
    assert found(sort="weakest") == [easy, hard, unused]
    assert found(sort="newest") == [unused, hard, easy]


def test_what_was_used_and_what_asks_for_a_look_is_found(app):
    weak, fine, unused = with_figures(0.9, 0.0, "weak"), with_figures(0.5), make_item().item.code
    assert (found(use="used"), found(use="never")) == ([weak, fine], [unused])
    assert (found(doubt="any"), found(doubt="weak"), found(doubt="hard")) == ([weak], [weak], [])


def test_a_new_version_starts_without_figures_but_its_item_has_been_used(editor):
    item = create(editor)
    add(ItemStatistic(version_id=item.current_id, item_id=item.id, sat=30, facility=0.1, flag="hard"))
    items.revise(item, item.current_id, replace(DRAFT, key=(1,)), editor, Actor(editor.id), NOW)
    assert (found(doubt="any"), found(use="used")) == ([], ["T-1"])
    assert listing.statistics_of([item]) == {}


def test_own_words_are_told_from_those_of_others(editor):
    create(editor)
    loaded = make_item().item.code
    assert found(editor.id, author="me") == ["T-1"]
    assert found(editor.id, author="others") == [loaded]


def statements(action) -> int:
    """How many statements an action takes."""
    seen: list[str] = []
    listen = lambda conn, cursor, statement, *rest: seen.append(statement)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(text="câu hỏi", level="remember"), Wanted(sort="hardest", use="never")]
)
def test_a_page_takes_as_many_statements_for_many_items_as_for_few(app, wanted):
    def look():
        page = listing.search(wanted)
        assert {item.current.topic.code for item in page.items} == {"dang-vien"}
        assert {item.bank.code for item in page.items} == {"bank"}
        listing.statistics_of(page.items)

    make_item()
    db.session.expire_all()
    few = statements(look)
    for _ in range(listing.PAGE + 30):
        make_item()
    db.session.expire_all()
    assert statements(look) == few == 4


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(text="cau hoi"), Wanted(status="approved", level="remember")]
)
def test_a_list_reads_no_text_but_that_of_its_page(sqlite_app, wanted):
    """What finds, counts and orders items goes through indexes; the texts are read for fifty of them."""
    texts = ("item_version.stem", "item_version.search_key", "item_version.rationale", "item_version.options")
    for query in (listing.ids(wanted).order_by(*listing._order(wanted)), listing.counted(wanted)):
        sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
        assert not [text for text in texts if text in sql]
        plan = [row.detail for row in db.session.execute(db.text(f"EXPLAIN QUERY PLAN {sql}"))]
        assert plan
        assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step], plan
