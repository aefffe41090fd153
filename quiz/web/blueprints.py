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
    entries,
    people,
    promotion,
    public,
    results,
    roster,
    rounds,
    units,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        public, auth, desk, units, people, roster, accounts, bank_files, contests, rounds, entries, cards, attempts,
        results, promotion, audit,
    )
)  # fmt: skip
