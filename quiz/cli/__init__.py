"""Commands for the people who run the machine; each is in a module of its noun."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the commands."""
    from quiz.cli.commands import GROUPS
    from quiz.cli.group import as_told

    for group in GROUPS:
        app.cli.add_command(group)
    app.cli.add_command(as_told(app.cli.commands["jobs"]))
