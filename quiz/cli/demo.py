"""`flask demo setup`: an embedded database with the shipped banks and the demo contest, made once."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from quiz.extensions import db  # noqa: F401


@click.group("demo")
def group() -> None:
    """The demonstration contest."""


@group.command("setup")
@with_appcontext
def setup() -> None:
    """Migrate and load what is not there yet; running it again changes nothing."""
    if current_app.config["SETTINGS"].is_production:
        raise click.ClickException("The demo is refused under production settings.")
    upgrade(directory=current_app.extensions["migrate"].directory)
