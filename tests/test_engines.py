"""The engines of the tests: each knows its database, whatever the one made before it was used for."""

from sqlalchemy import inspect

from tests import conftest


def test_an_engine_knows_its_database_although_the_first_one_was_never_used(tmp_path, monkeypatch):
    monkeypatch.setattr(conftest, "_dialects", {})
    conftest.engine_on(f"sqlite:///{tmp_path / 'first.db'}")
    second = conftest.engine_on(f"sqlite:///{tmp_path / 'second.db'}")
    with second.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        assert [column["name"] for column in inspect(connection).get_columns("one")] == ["id"]
    second.dispose()
