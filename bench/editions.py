"""Published rankings of any size, written by bulk statements: 1,000,000 results of 2,000 people in 500 rounds."""

from collections.abc import Sequence

from sqlalchemy import String, cast, func, insert, literal, select, text

from bench.data import PEOPLE, House, add_rounds
from quiz.core.ranking import Comparison, Explanation
from quiz.extensions import db
from quiz.models import Edition, Entry, Result
from quiz.services.results import PROVISIONAL
from quiz.services.standings import explanation_to_dict

EXPLANATION = explanation_to_dict(
    Explanation(120, 3, (Comparison("apply_points", 500, 1, 1), Comparison("time_used", 1830, 0, 1)), 0)
)


def publish(house: House, sizes: Sequence[int]) -> dict[int, int]:
    """Publish a ranking of each size and return their editions by size."""
    if db.engine.dialect.name == "postgresql":  # every key below is right; asking for each takes two minutes
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    round_ids = add_rounds(house, "ranking", max(len(sizes), -(-max(sizes) // PEOPLE)), with_items=False)
    entries = select(Entry.id).where(Entry.round_id.in_(round_ids)).order_by(Entry.id).limit(1)
    first = db.session.scalars(entries).one()
    return {
        size: _publish(house, size, round_id, first) for size, round_id in zip(sizes, round_ids, strict=False)
    }


def _publish(house: House, size: int, round_id: int, first: int) -> int:
    edition = Edition(
        round_id=round_id, number=1, kind=PROVISIONAL, check_code=f"B{size}", sha256="0" * 64, size=size,
        max_score=3_000, published_at=house.now, published_by_id=house.account.id,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    position = Entry.id - (first - 1)
    number = cast(position, String)
    columns = {
        "edition_id": literal(edition.id),
        "position": position,
        "rank": position,
        "entry_id": Entry.id,
        "scope": literal(""),
        "name": "Lò Văn Thử " + number,
        "cell_name": "chi bộ Bản " + number,
        "unit_name": literal("xã Chiềng Lương"),
        "points": 3_000 - position / (size // 3_000 + 1),
        "time_used": 1_000 * position,
        "explanation": literal(EXPLANATION, Result.explanation.type),
        "search_key": "lo van thu " + number + " chi bo ban " + number,
    }
    source = select(*columns.values()).where(Entry.id >= first, Entry.id < first + size).order_by(Entry.id)
    db.session.execute(insert(Result).from_select(list(columns), source))
    written = db.session.scalar(select(func.count()).where(Result.edition_id == edition.id))
    if written != size:
        raise RuntimeError(f"{written} results were written instead of {size}")
    return edition.id
