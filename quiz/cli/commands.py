"""Every command group."""

from quiz.cli import attempts, bank, demo, packages, people, settings

GROUPS = (demo.group, bank.group, people.group, attempts.group, packages.group, settings.show)
