"""Staff accounts: nobody acts beyond the own subtree or the own rights, and nobody locks the last door."""

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, NotAllowed, RuleBroken
from quiz.core.permissions import BARRED_FROM_COMPETING, Role
from quiz.extensions import db
from quiz.models import Account, AuditEvent, Grant
from quiz.services import accounts, auth
from quiz.services.auth import Principal
from quiz.services.drafts import DraftRefused
from tests.factories import (
    HOUR,
    NOW,
    PASSWORD,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


def signed_in(account):
    """Return the principal of an account, as a page sees it."""
    token = auth.open_session(auth.holder_of(account), hours=1, agent="", now=NOW)
    db.session.flush()
    who = auth.principal_of(token, NOW)
    assert isinstance(who, Principal)
    return who


def make_district():
    district = make_unit("Mai Sơn", type_label="huyện")
    return district, make_unit("Cò Nòi", district), make_unit("Nà Bó", district)


def actions(account):
    query = select(AuditEvent.action).where(AuditEvent.target == f"account:{account.id}")
    return [name for name in db.session.scalars(query.order_by(AuditEvent.id)) if name != "session.open"]


# --- who sees and touches whom ------------------------------------------------------------------------------


def test_the_list_shows_the_accounts_with_a_role_in_the_own_subtree(app):
    district, commune, other = make_district()
    admin = make_account((Role.SYSTEM_ADMIN, None), username="admin")
    mine = make_account((Role.PROCTOR, commune), username="b.mine")
    both = make_account((Role.PROCTOR, commune), (Role.PROCTOR, other), username="c.both")
    gone = make_account((Role.PROCTOR, commune), username="d.gone")
    gone.grants[0].revoked_at = NOW
    moved = make_account((Role.PROCTOR, commune), (Role.PROCTOR, other), username="e.moved")
    moved.grants[0].revoked_at = NOW
    nobody = make_account(username="f.nobody")
    db.session.flush()
    assert accounts.search([commune.path]).items == [mine, both, gone]
    assert accounts.search([district.path]).items == [mine, both, gone, moved]
    assert accounts.search([""]).items == [admin, mine, both, gone, moved, nobody]
    assert accounts.search([]).items == []
    assert accounts.search([""], "MINE").items == [mine]
    gone.display_name = "Đỗ Thị Hà"
    for typed in ("do thi", "đỗ", "ĐỖ THỊ"):
        assert accounts.search([""], typed).items == accounts.search([commune.path], typed).items == [gone]
    assert accounts.find(mine.id, [commune.path]) is mine
    assert accounts.find(admin.id, [commune.path]) is None


@pytest.mark.parametrize(
    ("held", "touched"),
    [
        ([(Role.PROCTOR, "commune")], True),
        ([(Role.ORGANIZER, "commune"), (Role.JUDGE, "cell")], True),
        ([(Role.PROCTOR, "other")], False),
        ([(Role.PROCTOR, "commune"), (Role.PROCTOR, "other")], False),
        ([(Role.PROCTOR, None)], False),
        ([(Role.PROCTOR, "district")], False),
        ([(Role.SYSTEM_ADMIN, "commune")], False),
        ([(Role.QUESTION_EDITOR, "commune")], False),
    ],
)
def test_an_organizer_touches_only_accounts_whose_every_role_is_within_the_own_rights(app, held, touched):
    district, commune, other = make_district()
    places = {
        "district": district,
        "commune": commune,
        "other": other,
        "cell": make_cell(commune),
        None: None,
    }
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    account = make_account(*((role, places[place]) for role, place in held))
    if touched:
        assert accounts.reset_password(account, who, NOW)
    else:
        with pytest.raises(NotAllowed, match="ngoài phạm vi"):
            accounts.reset_password(account, who, NOW)
        assert auth.sign_in(account.username, PASSWORD, now=NOW) is account


ACTS = {
    "reset_password": lambda account, who: accounts.reset_password(account, who, NOW),
    "disable": lambda account, who: accounts.disable(account, who, NOW),
    "enable": lambda account, who: accounts.enable(account, who, NOW),
    "sign_out": lambda account, who: accounts.sign_out_everywhere(account, who, NOW),
    "grant": lambda account, who: accounts.grant_role(account, Role.JUDGE, account.grants[0].unit, who, NOW),
    "revoke": lambda account, who: accounts.revoke_role(account.grants[0], who, NOW),
    "link": lambda account, who: accounts.link(account, make_person(make_cell(make_unit())), who, NOW),
    "unlink": lambda account, who: accounts.unlink(account, who, NOW),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_every_act_on_an_account_of_another_subtree_is_refused_and_leaves_no_trace(app, act):
    _, commune, other = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    stranger = make_account((Role.PROCTOR, other))
    with pytest.raises(NotAllowed):
        act(stranger, who)
    assert actions(stranger) == []


# --- new accounts and roles ---------------------------------------------------------------------------------


def test_a_new_account_signs_in_with_its_first_password_and_must_change_it(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    account, password = accounts.create("CoNoi.Lan", "Lò Thị Lan", Role.PROCTOR, commune, who, NOW)
    assert auth.sign_in("conoi.lan", password, now=NOW) is account
    assert account.must_change_password and auth.check_password(password, account.username) == password
    assert signed_in(account).grants == [(Role.PROCTOR, commune.path)]
    assert actions(account) == ["account.create", "account.grant"]
    assert password not in str([event.detail for event in db.session.scalars(select(AuditEvent))])


@pytest.mark.parametrize("is_demo", [True, False])
def test_whom_somebody_of_the_demo_lets_in_is_of_the_demo_too(app, is_demo):
    """The demo's passwords are in the README: an account made with one must not outlive the demo."""
    admin = make_account((Role.SYSTEM_ADMIN, None))
    admin.is_demo = is_demo
    db.session.flush()
    who = Principal("", 0, "", account_id=admin.id, grants=[(Role.SYSTEM_ADMIN, "")])
    account, _ = accounts.create("conoi.lan", "Lò Thị Lan", Role.SYSTEM_ADMIN, None, who, NOW)
    assert account.is_demo is is_demo


@pytest.mark.parametrize("name", ["", "ab", "có dấu", "a b c", "-abc", "a" * 41, "a@b.vn"])
def test_a_user_name_is_short_and_plain(app, name):
    who = signed_in(make_account((Role.SYSTEM_ADMIN, None)))
    with pytest.raises(DraftRefused) as refusal:
        accounts.create(name, "Lan", Role.OBSERVER, None, who, NOW)
    assert refusal.value.problems[0].field == "username"


def test_a_user_name_is_given_once(app):
    who = signed_in(make_account((Role.SYSTEM_ADMIN, None)))
    make_account(username="lan")
    with pytest.raises(DraftRefused, match="đã có người dùng"):
        accounts.create("LAN", "Lan", Role.OBSERVER, None, who, NOW)


@pytest.mark.parametrize(
    ("role", "place", "given"),
    [
        (Role.PROCTOR, "commune", True),
        (Role.ORGANIZER, "cell", True),
        (Role.PROCTOR, "district", False),
        (Role.PROCTOR, "other", False),
        (Role.PROCTOR, None, False),
        (Role.SYSTEM_ADMIN, "commune", False),
        (Role.QUESTION_EDITOR, "commune", False),
        (Role.CONTESTANT, "commune", False),
    ],
)
def test_an_organizer_gives_the_lesser_roles_within_the_own_subtree(app, role, place, given):
    district, commune, other = make_district()
    places = {
        "district": district,
        "commune": commune,
        "other": other,
        "cell": make_cell(commune),
        None: None,
    }
    own = make_account((Role.ORGANIZER, commune))
    who = signed_in(own)
    below = make_account((Role.OBSERVER, commune))
    for account in (below, own):  # nobody raises himself either
        if given:
            assert accounts.grant_role(account, role, places[place], who, NOW).role is role
        else:
            with pytest.raises(DraftRefused, match="không được giao"):
                accounts.grant_role(account, role, places[place], who, NOW)


def test_roles_are_offered_as_far_as_they_may_be_given(app):
    _, commune, _ = make_district()
    organizer = signed_in(make_account((Role.ORGANIZER, commune), (Role.QUESTION_EDITOR, None)))
    admin = signed_in(make_account((Role.SYSTEM_ADMIN, None)))
    judge = signed_in(make_account((Role.JUDGE, commune)))
    assert Role.SYSTEM_ADMIN not in accounts.offered_roles(organizer)
    assert Role.PROCTOR in accounts.offered_roles(organizer)
    assert set(accounts.offered_roles(admin)) == set(Role) - {Role.CONTESTANT}
    assert accounts.offered_roles(judge) == []


def test_a_role_is_given_once_and_taken_once(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    account = make_account((Role.PROCTOR, commune))
    with pytest.raises(AlreadyDone):
        accounts.grant_role(account, Role.PROCTOR, commune, who, NOW)
    grant = account.grants[0]
    accounts.revoke_role(grant, who, NOW)
    assert signed_in(account).grants == []
    with pytest.raises(AlreadyDone):
        accounts.revoke_role(grant, who, NOW)
    accounts.grant_role(account, Role.PROCTOR, commune, who, NOW)
    assert actions(account) == ["account.revoke", "account.grant"]
    assert db.session.query(Grant).filter_by(account_id=account.id).count() == 2


# --- locking, signing out, passwords ------------------------------------------------------------------------


def test_a_new_password_signs_out_every_browser_and_makes_the_old_one_useless(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    account = make_account((Role.PROCTOR, commune))
    before = signed_in(account)
    password = accounts.reset_password(account, who, NOW)
    assert auth.principal_of(before.token, NOW) is None
    with pytest.raises(RuleBroken):
        auth.sign_in(account.username, PASSWORD, now=NOW)
    assert auth.sign_in(account.username, password, now=NOW).must_change_password


def test_a_locked_account_is_out_at_once_and_comes_back_with_its_roles(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    account = make_account((Role.PROCTOR, commune))
    before = signed_in(account)
    with pytest.raises(AlreadyDone):
        accounts.enable(account, who, NOW)
    accounts.disable(account, who, NOW)
    assert auth.principal_of(before.token, NOW) is None
    with pytest.raises(RuleBroken):
        auth.sign_in(account.username, PASSWORD, now=NOW)
    with pytest.raises(AlreadyDone):
        accounts.disable(account, who, NOW)
    accounts.enable(account, who, NOW)
    assert signed_in(account).grants == [(Role.PROCTOR, commune.path)]
    assert actions(account) == ["account.disable", "account.enable"]


def test_signing_out_everywhere_leaves_the_password(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    account = make_account((Role.PROCTOR, commune))
    before = signed_in(account)
    accounts.sign_out_everywhere(account, who, NOW)
    assert auth.principal_of(before.token, NOW) is None
    assert auth.sign_in(account.username, PASSWORD, now=NOW) is account


@pytest.mark.parametrize(
    "act",
    [
        lambda account, who: accounts.disable(account, who, NOW),
        lambda account, who: accounts.reset_password(account, who, NOW),
        lambda account, who: accounts.revoke_role(account.grants[0], who, NOW),
        lambda account, who: accounts.unlink(account, who, NOW),
    ],
)
def test_nobody_locks_or_strips_the_own_account(app, act):
    account = make_account((Role.SYSTEM_ADMIN, None))
    make_account((Role.SYSTEM_ADMIN, None))
    with pytest.raises(RuleBroken):
        act(account, signed_in(account))
    assert actions(account) == [] and account.disabled_at is None


@pytest.mark.parametrize("act", ["disable", "revoke"])
def test_the_last_administrator_of_everything_stays(app, act):
    district, *_ = make_district()
    last = make_account((Role.SYSTEM_ADMIN, None))
    other = make_account((Role.SYSTEM_ADMIN, None))
    make_account((Role.SYSTEM_ADMIN, district))  # of a part only: does not count
    who = signed_in(other)
    other.disabled_at = NOW  # locked by somebody else in this very moment
    db.session.flush()
    with pytest.raises(RuleBroken, match="cuối cùng"):
        ACTS[act](last, who)
    other.disabled_at = None
    db.session.flush()
    ACTS[act](last, who)
    assert actions(last) == [f"account.{act}"]


# --- accounts and the roster (R6) ---------------------------------------------------------------------------


def make_contestant(commune):
    person = make_person(make_cell(commune))
    entry = make_entry(make_round(make_stage(make_contest(commune)), commune, opens_at=NOW), person)
    return person, entry


@pytest.mark.parametrize(
    "role", [Role.JUDGE, Role.ORGANIZER, Role.BOARD_SECRETARY, Role.PROCTOR, Role.OBSERVER]
)
def test_a_standing_contestant_gets_no_role_that_bars_from_competing(app, role):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    person, entry = make_contestant(commune)
    account = make_account((Role.OBSERVER, make_cell(commune)), person=person)
    if role in BARRED_FROM_COMPETING:
        with pytest.raises(RuleBroken, match="đang có tên dự thi ở Vòng thi Cò Nòi"):
            accounts.grant_role(account, role, commune, who, NOW)
        entry.withdrawn_at = NOW
        db.session.flush()
    assert accounts.grant_role(account, role, commune, who, NOW).role is role


def test_who_competed_in_a_round_that_is_over_may_judge_the_next(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    person, _ = make_contestant(commune)
    account = make_account((Role.OBSERVER, commune), person=person)
    assert accounts.grant_role(account, Role.JUDGE, commune, who, NOW + 2 * HOUR).role is Role.JUDGE


def test_a_judge_cannot_be_linked_to_a_standing_contestant(app):
    _, commune, _ = make_district()
    who = signed_in(make_account((Role.ORGANIZER, commune)))
    person, entry = make_contestant(commune)
    account = make_account((Role.JUDGE, commune))
    with pytest.raises(RuleBroken, match="đang có tên dự thi"):
        accounts.link(account, person, who, NOW)
    entry.withdrawn_at = NOW
    db.session.flush()
    accounts.link(account, person, who, NOW)
    assert account.person is person
    with pytest.raises(AlreadyDone):
        accounts.link(account, person, who, NOW)
    with pytest.raises(RuleBroken, match="người khác"):
        accounts.link(account, make_person(make_cell(commune)), who, NOW)
    accounts.unlink(account, who, NOW)
    with pytest.raises(AlreadyDone):
        accounts.unlink(account, who, NOW)
    assert actions(account) == ["account.link", "account.unlink"]


def test_the_first_administrator_is_made_on_the_machine_itself(app):
    account = accounts.create_admin("quan.tri", "Quản trị", PASSWORD, NOW)
    assert signed_in(account).grants == [(Role.SYSTEM_ADMIN, "")]
    assert not account.must_change_password
    with pytest.raises(RuleBroken, match="10 ký tự"):
        accounts.create_admin("khac", "Khác", "ngan", NOW)
    with pytest.raises(RuleBroken, match="đã có người dùng"):
        accounts.create_admin("quan.tri", "Quản trị", PASSWORD, NOW)
    assert db.session.query(Account).count() == 1
