"""The contest platform. create_app builds the application from settings.

Nothing is imported here before it is called, so that the rule book can be used without the web.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from quiz.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Return the application; raise SettingsError when the settings do not allow a start."""
    from quiz.application import build

    return build(settings)
