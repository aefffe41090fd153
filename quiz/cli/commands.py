"""Every command group."""

from quiz.cli import demo, settings

GROUPS = (demo.group, settings.show)
