"""Where a round is sat otherwise than at home: halls, their devices and screens, packages, papers, incidents, minutes.

A part of the one door to an object, like quiz.web.access: missing and not yours get the same 404.
"""

from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.models import (
    Entry,
    HallCode,
    HallDevice,
    HallSession,
    Incident,
    Package,
    PrintedPaper,
    Projection,
    SittingImport,
    TimeGrant,
)
from quiz.services import printed_papers, projections, sitting_imports
from quiz.web.access import entry_for, get, must_hold, not_found, reach_in, round_of_board, signed_in


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


def incident_for(permission: Permission, incident_id: int) -> Incident:
    """Return an incident at a unit of the own subtrees, or in a round the person may act on; or answer 404."""
    incident = get(Incident, incident_id)
    seen = incident.path.startswith(tuple(reach_in(permission, incident.round)))
    return incident if seen else not_found()


def screen_with(code: str) -> Projection:
    """Return the hall's screen whose address has this code, for everybody, or answer 404."""
    return projections.by_code(code) or not_found()


def hall_for(permission: Permission, hall_id: int) -> HallSession:
    """Return a sitting at a hall whose place, or whose round, the person may act on; or answer 404."""
    hall = get(HallSession, hall_id)
    if not signed_in().may(permission, hall.unit):
        must_hold(permission, hall.round.unit)
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
        must_hold(permission, grant.round.unit)
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
