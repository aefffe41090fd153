"""The only door to an object: loading what the signed-in person may see.

An object that is missing and one that is not yours get the same 404. The rules that views carry stand in
quiz.web.guards and are used through this module, so that a view asks one door for everything.
"""

from collections.abc import Collection
from typing import Any, NoReturn, TypeVar

from flask import abort
from sqlalchemy import Select, select

from quiz import clock
from quiz.core.approvals import NEEDED
from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.models import (
    Absence,
    Account,
    ApiToken,
    Appeal,
    Approval,
    Attempt,
    AwardDecision,
    Bank,
    Contest,
    Document,
    Edition,
    Entry,
    Essay,
    Grant,
    HallCode,
    HallDevice,
    HallSession,
    Incident,
    Item,
    Job,
    Package,
    Performance,
    Person,
    PrintedPaper,
    Projection,
    Reserve,
    Result,
    Round,
    Signal,
    SittingImport,
    Stage,
    TimeGrant,
    Unit,
)
from quiz.services import (
    accounts,
    jobs,
    panels,
    participation,
    printed_papers,
    projections,
    receipts,
    sitting_imports,
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


def _on(permission: Permission, unit: Unit) -> None:
    if not signed_in().may(permission, unit):
        not_found()


def everywhere(permission: Permission) -> None:
    """Answer 404 unless `permission` is held over every unit: what follows belongs to the whole installation."""
    if "" not in signed_in().paths_for(permission):
        not_found()


def unit_for(permission: Permission, unit_id: int) -> Unit:
    """Return a unit on which the person holds `permission`, or answer 404."""
    unit = get(Unit, unit_id)
    _on(permission, unit)
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
    _on(permission, person.unit)
    return person


def contest_for(permission: Permission, contest_id: int) -> Contest:
    """Return a contest whose node the person may act on; to view one, holding a node below it is enough."""
    contest = get(Contest, contest_id)
    if permission is Permission.CONTEST_VIEW and _sees_from_below(contest):
        return contest
    _on(permission, contest.unit)
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
    _on(permission, contest_round.unit)
    return contest_round


def round_of_board(permission: Permission, round_id: int) -> Round:
    """Return a round when `permission` is held on its unit and on that of the contest's board, or answer 404."""
    contest_round = round_for(permission, round_id)
    _on(permission, contest_round.stage.contest.unit)
    return contest_round


def package_for(permission: Permission, package_id: int) -> Package:
    """Return a package of a round whose board the person is of, or answer 404."""
    package = get(Package, package_id)
    round_of_board(permission, package.round_id)
    return package


def package_named(permission: Permission, uuid: str) -> Package:
    """Return the package a returned file names; raise RuleBroken alike when it is missing or not yours."""
    package = sitting_imports.package_of(uuid)
    if not signed_in().may(permission, package.round.stage.contest.unit):
        raise RuleBroken(sitting_imports.UNKNOWN)
    return package


def import_for(permission: Permission, import_id: int) -> SittingImport:
    """Return a sitting taken in for a round whose board the person is of, or answer 404."""
    found = get(SittingImport, import_id)
    package_for(permission, found.package_id)
    return found


def entry_for(permission: Permission, entry_id: int) -> Entry:
    """Return an entry to a round the person may act on, or whose cell lies in the own subtree; or answer 404."""
    entry = get(Entry, entry_id)
    if not signed_in().may(permission, entry.unit):
        _on(permission, entry.round.unit)
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


def incident_for(permission: Permission, incident_id: int) -> Incident:
    """Return an incident at a unit of the own subtrees, or in a round the person may act on; or answer 404."""
    incident = get(Incident, incident_id)
    seen = incident.path.startswith(tuple(reach_in(permission, incident.round)))
    return incident if seen else not_found()


def screen_with(code: str) -> Projection:
    """Return the hall's screen whose address has this code, for everybody, or answer 404."""
    return projections.by_code(code) or not_found()


def unit_of_round(permission: Permission, contest_round: Round, unit_id: int) -> Unit:
    """Return a unit on which `permission` is held and under which the round has contestants, or answer 404."""
    unit = unit_for(permission, unit_id)
    covered = (scope.unit.path for scope in contest_round.scopes)
    return unit if any(p.startswith(unit.path) or unit.path.startswith(p) for p in covered) else not_found()


def hall_for(permission: Permission, hall_id: int) -> HallSession:
    """Return a sitting at a hall whose place, or whose round, the person may act on; or answer 404."""
    hall = get(HallSession, hall_id)
    if not signed_in().may(permission, hall.unit):
        _on(permission, hall.round.unit)
    return hall


def hall_entry(permission: Permission, hall_id: int, entry_id: int) -> tuple[HallSession, Entry]:
    """Return a sitting the person may act on and somebody with a short code of it, or answer 404."""
    hall = hall_for(permission, hall_id)
    code = db.session.get(HallCode, (hall.id, entry_id)) if 0 < entry_id < 2**31 else None
    return (hall, code.entry) if code is not None else not_found()


def hall_device(permission: Permission, hall_id: int, device_id: int) -> tuple[HallSession, HallDevice]:
    """Return a sitting the person may act on and one of its devices, or answer 404."""
    hall, device = hall_for(permission, hall_id), get(HallDevice, device_id)
    return (hall, device) if device.hall_id == hall.id else not_found()


def time_grant_for(permission: Permission, time_grant_id: int) -> TimeGrant:
    """Return minutes given to somebody of the own subtrees, or in a round the person may act on; or answer 404."""
    grant = get(TimeGrant, time_grant_id)
    if not any(grant.path.startswith(path) for path in signed_in().paths_for(permission)):
        _on(permission, grant.round.unit)
    return grant


def paper_for(permission: Permission, paper_id: int) -> PrintedPaper:
    """Return a printed paper of a round the person may act on, or of a cell in the own subtree; or answer 404."""
    paper = get(PrintedPaper, paper_id)
    entry_for(permission, paper.attempt.entry_id)
    return paper


def paper_with_code(permission: Permission, code: str) -> PrintedPaper | None:
    """Return the printed paper with this code if it is one the person may act on."""
    paper = printed_papers.by_code(code)
    who = signed_in()
    units = (paper.attempt.entry.unit, paper.attempt.entry.round.unit) if paper else ()
    return paper if any(who.may(permission, unit) for unit in units) else None


def receipt_with_code(permission: Permission, code: str) -> Attempt | None:
    """Return the attempt with this receipt if its round or cell is one the person may look at."""
    attempt = receipts.by_code(code)
    who = signed_in()
    units = (attempt.entry.unit, attempt.entry.round.unit) if attempt else ()
    return attempt if any(who.may(permission, unit) for unit in units) else None


def performance_for(permission: Permission, performance_id: int) -> Performance:
    """Return a performance of a round the person may act on, or answer 404."""
    performance = get(Performance, performance_id)
    round_for(permission, performance.round_id)
    return performance


def performance_judged(performance_id: int) -> Performance:
    """Return a performance that the signed-in person has a seat to judge, or answer 404."""
    performance = get(Performance, performance_id)
    panel = panels.panel_for(performance, panels.seats_of(performance.round))
    return performance if signed_in().account_id in [seat.account_id for seat in panel] else not_found()


def essay_for(permission: Permission, essay_id: int) -> Essay:
    """Return an essay handed in for a round the person may act on, or answer 404."""
    essay = get(Essay, essay_id)
    round_for(permission, essay.round_id)
    return essay


def absence_for(permission: Permission, absence_id: int) -> Absence:
    """Return the absence of a cell from a round the person may act on, or answer 404."""
    absence = get(Absence, absence_id)
    round_for(permission, absence.round_id)
    return absence


def reserve_for(permission: Permission, reserve_id: int) -> Reserve:
    """Return somebody in reserve for a round whose list this person keeps, or answer 404."""
    note = get(Reserve, reserve_id)
    _on(permission, note.unit)
    round_for(permission, note.round_id)
    return note


def cell_of_round(contest_round: Round, unit_id: int) -> Unit:
    """Return a cell below a node that the round covers or covered when it ended, or answer 404."""
    unit = get(Unit, unit_id)
    return unit if participation.counts_in(contest_round, unit, clock.now()) else not_found()


def edition_for(permission: Permission, edition_id: int) -> Edition:
    """Return an edition of a round the person may act on, or answer 404."""
    edition = get(Edition, edition_id)
    _on(permission, edition.round.unit)
    return edition


def appeal_for(permission: Permission, appeal_id: int) -> Appeal:
    """Return an appeal in a round the person may act on, or answer 404."""
    appeal = get(Appeal, appeal_id)
    _on(permission, appeal.round.unit)
    return appeal


def approval_for(approval_id: int) -> Approval:
    """Return a request for an act of two people that is the person's own or theirs to decide, or answer 404."""
    approval = get(Approval, approval_id)
    return approval if may_see(approval) else not_found()


def may_see(approval: Approval) -> bool:
    """Tell whether a request is the person's own or theirs to decide, so that a page may lead to it."""
    who = signed_in()
    return approval.asked_by_id == who.account_id or who.may(NEEDED[approval.kind], approval.unit)


def ranked_entry(permission: Permission, edition_id: int, entry_id: int) -> tuple[Edition, Result]:
    """Return an edition of a round the person may act on and the line of an entry in it, or answer 404."""
    edition = edition_for(permission, edition_id)
    query = select(Result).where(Result.edition_id == edition.id, Result.entry_id == entry_id)
    line = db.session.scalar(query) if 0 < entry_id < 2**31 else None
    return (edition, line) if line is not None else not_found()


def award_decision_for(permission: Permission, award_decision_id: int) -> AwardDecision:
    """Return what was decided about prizes of an edition the person may act on, or answer 404."""
    decision = get(AwardDecision, award_decision_id)
    edition_for(permission, decision.edition_id)
    return decision


def signal_for(permission: Permission, signal_id: int) -> Signal:
    """Return a sign found in a round the person may act on, or answer 404."""
    signal = get(Signal, signal_id)
    _on(permission, signal.round.unit)
    return signal


def published_edition(edition_id: int) -> Edition:
    """Return an edition for everybody, or answer 404; whatever is an edition is published."""
    return get(Edition, edition_id)


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
        _on(permission, token.unit)
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
