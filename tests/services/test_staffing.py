"""Accounts for many units at once: a name for each, a password that works once, and the same limits as one by one."""

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.permissions import Role
from quiz.keyring import matches
from quiz.models import Account
from quiz.services import staffing
from quiz.services.auth import Principal
from tests.factories import NOW, make_account, make_unit


@pytest.fixture
def district(app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def communes(district):
    return [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")] + [
        make_unit("Hát Lót", district, type_label="thị trấn")
    ]


def organizer(unit):
    account = make_account((Role.ORGANIZER, unit))
    return Principal("", 0, account.username, account.id, grants=[(Role.ORGANIZER, unit.path)])


def create(units, who, role=Role.ORGANIZER):
    return staffing.create_for(units, role, "Ban Tổ chức", staffing.draw(len(units)), who, NOW)


def test_each_unit_gets_an_account_whose_password_is_told_once(district, communes):
    made = create(communes, organizer(district))
    assert [(one.username, one.name) for one in made] == [
        ("xa-co-noi", "Ban Tổ chức xã Cò Nòi"),
        ("xa-hat-lot", "Ban Tổ chức xã Hát Lót"),
        ("thi-tran-hat-lot", "Ban Tổ chức thị trấn Hát Lót"),
    ]
    account = Account.query.filter_by(username="xa-co-noi").one()
    assert matches(made[0].password, account.password_hash)
    assert account.must_change_password
    assert [(grant.role, grant.unit) for grant in account.grants] == [(Role.ORGANIZER, communes[0])]
    assert len({one.password for one in made}) == 3


def test_names_in_use_get_a_number_and_units_with_a_board_are_told(district, communes):
    make_account((Role.ORGANIZER, communes[0]), username="xa-co-noi")
    twin = make_unit("Cò Nòi", district)
    found = staffing.places([communes[0], twin], Role.ORGANIZER)
    assert [(place.username, place.holders) for place in found] == [("xa-co-noi-2", 1), ("xa-co-noi-3", 0)]


def test_an_organizer_makes_no_accounts_beyond_the_own_subtree_nor_with_other_roles(district, communes):
    with pytest.raises(RuleBroken):
        create(communes[1:], organizer(communes[0]))
    with pytest.raises(RuleBroken):
        create(communes, organizer(district), Role.SYSTEM_ADMIN)
    assert not Account.query.filter_by(username="xa-hat-lot").all()


@pytest.mark.parametrize("name, username", [("Đ", "x-d"), ("Ôn “Mới” 2", "x-on-moi-2"), ("", "x00")])
def test_any_name_makes_a_user_name(district, name, username):
    unit = make_unit(name, district, type_label="x")
    assert staffing.places([unit], Role.PROCTOR)[0].username == username
