"""Setting up contests: stages with their rules, rounds at nodes of the tree, opening and closing them."""

from sqlalchemy import select

from quiz.extensions import db
from quiz.models import Contest, Round, Stage, Unit


def rounds_under(paths: list[str]) -> list[Round]:
    """Return the rounds held at units under any of `paths` ("" reaches all), the latest contest first."""
    query = (
        select(Round)
        .join(Stage).join(Contest).join(Unit, Unit.id == Round.unit_id)
        .order_by(Contest.id.desc(), Stage.ordinal, Unit.sort_key)
    )  # fmt: skip
    if "" not in paths:
        query = query.where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
    return list(db.session.scalars(query))
