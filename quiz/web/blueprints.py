"""Every group of pages, in the order of the navigation."""

from quiz.web import (
    accounts,
    attempts,
    audit,
    auth,
    bank_exports,
    bank_files,
    bank_items,
    bank_reviews,
    cards,
    contests,
    desk,
    late,
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

JOINING = (bank_items, bank_reviews, bank_exports)  # their pages join the bank, which bank_files brings in

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        public, auth, desk, units, people, roster, accounts, bank_files, contests, rounds, participation,
        registrations, cards, monitor, attempts, late, results, promotion, audit,
    )
)  # fmt: skip
