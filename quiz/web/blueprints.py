"""Every group of pages, in the order of the navigation."""

from quiz.web import (
    accounts,
    approvals,
    attempts,
    audit,
    auth,
    awards,
    bank_exports,
    bank_files,
    bank_items,
    bank_reviews,
    bank_writing,
    bulk,
    calls,
    cards,
    checks,
    comfort,
    contests,
    desk,
    documents,
    grants,
    guide,
    hall_device,
    halls,
    incidents,
    item_analysis,
    jobs,
    late,
    monitor,
    notices,
    packages,
    paper_entry,
    participation,
    people,
    practice,
    printed_papers,
    prize_tables,
    promotion,
    public,
    registrations,
    rehearsals,
    results,
    roster,
    rounds,
    signals,
    units,
)

# Their pages join the bank's, which bank_files brings in.
JOINING = (bank_items, bank_writing, bank_reviews, bank_exports)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        public, auth, desk, units, people, roster, accounts, bank_files, bulk, checks, documents, contests, rounds,
        participation, registrations, cards, printed_papers, paper_entry, monitor, calls, incidents, attempts, late, practice, rehearsals,
        comfort, guide, notices, grants, halls, hall_device, packages, results, promotion, prize_tables, awards, approvals, signals, jobs, item_analysis,
        audit,
    )
)  # fmt: skip
