"""The only door to an object: loading what the signed-in person may see.

An object that is missing and one that is not yours get the same 404. Parts of the door are quiz.web.venues,
quiz.web.outcomes and quiz.web.belongings, what is the person's own. The rules that views carry stand in
quiz.web.guards and are used through this module, so that a view asks one door for everything.
"""

from collections.abc import Collection
from typing import Any, NoReturn, TypeVar

from flask import abort
from sqlalchemy import Select

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.models import (
    Absence,
    Account,
    ApiToken,
    Bank,
    Contest,
    Document,
    Entry,
    Grant,
    Item,
    Job,
    Person,
    Reserve,
    Round,
    Stage,
    Unit,
)
from quiz.services import (
    accounts,
    jobs,
    participation,
    tree,
)
from quiz.web.guards import (
    anyone_signed_in,
    begin,
    candidate_only,
    end,
    in_statement,
    missing_rules,
    principal,
    public,
    requires,
    save_token,
    signed_in,
    staff_only,
)

__all__ = [  # the rules; what is loaded here is found by its name
    "anyone_signed_in",
    "begin",
    "candidate_only",
    "end",
    "in_statement",
    "missing_rules",
    "principal",
    "public",
    "requires",
    "save_token",
    "signed_in",
    "staff_only",
]

Model = TypeVar("Model")


def not_found() -> NoReturn:
    """Answer alike for "missing" and "not yours"."""
    abort(404)


def get(model: type[Model], key: int) -> Model:
    """Return the object with this id whoever asks, or answer 404; the caller looks whether they may see it."""
    if not 0 < key < 2**31:
        not_found()
    found = db.session.get(model, key)
    if found is None:
        not_found()
    return found


def must_hold(permission: Permission, unit: Unit) -> None:
    """Answer 404 unless the person holds `permission` on a unit."""
    if not signed_in().may(permission, unit):
        not_found()


def everywhere(permission: Permission) -> None:
    """Answer 404 unless `permission` is held over every unit: what follows belongs to the whole installation."""
    if "" not in signed_in().paths_for(permission):
        not_found()


def unit_for(permission: Permission, unit_id: int) -> Unit:
    """Return a unit on which the person holds `permission`, or answer 404."""
    unit = get(Unit, unit_id)
    must_hold(permission, unit)
    return unit


def unit_of_contest(contest: Contest, unit_id: int, held: Collection[int]) -> Unit:
    """Return a unit of a contest that the person may see: below its node, or among the ids `held`; else 404."""
    unit, who = get(Unit, unit_id), signed_in()
    inside = unit.path.startswith(contest.unit.path) and who.may(Permission.CONTEST_VIEW, unit)
    stood = unit.id in held and who.may(Permission.CONTEST_VIEW, contest.unit)
    return unit if inside or stood else not_found()


def unit_meant(permission: Permission, text: str, field: str) -> Unit:
    """Return the unit in the own subtrees that a typed code or name means; raise DraftRefused on `field` if none."""
    return tree.find_one(text, signed_in().paths_for(permission), field)


def person_for(permission: Permission, person_id: int) -> Person:
    """Return somebody of a unit on which `permission` is held, or answer 404."""
    person = get(Person, person_id)
    must_hold(permission, person.unit)
    return person


def contest_for(permission: Permission, contest_id: int) -> Contest:
    """Return a contest whose node the person may act on; to view one, holding a node below it is enough."""
    contest = get(Contest, contest_id)
    if permission is Permission.CONTEST_VIEW and _sees_from_below(contest):
        return contest
    must_hold(permission, contest.unit)
    return contest


def _sees_from_below(contest: Contest) -> bool:
    return any(path.startswith(contest.unit.path) for path in signed_in().paths_for(Permission.CONTEST_VIEW))


def stage_for(permission: Permission, stage_id: int) -> Stage:
    """Return a stage of a contest the person may act on, or answer 404."""
    stage = get(Stage, stage_id)
    contest_for(permission, stage.contest_id)
    return stage


def round_for(permission: Permission, round_id: int) -> Round:
    """Return a round held at a node on which `permission` is held, or answer 404."""
    contest_round = get(Round, round_id)
    must_hold(permission, contest_round.unit)
    return contest_round


def round_of_board(permission: Permission, round_id: int) -> Round:
    """Return a round when `permission` is held on its unit and on that of the contest's board, or answer 404."""
    contest_round = round_for(permission, round_id)
    must_hold(permission, contest_round.stage.contest.unit)
    return contest_round


