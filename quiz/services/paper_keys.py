"""The right letters of papers printed for a round, for whoever marks or checks one by hand."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.corrections import Rulings, ruled
from quiz.core.errors import N_, RuleBroken
from quiz.core.figures import KeyedPaper
from quiz.core.marking import Choice, MarkedItem, Treatment, key_on_paper
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Attempt, Entry, PrintedPaper, Round
from quiz.services import marking, papers
from quiz.services.papers import Pool

LETTERS = "ABCDEFGH"
GIVEN, VOID = "*", "–"


def keys_of(contest_round: Round, now: int) -> tuple[KeyedPaper, ...]:
    """Return the right letters of each paper printed for a round, by its code, corrections of keys included.

    Raise RuleBroken before the round has ended: until then nobody may see them.
    """
    if contest_round.phase_at(now) is not Phase.CLOSED:
        raise RuleBroken(N_("Đáp án chỉ in được sau khi vòng thi kết thúc."))
    query = (
        select(Attempt)
        .join(PrintedPaper, PrintedPaper.attempt_id == Attempt.id)
        .where(Attempt.round_id == contest_round.id)
        .order_by(Attempt.receipt_code)
        .options(
            joinedload(Attempt.entry).joinedload(Entry.person),
            joinedload(Attempt.entry).joinedload(Entry.unit),
        )
    )
    pool, rulings = papers.pool_of(contest_round), marking.rulings_of(contest_round.id)
    return tuple(_keyed(attempt, pool, rulings) for attempt in db.session.scalars(query))


def _keyed(attempt: Attempt, pool: Pool, rulings: Rulings) -> KeyedPaper:
    answers = []
    for place in papers.places_of(attempt.paper):
        item = pool.items[place.version]
        marked = MarkedItem(key_on_paper(item.key, place.order), len(place.order), item.topic, item.level)
        answers.append(answer_text(ruled(marked, rulings.get(place.version), place.order)))
    entry = attempt.entry
    return KeyedPaper(attempt.receipt_code, entry.person.full_name, entry.unit.title, tuple(answers))


def answer_text(item: MarkedItem) -> str:
    """Return the right letters of a question as they are printed."""
    if item.treatment is not Treatment.BY_KEY:
        return GIVEN if item.treatment is Treatment.GIVEN else VOID
    return "/".join(_letters(key) for key in (item.key, item.also) if key)


def _letters(places: Choice) -> str:
    return ",".join(LETTERS[place] for place in sorted(places))
