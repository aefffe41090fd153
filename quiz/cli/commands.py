"""Every command group."""

from quiz.cli import attempts, bank, demo, people, settings

GROUPS = (demo.group, bank.group, people.group, attempts.group, settings.show)
