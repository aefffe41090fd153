"""What giving somebody a prize by hand, or passing somebody over, would change: told before the board decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from quiz.core.errors import RuleBroken
from quiz.core.prize_moves import Change, change
from quiz.models import Edition
from quiz.services import award_decisions, awards
from quiz.services.award_lists import is_open


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would change for whom: `given` by the prize that one entry would get, `passed_over` if it won nothing.

    A decision that would be refused is not in it.
    """

    given: Mapping[str, Change]
    passed_over: Change | None


def outlook_of(edition: Edition, entry_id: int, prizes: Iterable[str]) -> Outlook:
    """Return what the decisions about one entry would change, each by itself; nothing once the list is closed."""
    if not is_open(edition):
        return Outlook({}, None)
    table, laid, says = awards.table_of(edition), awards.laid_over(edition), awards.says_of(edition)
    before = laid(says)
    given = {}
    for prize in prizes:
        try:
            award_decisions.check_giving(table, says, before, prize, entry_id)
        except RuleBroken:
            continue
        keys = (*says.given.get(prize, ()), entry_id)
        given[prize] = change(before, laid(replace(says, given={**says.given, prize: keys})))
    try:
        award_decisions.check_passing_over(table, says, entry_id)
    except RuleBroken:
        return Outlook(given, None)
    if entry_id in says.passed_over:
        return Outlook(given, None)
    after = laid(replace(says, passed_over=says.passed_over | {entry_id}))
    return Outlook(given, change(before, after, entry_id))