def entry_for(permission: Permission, entry_id: int) -> Entry:
    """Return an entry to a round the person may act on, or whose cell lies in the own subtree; or answer 404."""
    entry = get(Entry, entry_id)
    if not signed_in().may(permission, entry.unit):
        must_hold(permission, entry.round.unit)
    return entry


def round_within(permission: Permission, round_id: int) -> Round:
    """Return a round with contestants of the subtrees on which `permission` is held, or answer 404."""
    contest_round = get(Round, round_id)
    paths = signed_in().paths_for(permission)
    places = [contest_round.unit.path, *(scope.unit.path for scope in contest_round.scopes)]
    if any(place.startswith(path) or path.startswith(place) for place in places for path in paths):
        return contest_round
    not_found()


def reach_in(permission: Permission, contest_round: Round) -> list[str]:
    """Return the paths under which `permission` is held in a round: all of them ("") where it is held on its unit."""
    who = signed_in()
    return [""] if who.may(permission, contest_round.unit) else who.paths_for(permission)


def unit_in_round(permission: Permission, contest_round: Round, unit_id: int) -> Unit:
    """Return a unit of those a round covers, or below or above them, within `reach_in`; or answer 404."""
    unit = get(Unit, unit_id)
    covered = (scope.unit.path for scope in contest_round.scopes)
    is_of_round = any(p.startswith(unit.path) or unit.path.startswith(p) for p in covered)
    is_seen = unit.path.startswith(tuple(reach_in(permission, contest_round)))
    return unit if is_of_round and is_seen else not_found()


def unit_of_round(permission: Permission, contest_round: Round, unit_id: int) -> Unit:
    """Return a unit on which `permission` is held and under which the round has contestants, or answer 404."""
    unit = unit_for(permission, unit_id)
    covered = (scope.unit.path for scope in contest_round.scopes)
    return unit if any(p.startswith(unit.path) or unit.path.startswith(p) for p in covered) else not_found()


def absence_for(permission: Permission, absence_id: int) -> Absence:
    """Return the absence of a cell from a round the person may act on, or answer 404."""
    absence = get(Absence, absence_id)
    round_for(permission, absence.round_id)
    return absence


def reserve_for(permission: Permission, reserve_id: int) -> Reserve:
    """Return somebody in reserve for a round whose list this person keeps, or answer 404."""
    note = get(Reserve, reserve_id)
    must_hold(permission, note.unit)
    round_for(permission, note.round_id)
    return note


def cell_of_round(contest_round: Round, unit_id: int) -> Unit:
    """Return a cell below a node that the round covers or covered when it ended, or answer 404."""
    unit = get(Unit, unit_id)
    return unit if participation.counts_in(contest_round, unit, clock.now()) else not_found()


def bank_for(permission: Permission, bank_id: int) -> Bank:
    """Return a bank for those who hold `permission`, or answer 404; banks belong to no unit."""
    if not signed_in().may_somewhere(permission):
        not_found()
    return get(Bank, bank_id)


def item_for(permission: Permission, item_id: int) -> Item:
    """Return an item of a bank for those who hold `permission`, or answer 404."""
    if not signed_in().may_somewhere(permission):
        not_found()
    return get(Item, item_id)


def document_for(permission: Permission, document_id: int) -> Document:
    """Return a document questions rest on for those who hold `permission`, or answer 404."""
    if not signed_in().may_somewhere(permission):
        not_found()
    return get(Document, document_id)


def account_for(account_id: int) -> Account:
    """Return an account with a role in the subtrees this person manages, or answer 404."""
    paths = signed_in().paths_for(Permission.ACCOUNT_MANAGE)
    found = accounts.find(account_id, paths) if 0 < account_id < 2**31 else None
    return found if found is not None else not_found()


def grant_for(account_id: int, grant_id: int) -> Grant:
    """Return a role of an account in the managed subtrees, or answer 404."""
    account = account_for(account_id)
    found = next((grant for grant in account.grants if grant.id == grant_id), None)
    return found if found is not None else not_found()


def api_token_for(permission: Permission, token_id: int) -> ApiToken:
    """Return a token over a subtree on which `permission` is held, one over every unit for those who hold all."""
    token = get(ApiToken, token_id)
    if token.unit is None:
        everywhere(permission)
    else:
        must_hold(permission, token.unit)
    return token


def job_for(job_id: int) -> Job:
    """Return a job the account asked for, or whose permission it holds; or answer 404."""
    job = get(Job, job_id)
    return job if jobs.visible_to(job, signed_in()) else not_found()


def within(query: Select[Any], permission: Permission) -> Select[Any]:
    """Narrow a query that selects from or joins Unit to the subtrees on which `permission` is held."""
    paths = signed_in().paths_for(permission)
    if "" in paths:
        return query
    return query.where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
