"""Signing in: right and wrong secrets, throttling per name, sessions that end."""

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission, Role
from quiz.extensions import db
from quiz.services import auth
from tests.factories import (
    HOUR,
    NOW,
    PASSWORD,
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_person,
    make_unit,
)


def test_the_right_password_gives_the_account(app):
    account = make_account(username="mai")
    assert auth.sign_in("Mai", PASSWORD, now=NOW) is account


@pytest.mark.parametrize("username, password", [("mai", "sai mật khẩu"), ("khong-co", PASSWORD)])
def test_a_wrong_name_or_password_gets_the_same_sentence(app, username, password):
    make_account(username="mai")
    with pytest.raises(RuleBroken) as refusal:
        auth.sign_in(username, password, now=NOW)
    assert refusal.value.message == auth.WRONG


def test_a_demo_account_is_refused_where_demo_accounts_are_not_allowed(app, shut_out_demo):
    account = make_account(username="demo")
    account.is_demo = True
    assert auth.sign_in("demo", PASSWORD, now=NOW) is account
    shut_out_demo()
    with pytest.raises(RuleBroken):
        auth.sign_in("demo", PASSWORD, now=NOW)


def test_five_wrong_tries_slow_down_this_name_only(app):
    make_account(username="mai")
    make_account(username="lan")
    for second in range(5):
        auth.record_failure("mai", NOW + second * 1000)
    with pytest.raises(RuleBroken) as refusal:
        auth.sign_in("mai", PASSWORD, now=NOW + 5000)
    assert str(refusal.value) == "Đã nhập sai nhiều lần. Hãy chờ 3 phút rồi thử lại."
    assert auth.sign_in("lan", PASSWORD, now=NOW + 5000).username == "lan"
    assert auth.sign_in("mai", PASSWORD, now=NOW + 200_000).username == "mai"


@pytest.mark.parametrize("waited, minutes", [(0, 3), (59_000, 3), (60_000, 2), (179_999, 1)])
def test_the_wait_is_said_in_whole_minutes_and_never_too_few(app, waited, minutes):
    for _ in range(5):
        auth.record_failure("mai", NOW)
    with pytest.raises(RuleBroken) as refusal:
        auth.check_throttle("mai", NOW + waited)
    assert refusal.value.values == {"minutes": minutes}


def test_a_session_names_its_holder_until_it_is_revoked_or_expires(app):
    unit = make_unit()
    account = make_account((Role.ORGANIZER, unit))
    token = auth.open_session(auth.holder_of(account), hours=12, agent="", now=NOW)
    db.session.flush()
    who = auth.principal_of(token, NOW)
    assert who.account_id == account.id and who.may(Permission.ROUND_RUN, unit)
    assert auth.principal_of(token, NOW + 12 * HOUR) is None
    auth.revoke_sessions(NOW, account=account)
    assert auth.principal_of(token, NOW) is None


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_session_of_the_demo_names_its_holder_only_where_the_demo_is_allowed(app, shut_out_demo, is_demo):
    account, contest = make_account(), make_contest(make_unit())
    card = make_card(contest, make_person(make_cell(contest.unit)))
    account.is_demo = contest.is_demo = is_demo
    tokens = [auth.open_session(auth.holder_of(holder), 12, "", NOW) for holder in (account, card)]
    assert all(auth.principal_of(token, NOW) for token in tokens) and auth.staff_of(account.id)
    shut_out_demo()
    for token in tokens:
        assert bool(auth.principal_of(token, NOW)) is not is_demo
    assert bool(auth.staff_of(account.id)) is not is_demo, "in a job either"


def test_a_grant_taken_away_acts_at_once(app):
    unit = make_unit()
    account = make_account((Role.ORGANIZER, unit))
    token = auth.open_session(auth.holder_of(account), hours=12, agent="", now=NOW)
    account.grants[0].revoked_at = NOW
    db.session.flush()
    assert not auth.principal_of(token, NOW).may(Permission.ROUND_RUN, unit)


def test_wrong_tries_are_forgotten_once_somebody_is_in(app):
    account = make_account(username="mai")
    for second in range(4):
        auth.record_failure("mai", NOW + second * 1000)
    auth.open_session(auth.holder_of(account), hours=12, agent="", now=NOW + 5000)
    auth.record_failure("mai", NOW + 6000)
    assert auth.sign_in("mai", PASSWORD, now=NOW + 7000) is account
