"""`flask settings`: what this installation runs with."""

from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from pydantic import SecretStr
from sqlalchemy import make_url


@click.command("settings")
@with_appcontext
def show() -> None:
    """Print every setting with its meaning; secrets are only said to be set or not."""
    settings = current_app.config["SETTINGS"]
    for name, field in type(settings).model_fields.items():
        shown = _shown(name, getattr(settings, name))
        variable = field.validation_alias or f"QUIZ_{name.upper()}"
        click.echo(f"{variable}={shown}\n    {field.description}")


def _shown(name: str, value: Any) -> Any:
    """Return what may be read over the operator's shoulder: no secret, and no password of the database."""
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "generated"
    return make_url(value).render_as_string() if name == "database_url" and value else value
