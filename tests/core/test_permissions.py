"""Who may do what: the whole table of roles, and how far a grant reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.permissions import (
    BARRED_FROM_COMPETING,
    Permission,
    Role,
    covers,
    grantable_roles,
    may,
    permits,
)

# The columns: system administrator, organizer, question editor, reviewer, secretary of the board, judge,
# head judge, proctor, observer, contestant. A change of the rules is a change of this table.
MATRIX = """
                  adm org edi rev sec jud hea pro obs con
unit:view          x   x   .   .   x   .   .   x   x   .
unit:edit          x   x   .   .   .   .   .   .   .   .
people:view        x   x   .   .   x   .   .   x   .   .
people:edit        x   x   .   .   .   .   .   .   .   .
roster:import      x   x   .   .   .   .   .   .   .   .
roster:export      x   x   .   .   .   .   .   .   .   .
account:manage     x   x   .   .   .   .   .   .   .   .
bank:view          x   .   x   x   .   .   .   .   .   .
bank:edit          x   .   x   .   .   .   .   .   .   .
bank:review        .   .   .   x   .   .   .   .   .   .
contest:view       x   x   .   .   x   x   x   x   x   .
contest:edit       x   x   .   .   .   .   .   .   .   .
round:run          x   x   .   .   .   .   .   .   .   .
round:monitor      x   x   .   .   x   .   .   x   x   .
hall:run           x   x   .   .   .   .   .   x   .   .
entry:edit         x   x   .   .   .   .   .   .   .   .
card:issue         x   x   .   .   .   .   .   x   .   .
paper:issue        x   x   .   .   .   .   .   .   .   .
paper:enter        x   x   .   .   x   .   .   x   .   .
stage:run          x   x   .   .   x   .   .   .   .   .
stage:judge        .   .   .   .   .   x   x   .   .   .
stage:sign         .   .   .   .   .   .   x   .   .   .
stage:figures      x   x   .   .   x   .   x   .   .   .
result:view        x   x   .   .   x   .   x   .   x   .
result:publish     x   x   .   .   .   .   .   .   .   .
result:promote     x   x   .   .   .   .   .   .   .   .
audit:view         x   x   .   .   .   .   .   .   .   .
system:keep        x   .   .   .   .   .   .   .   .   .
attempt:sit        .   .   .   .   .   .   .   .   .   x
"""
COLUMNS = dict(zip(("adm", "org", "edi", "rev", "sec", "jud", "hea", "pro", "obs", "con"), Role, strict=True))


def expected(role: Role) -> set[str]:
    heads, *lines = MATRIX.strip("\n").splitlines()
    column = 1 + heads.split().index(next(head for head, named in COLUMNS.items() if named is role))
    return {line.split()[0] for line in lines if line.split()[column] == "x"}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_exactly_what_the_table_says(role):
    assert {str(p) for p in Permission if permits(role, p)} == expected(role)


def test_the_table_names_every_permission_once():
    assert sorted(line.split()[0] for line in MATRIX.strip().splitlines()[1:]) == sorted(Permission)


def test_nobody_both_writes_and_approves_questions():
    assert not any(permits(r, Permission.BANK_EDIT) and permits(r, Permission.BANK_REVIEW) for r in Role)


def test_nobody_who_prepares_or_runs_the_contest_competes_in_it():
    assert {
        Role.SYSTEM_ADMIN,
        Role.ORGANIZER,
        Role.QUESTION_EDITOR,
        Role.REVIEWER,
        Role.BOARD_SECRETARY,
        Role.JUDGE,
        Role.HEAD_JUDGE,
    } == BARRED_FROM_COMPETING


@pytest.mark.parametrize(
    ("grant_path", "unit_path", "covered"),
    [
        ("/1/2/", "/1/2/", True),
        ("/1/2/", "/1/2/7/", True),
        ("/1/2/", "/1/2/7/9/", True),
        ("/1/2/", "/1/23/", False),
        ("/1/2/", "/1/", False),
        ("/1/2/", "/1/3/", False),
        ("/1/2/", "/11/2/", False),
        ("/2/", "/1/2/", False),
        ("/1/2/", "", False),
        ("", "/1/2/", True),
        ("", "", True),
        ("/1/2", "/1/23/", False),
        ("/1/2", "/1/2/", False),
        ("/", "/1/2/", True),
    ],
)
def test_a_grant_reaches_its_unit_and_all_below_and_nothing_beside(grant_path, unit_path, covered):
    assert covers(grant_path, unit_path) is covered


PATHS = st.lists(st.integers(1, 30), min_size=1, max_size=4)


def path(ids: list[int]) -> str:
    return "/" + "".join(f"{i}/" for i in ids)


@given(PATHS, PATHS)
def test_a_grant_reaches_a_unit_exactly_when_it_stands_on_its_way_from_the_root(granted, unit):
    assert covers(path(granted), path(unit)) is (unit[: len(granted)] == granted)
    assert covers(path(granted), path(granted + unit))


@pytest.mark.parametrize(
    ("what", "grants", "permission", "unit_path", "allowed"),
    [
        ("no grants", [], Permission.UNIT_VIEW, "/1/", False),
        ("own unit", [(Role.ORGANIZER, "/1/2/")], Permission.ROUND_RUN, "/1/2/", True),
        ("below", [(Role.ORGANIZER, "/1/2/")], Permission.ROUND_RUN, "/1/2/9/", True),
        ("above", [(Role.ORGANIZER, "/1/2/")], Permission.ROUND_RUN, "/1/", False),
        ("the neighbour 23", [(Role.ORGANIZER, "/1/2/")], Permission.ROUND_RUN, "/1/23/", False),
        ("a role without it", [(Role.OBSERVER, "/1/2/")], Permission.ROUND_RUN, "/1/2/", False),
        ("everywhere", [(Role.SYSTEM_ADMIN, "")], Permission.ROUND_RUN, "/1/2/", True),
        (
            "the role here, the reach elsewhere",
            [(Role.ORGANIZER, "/1/3/"), (Role.OBSERVER, "/1/2/")],
            Permission.ROUND_RUN,
            "/1/2/",
            False,
        ),
        (
            "the second of two grants",
            [(Role.OBSERVER, "/1/"), (Role.PROCTOR, "/1/2/")],
            Permission.CARD_ISSUE,
            "/1/2/5/",
            True,
        ),
    ],
)
def test_one_grant_must_have_both_the_role_and_the_reach(what, grants, permission, unit_path, allowed):
    assert may(grants, permission, unit_path) is allowed, what


BY_ADMIN = set(Role) - {Role.CONTESTANT}
BY_ORGANIZER = BY_ADMIN - {Role.SYSTEM_ADMIN, Role.QUESTION_EDITOR, Role.REVIEWER}
MANAGERS = {Role.SYSTEM_ADMIN, Role.ORGANIZER}
ORGANIZER, ADMIN = (Role.ORGANIZER, "/1/"), (Role.SYSTEM_ADMIN, "/1/2/")


@pytest.mark.parametrize(
    ("what", "grants", "unit_path", "roles"),
    [
        ("an organizer, in the own subtree", [(Role.ORGANIZER, "/1/2/")], "/1/2/5/", BY_ORGANIZER),
        ("an organizer, beside it", [(Role.ORGANIZER, "/1/2/")], "/1/3/", set()),
        ("an organizer, above it", [(Role.ORGANIZER, "/1/2/")], "/1/", set()),
        ("the administrator", [(Role.SYSTEM_ADMIN, "")], "/1/2/", BY_ADMIN),
        ("an administrator of one node, inside", [(Role.SYSTEM_ADMIN, "/1/2/")], "/1/2/", BY_ADMIN),
        ("an administrator of one node, outside", [(Role.SYSTEM_ADMIN, "/1/2/")], "/1/", set()),
        ("both, in either order", [ORGANIZER, ADMIN], "/1/2/", BY_ADMIN),
        ("both, in either order", [ADMIN, ORGANIZER], "/1/2/", BY_ADMIN),
        ("both, where only one reaches", [ORGANIZER, ADMIN], "/1/", BY_ORGANIZER),
        ("nobody", [], "/1/", set()),
        *((f"a {role}", [(role, "")], "/1/", set()) for role in Role if role not in MANAGERS),
    ],
)
def test_who_may_give_which_roles(what, grants, unit_path, roles):
    assert grantable_roles(grants, unit_path) == roles, what
