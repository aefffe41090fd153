"""Every command group."""

from quiz.cli import archives, attempts, audit, backups, bank, demo, packages, people, settings

GROUPS = (
    demo.group, bank.group, people.group, attempts.group, packages.group, backups.group, archives.group, audit.group,
    settings.show,
)  # fmt: skip
