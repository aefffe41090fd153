"""Every command group."""

from quiz.cli import attempts, bank, demo, settings

GROUPS = (demo.group, bank.group, attempts.group, settings.show)
