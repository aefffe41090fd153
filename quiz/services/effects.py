"""What would change if some attempts had other marks or did not stand: the ranking of a round before and after."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from quiz.core import awards as prizes_rule
from quiz.core.corrections import Change, Count, Place, changes, count
from quiz.core.merits import Contestant
from quiz.core.open_prizes import awaiting
from quiz.models import Approval, AwardList, Edition, Entry, Round
from quiz.services import awards, displaced, places, promotion, results, stage_points
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from quiz.services.standings import Line, Otherwise, scope_name, standings_of


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes in one round: `papers` are touched; `entries` by id are those of `changes`, `above` by id the unit
    above the cell of each.

    `tied` are the entries that would stand level across the line of promotion afterwards. What is out stays: `begun`
    are the later rounds opened with people of this one, `closed` is the list of prizes closed last.
    """

    round: Round
    papers: int
    changes: tuple[Change, ...]
    entries: Mapping[int, Entry]
    above: Mapping[int, str]
    tied: frozenset[int]
    begun: tuple[Round, ...]
    closed: AwardList | None

    @property
    def count(self) -> Count:
        """Return the numbers that sum the changes up."""
        return count(self.changes)


def effect_of(contest_round: Round, papers: int, otherwise: Otherwise) -> Effect:
    """Return what `otherwise` would change in the ranking of a round; nothing is stored."""
    lines, others = standings_of(contest_round), standings_of(contest_round, otherwise)
    differing = changes(_places(contest_round, lines), _places(contest_round, others))
    entries = {line.entry.id: line.entry for line in [*lines, *others]}
    ties = promotion.outlook(contest_round, others, _prizes(contest_round, others)[0]).ties
    tied = frozenset(key for tie in ties for key in tie.entries)
    last = results.latest(contest_round.id)
    changed = {one.entry: entries[one.entry] for one in differing}
    return Effect(
        contest_round, papers, differing, changed, places.above(changed.values()), tied,
        begun=displaced.begun_from(contest_round.id),
        closed=last and (awards.list_of(last) or awards.list_before(last)),
    )  # fmt: skip


def _places(contest_round: Round, lines: list[Line]) -> dict[int, Place]:
    prizes, open_to = _prizes(contest_round, lines)
    going = set(promotion.outlook(contest_round, lines, prizes).chosen)
    return {
        line.entry.id: Place(
            line.scope,
            line.rank,
            line.points,
            line.entry.id in going,
            tuple(prizes.get(line.entry.id, ())),
            line.entry.id in open_to,
        )
        for line in lines
    }


def _prizes(contest_round: Round, lines: Iterable[Line]) -> tuple[dict[int, list[str]], frozenset[int]]:
    """Return the main prizes a ranking would bring by the table alone, and who may win one once a tie is settled.

    The board's decisions come after it.
    """
    table = replace(rules_of(contest_round).prizes, special=(), collective=())
    people = [
        Contestant(line.entry.id, scope_name(line.entry, table.scope), line.scope, line.rank, line.points)
        for line in lines
    ]
    outcome = prizes_rule.awarded(table, people)
    won: dict[int, list[str]] = {}
    for line, winner in outcome.winners(prizes_rule.Kind.MAIN):
        won.setdefault(winner.key, []).append(line.prize)
    return won, awaiting(table, outcome, people)


def digest_of(effects: Iterable[Effect]) -> str:
    """Return a SHA-256 of what changes, by which a second person is known to have seen the same."""
    content = [
        [effect.round.id, effect.papers, [asdict(change) for change in effect.changes]] for effect in effects
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def republish(contest_round: Round, note: str, approval: Approval, actor: Actor, now: int) -> Edition | None:
    """Return a new edition in place of the last one, of the same kind; None where none is out or nothing differs."""
    last = results.latest(contest_round.id)
    lines = standings_of(contest_round)
    if last is None or last.sha256 == results.sha256_of(lines):
        return None
    stage_points.check_all_signed(contest_round)  # whose points are being put right would have no line
    return results.add_edition(contest_round, last.kind, note, lines, actor, now, approval, last)
