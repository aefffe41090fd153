"""Where an item was used and what is known of it, for its page in the bank; the counts are made by `statistics`."""

from dataclasses import dataclass

from sqlalchemy import select

from quiz.core.corrections import WITH_KEY, Policy
from quiz.extensions import db
from quiz.models import Contest, Item, ItemStatistic, ItemUse, ItemVersion, Round, RoundItem, Stage
from quiz.services import marking


@dataclass(frozen=True, slots=True)
class Use:
    """A round whose pool held a version of an item; `use` is None until the round has been counted.

    `policy` is how the board ruled on the version in that round where its key proved wrong.
    """

    version: int
    contest: str
    stage: str
    round: Round
    use: ItemUse | None
    policy: Policy | None

    @property
    def is_keyed(self) -> bool:
        """Return whether a key still decides the points, so that its figures say something of the item."""
        return self.policy is None or self.policy in WITH_KEY


def uses_of(item: Item, limit: int = 50) -> list[Use]:
    """Return the rounds whose pools held the item, the latest first, at most `limit`."""
    policy = marking.last_policy(Round.id, ItemVersion.id)
    query = (
        select(ItemVersion.number, Contest.title, Stage.name, Round, ItemUse, policy)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .join(Round, Round.id == RoundItem.round_id)
        .join(Stage, Stage.id == Round.stage_id)
        .join(Contest, Contest.id == Stage.contest_id)
        .outerjoin(ItemUse, db.and_(ItemUse.round_id == Round.id, ItemUse.version_id == ItemVersion.id))
        .where(ItemVersion.item_id == item.id)
        .order_by(ItemUse.sat.is_(None), Round.opens_at.desc(), Round.id.desc())
        .limit(limit)
    )
    return [Use(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a version did over all rounds counted; `chosen` by authored option, `correlation` None where undefined.

    `omitted` took no option, whether they came that far or not.
    """

    sat: int
    facility: float
    correlation: float | None
    flag: str
    chosen: list[int]
    omitted: int


def figures_of(version: ItemVersion) -> Figures | None:
    """Return how a version did, or None when it was on no paper of a round counted."""
    found = db.session.get(ItemStatistic, version.id)
    if found is None:
        return None
    rows = db.session.execute(
        select(ItemUse.chosen, ItemUse.omitted, ItemUse.not_reached).where(
            ItemUse.version_id == version.id, ~marking.is_unkeyed(ItemUse.round_id, ItemUse.version_id)
        )
    ).all()
    chosen = [sum(counts) for counts in zip(*(row.chosen for row in rows), strict=True)]
    omitted = sum(row.omitted + row.not_reached for row in rows)
    return Figures(found.sat, found.facility, found.correlation, found.flag, chosen, omitted)
