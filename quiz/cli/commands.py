"""Every command group."""

from quiz.cli import bank, demo, settings

GROUPS = (demo.group, bank.group, settings.show)
