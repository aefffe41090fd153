"""Every group of pages, in the order of the navigation."""

from quiz.web import (
    accounts,
    attempts,
    audit,
    auth,
    bank_files,
    cards,
    contests,
    desk,
    monitor,
    participation,
    people,
    promotion,
    public,
    registrations,
    results,
    roster,
    rounds,
    units,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        public, auth, desk, units, people, roster, accounts, bank_files, contests, rounds, participation,
        registrations, cards, monitor, attempts, results, promotion, audit,
    )
)  # fmt: skip
