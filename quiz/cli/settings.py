"""`flask settings`: what this installation runs with."""

import click
from flask import current_app
from flask.cli import with_appcontext
from pydantic import SecretStr


@click.command("settings")
@with_appcontext
def show() -> None:
    """Print every setting with its meaning; secrets are only said to be set or not."""
    settings = current_app.config["SETTINGS"]
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        shown = (
            ("set" if value.get_secret_value() else "generated") if isinstance(value, SecretStr) else value
        )
        variable = field.validation_alias or f"QUIZ_{name.upper()}"
        click.echo(f"{variable}={shown}\n    {field.description}")
