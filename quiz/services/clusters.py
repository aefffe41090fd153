"""The named clusters of a round: which units make them up, who hosts each and who leads it (R7)."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Cluster, Person, Round, RoundUnit, Unit
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import lock_round


@dataclass(frozen=True, slots=True)
class Grouped:
    """A cluster by its name: its units, and what is known of its host and leader (None: nothing yet)."""

    name: str
    units: tuple[Unit, ...]
    host: Unit | None = None
    head: Unit | None = None
    leader: Person | None = None


def of_round(contest_round: Round) -> list[Grouped]:
    """Return the clusters of a round in the order of their names, each with its units by name."""
    units: dict[str, list[Unit]] = {}
    query = (
        select(RoundUnit)
        .join(RoundUnit.unit)
        .where(RoundUnit.round_id == contest_round.id, RoundUnit.cluster != "")
        .order_by(RoundUnit.cluster, Unit.sort_key, Unit.id)
        .options(joinedload(RoundUnit.unit))
        .execution_options(populate_existing=True)
    )
    for scope in db.session.scalars(query):
        units.setdefault(scope.cluster, []).append(scope.unit)
    known = {cluster.name: cluster for cluster in _known(contest_round)}
    return [_grouped(name, tuple(members), known.get(name)) for name, members in units.items()]


def _known(contest_round: Round) -> list[Cluster]:
    query = select(Cluster).where(Cluster.round_id == contest_round.id)
    named = (joinedload(Cluster.host), joinedload(Cluster.head), joinedload(Cluster.leader))
    return list(db.session.scalars(query.options(*named).execution_options(populate_existing=True)))


def _grouped(name: str, units: tuple[Unit, ...], cluster: Cluster | None) -> Grouped:
    if cluster is None:
        return Grouped(name, units)
    return Grouped(name, units, cluster.host, cluster.head, cluster.leader)


def people_of(grouped: Grouped, limit: int = 300) -> list[Person]:
    """Return the people of the cells under the units of a cluster, by name, to choose a leader from."""
    inside = db.or_(db.false(), *(Unit.path.startswith(unit.path) for unit in grouped.units))
    query = select(Person).join(Person.unit).where(inside).order_by(Person.sort_key, Person.id).limit(limit)
    return list(db.session.scalars(query.options(joinedload(Person.unit))))


def person_meant(grouped: Grouped, code: str) -> Person | None:
    """Return whoever of a cluster's cells has this code, None for an empty one; raise RuleBroken if nobody has."""
    if not code:
        return None
    inside = db.or_(db.false(), *(Unit.path.startswith(unit.path) for unit in grouped.units))
    query = select(Person).join(Person.unit).where(db.func.lower(Person.code) == code.lower(), inside)
    found = db.session.scalar(query)
    if found is None:
        raise RuleBroken(
            N_("Không có ai mã “%(code)s” trong các chi bộ của %(cluster)s. Hãy chọn trong danh sách gợi ý."),
            code=code,
            cluster=grouped.name,
        )
    return found


def state_of(grouped: Grouped) -> State:
    """Return what the form of a cluster shows; its name too, for its page goes by its place among the others."""
    return _state(grouped.name, grouped.host, grouped.head, grouped.leader)


def _state(name: str, host: Unit | None, head: Unit | None, leader: Person | None) -> State:
    units = {"host": host.id if host else 0, "head": head.id if head else 0}
    return {"name": name, **units, "leader": leader.code if leader else ""}


def set_cluster(
    contest_round: Round, name: str, host: Unit | None, head: Unit | None, leader: Person | None, actor: Actor,
    now: int, seen: str = "",
) -> None:  # fmt: skip
    """Say who hosts and leads a cluster; raise RuleBroken when host or leading unit is none of its units.

    Raise Overtaken when what was said of it is no longer as `seen`.
    """
    lock_round(contest_round)
    grouped = next((one for one in of_round(contest_round) if one.name == name), None)
    if grouped is None:
        raise RuleBroken(N_("Vòng thi không có cụm này. Hãy ghi tên cụm cho từng đơn vị trước."))
    check_seen(seen, state_of(grouped), _state(name, host, head, leader))
    for unit in (host, head):
        if unit is not None and unit not in grouped.units:
            raise RuleBroken(
                N_("%(unit)s không thuộc %(cluster)s. Hãy chọn đơn vị trong cụm."),
                unit=unit.title,
                cluster=name,
            )
    query = select(Cluster).where(Cluster.round_id == contest_round.id, Cluster.name == name)
    cluster = db.session.scalar(query) or Cluster(round_id=contest_round.id, name=name)
    cluster.host, cluster.head, cluster.leader = host, head, leader
    db.session.add(cluster)
    db.session.flush()
    detail = {
        "cluster": name,
        "host": host.title if host else "",
        "head": head.title if head else "",
        "leader": leader.full_name if leader else "",
    }
    audit.record(actor, "round.cluster", contest_round, now, path=contest_round.unit.path, **detail)


def drop_all(contest_round: Round) -> None:
    """Forget what is known of a round's clusters, before the round itself goes."""
    db.session.execute(delete(Cluster).where(Cluster.round_id == contest_round.id))
