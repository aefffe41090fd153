"""A prepared statement: part of the session's transaction, its values as the columns want them, its rows plain."""

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from quiz.extensions import db
from quiz.models import AuditEvent, Unit
from quiz.services.prepared import Prepared
from tests.factories import NOW, make_unit

NAMED = Prepared(select(Unit.id, Unit.name).where(Unit.name == bindparam("name")))
EVENT = AuditEvent.__table__
ADD = Prepared(EVENT.insert().values(path="").returning(EVENT.c.id), ("at", "action", "target", "detail"))


def test_it_sees_what_the_session_has_flushed_and_goes_with_its_transaction(app):
    unit = make_unit(name="Chiềng Lương")
    assert NAMED.rows(name="Chiềng Lương") == [(unit.id, "Chiềng Lương")]
    db.session.rollback()
    assert NAMED.rows(name="Chiềng Lương") == []
    assert NAMED.first(name="Chiềng Lương") is None


def test_what_it_adds_is_not_there_before_the_session_commits(app):
    key = ADD.first(at=NOW, action="a", target="b", detail={"số": 1}).id
    assert db.session.get_one(AuditEvent, key).detail == {"số": 1}
    db.session.rollback()
    assert db.session.get(AuditEvent, key) is None


def test_a_statement_can_be_used_many_times_with_other_values(app):
    keys = [ADD.first(at=NOW, action="a", target=str(number), detail={}).id for number in range(3)]
    assert len(set(keys)) == 3
    assert [db.session.get_one(AuditEvent, key).target for key in keys] == ["0", "1", "2"]


def test_a_value_that_breaks_a_constraint_is_refused_as_everywhere(app):
    with pytest.raises(IntegrityError):
        ADD.rows(at=None, action="a", target="b", detail={})
