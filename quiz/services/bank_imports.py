"""Question files on their way in: what taking one in would do, line by line, and taking it in as it was shown.

A bank file says everything itself. The file of another program is completed with what was chosen for it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.intake import Choices, Line, Outcome, Spot, digest, lacking, lines_of, spots_of
from quiz.core.items import BankDraft, DocumentDraft, ItemDraft, Status, TopicDraft
from quiz.core.questions import Notice, QuestionDraft, as_bank
from quiz.core.similarity import near_duplicates
from quiz.extensions import db
from quiz.models import Account, Bank, Document, Item, ItemVersion, Topic
from quiz.services import audit, sources
from quiz.services import bank as banks
from quiz.services.audit import Actor
from quiz.services.bank import ImportReport

MOST_ALIKE = 500  # pairs looked for at a time; more would be read by nobody


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file in would do. `stops` are faults of the whole file, `notes` remarks about it.

    `draft` holds what would be taken in, None when the file is no bank; `fingerprint` stands for all of it.
    """

    draft: BankDraft | None
    report: ImportReport
    lines: list[Line] = field(default_factory=list)
    stops: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    skips: bool = False
    fingerprint: str = ""

    @property
    def counts(self) -> Counter[Outcome]:
        """Return how many lines come to what."""
        return Counter(line.outcome for line in self.lines)

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing bars the file, rejected lines that may be left out apart."""
        return self.draft is not None and not self.stops and (self.skips or not self.counts[Outcome.REJECTED])

    @property
    def is_ready(self) -> bool:
        """Tell whether the file may be taken in and would change something."""
        return self.is_sound and self.report.changes_something


def frame(
    choices: Choices, topics: Sequence[TopicDraft] = (), documents: Sequence[DocumentDraft] = ()
) -> BankDraft:
    """Return the bank a foreign file goes into, without items.

    It knows all topics and documents stored, those the file declares, which go before, and the new ones chosen.
    """
    rows = db.session.scalars(select(Document).order_by(Document.id))
    known_topics = {row.code: sources.draft_of_topic(row) for row in db.session.scalars(select(Topic))}
    known_documents = {row.code: sources.draft_of_document(row) for row in rows}
    known_topics |= {topic.code: topic for topic in topics}
    known_documents |= {document.code: document for document in documents}
    topic, document = choices.code_of("topic"), choices.code_of("document")
    if topic:
        known_topics.setdefault(topic, TopicDraft(topic, choices.topic_title))
    if document:
        known_documents.setdefault(document, DocumentDraft(document, choices.document_title))
    code = choices.code_of("bank")
    stored = banks.find(code)
    title = stored.title if stored else choices.bank_title
    return BankDraft(code, title, tuple(known_topics.values()), tuple(known_documents.values()))


def needs(questions: Sequence[QuestionDraft], known: BankDraft) -> set[str]:
    """Return which of "topic" and "document" must be chosen because the file does not say them."""
    return lacking(questions, known.topics, known.documents)


def plan_of_questions(
    questions: Sequence[QuestionDraft], found: Sequence[Problem], choices: Choices, known: BankDraft
) -> Plan:
    """Return what taking in the questions of a foreign file would do, completed with what was chosen.

    `known` is the frame they go into.
    """
    draft, problems = as_bank(questions, choices.defaults(), known)
    spots = spots_of(questions, choices.prefix)
    stems = {(question.place, question.row or None): question.stem for question in questions}
    return _plan(draft, [*found, *problems], spots, stems, choices.skip)


def plan_of_bank(draft: BankDraft | None, found: Sequence[Problem]) -> Plan:
    """Return what taking in a bank file would do; `draft` is None when it is no bank."""
    if draft is None:
        return Plan(None, ImportReport(), lines_of((), {}, {}, found, {}), [p for p in found if not p.row])
    spots: dict[str, Spot] = {item.code: ("", item.row or None) for item in draft.items}
    return _plan(draft, list(found), spots, {}, skips=False)


def _plan(
    draft: BankDraft, problems: list[Problem], spots: dict[str, Spot], stems: dict[Spot, str], skips: bool
) -> Plan:
    report = banks.preview(draft)
    for problem in report.problems:
        place, row = spots[problem.values["code"]]
        problems.append(replace(problem, place=place, row=row))
    foreign = {problem.values["code"] for problem in report.problems}
    draft = replace(draft, items=tuple(item for item in draft.items if item.code not in foreign))
    of_file = [problem for problem in problems if not problem.row and not problem.place]
    placed = [problem for problem in problems if problem.row or problem.place]
    return Plan(
        draft,
        report,
        lines_of(draft.items, _outcomes(report), spots, placed, stems),
        [problem for problem in of_file if not isinstance(problem, Notice)],
        [problem for problem in of_file if isinstance(problem, Notice)],
        skips,
        _fingerprint(draft, report),
    )


def _outcomes(report: ImportReport) -> dict[str, Outcome]:
    named = {
        Outcome.NEW: report.new, Outcome.CHANGED: report.changed, Outcome.UNCHANGED: report.unchanged,
        Outcome.OUTDATED: report.outdated,
    }  # fmt: skip
    return {code: outcome for outcome, codes in named.items() for code in codes}


def _fingerprint(draft: BankDraft, report: ImportReport) -> str:
    """Return what stands for this plan: the content that comes in and the versions it would replace."""
    coming = {*report.new, *report.changed}
    replaced = select(Item.code, Item.current_id).where(Item.code.in_(report.changed)).order_by(Item.code)
    content = [repr(item) for item in draft.items if item.code in coming]
    rows = [list(row) for row in db.session.execute(replaced)]
    return digest(draft.code, draft.title, report.sources, content, rows)


def take_in(
    plan: Plan, seen: str, filename: str, author: Account | None, actor: Actor, now: int
) -> ImportReport:
    """Take a file in as its preview showed it, all or nothing, and return what changed.

    Raise RuleBroken when the file is not sound, or would by now do something else than was `seen`.
    """
    if plan.draft is None or not plan.is_ready:
        raise RuleBroken(
            N_("Tệp còn chỗ phải sửa hoặc không đem lại thay đổi nào. Hãy xem lại bản xem trước.")
        )
    if plan.fingerprint != seen:
        message = N_("Ngân hàng vừa có thay đổi sau khi bạn mở bản xem trước. Hãy xem lại rồi xác nhận.")
        raise RuleBroken(message)
    report = banks.import_bank(plan.draft, author, actor, now)
    audit.record(actor, "bank.take_in", f"import:{seen}", now, file=filename, bank=plan.draft.code)
    return report


# --- questions that are much like others ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Like:
    """A question much like one that comes in: its code, its item (None: another of the file), and how alike, 0 to 1."""

    code: str
    item_id: int | None
    likeness: float
    same_fact: bool


def likes_of(plan: Plan, lines: Sequence[Line]) -> dict[str, list[Like]]:
    """Return by code what the new and changed questions among `lines` are much like, in the banks and in the file."""
    shown = {line.code for line in lines if line.outcome in (Outcome.NEW, Outcome.CHANGED)}
    if plan.draft is None or not shown:
        return {}
    coming = {item.code: item for item in plan.draft.items}
    stored = [(item_id, item) for item_id, item in _stored() if item.code not in coming]
    ids = {item.code: item_id for item_id, item in stored}
    looked_at = [coming[code] for code in coming if code in shown]
    others = [item for _, item in stored] + [item for code, item in coming.items() if code not in shown]
    found: dict[str, list[Like]] = {}
    for pair in near_duplicates([*others, *looked_at], since=len(others), most=MOST_ALIKE):
        like = Like(pair.first, ids.get(pair.first), pair.likeness, pair.same_fact)
        found.setdefault(pair.second, []).append(like)
    return found


def _stored() -> list[tuple[int, ItemDraft]]:
    """Return every item in use with as much of it as is compared."""
    query = (
        select(Item.id, Item.code, Document.code, ItemVersion.reference, ItemVersion.level, ItemVersion.kind,
               ItemVersion.stem, ItemVersion.options, ItemVersion.key)
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(ItemVersion.status != Status.RETIRED)
        .order_by(Item.id)
    )  # fmt: skip
    return [
        (item_id, ItemDraft(code, document, reference, "", level, kind, stem, tuple(options), tuple(key)))
        for item_id, code, document, reference, level, kind, stem, options, key in db.session.execute(query)
    ]


def first_choices(questions: Sequence[QuestionDraft]) -> Choices:
    """Return what to offer for a file at first: the bank its codes are in, else the one with the most items."""
    codes = [question.code for question in questions if question.code][:1000]
    count = db.func.count().label("items")
    busiest = select(Bank.code, Bank.id).join(Item, Item.bank_id == Bank.id).group_by(Bank.id).order_by(
        count.desc(), Bank.id
    )  # fmt: skip
    row = db.session.execute(busiest.where(Item.code.in_(codes)).limit(1)).first() if codes else None
    row = row or db.session.execute(busiest.limit(1)).first()
    if row is None:
        return Choices()
    return Choices(bank=row[0], document=_most_used(row[1], Document), topic=_most_used(row[1], Topic))


def _most_used(bank_id: int, model: type[Document] | type[Topic]) -> str:
    column = ItemVersion.document_id if model is Document else ItemVersion.topic_id
    query = (
        select(model.code)
        .join(ItemVersion, column == model.id)
        .join(Item, Item.current_id == ItemVersion.id)
        .where(Item.bank_id == bank_id)
        .group_by(model.id, model.code)
        .order_by(db.func.count().desc(), model.id)
    )
    return db.session.scalar(query.limit(1)) or ""
