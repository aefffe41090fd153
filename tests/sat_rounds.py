"""Rounds that were really sat, for tests of what comes after: each contestant took stated options of each question."""

from quiz.core.items import Kind
from quiz.core.papers import Cell
from quiz.core.permissions import Role
from quiz.core.promotion import Quota
from quiz.core.ranking import TieBreak
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, Entry, Response
from quiz.services import attempts, papers, results
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
    publish_final,
)

KEY, RIGHT, OTHER = 1, 2, 3  # authored options: the printed key, the right one, a wrong one
ENDED = NOW + 3 * HOUR


class Sat:
    """A commune's round of `size` questions; `doubtful` is the first of them, whose key a test may correct."""

    def __init__(self, size: int = 5, kind: Kind = Kind.SINGLE, **rules: object) -> None:
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.commune = make_unit("Cò Nòi", self.district)
        wanted = {"tie_breaks": (TieBreak.TIME_USED,), "quota": Quota(top=1, reserves=1), "time_limit": 60}
        self.contest = make_contest(self.district)
        blueprint = (Cell("dang-vien", "", size),)
        self.stage = make_stage(self.contest, make_rules(**wanted | {"blueprint": blueprint} | rules))
        self.pool = [make_item(key=(KEY,), kind=kind) for _ in range(size)]
        self.doubtful = self.pool[0]
        self.round = open_for_test(make_round(self.stage, self.commune), self.pool)
        self.asker = make_account((Role.ORGANIZER, self.district), username="hoi")
        self.second = make_account((Role.ORGANIZER, self.district), username="duyet")

    @property
    def actor(self) -> Actor:
        """Return who asks."""
        return Actor(self.asker.id)

    def sit(self, name: str, doubtful: int | None, right: int = 0, minutes: int = 10) -> Entry:
        """Let somebody take an option of the doubtful question (None: none) and the key of `right` others."""
        cell = make_cell(self.commune, f"Bản {name}")
        entry = make_entry(self.round, make_person(cell, f"Lò Văn {name}"))
        attempt = attempts.start(entry, NOW, name)
        others = 0
        for position, place in enumerate(papers.places_of(attempt.paper)):
            if place.version == self.doubtful.id:
                option = doubtful
            else:
                others += 1
                option = KEY if others <= right else OTHER
            if option is not None:
                self._take(attempt, position, place.order.index(option))
        attempts.submit(attempt, NOW + minutes * MINUTE)
        return entry

    def _take(self, attempt: Attempt, position: int, place: int) -> None:
        values = {"choice": str(place), "stamp": 1, "saved_at": NOW}
        db.session.add(Response(attempt_id=attempt.id, position=position, **values))

    def publish(self, final: bool = True) -> results.Edition:
        """Publish the round provisionally and then, by two people, as final."""
        edition = results.publish(self.round, results.PROVISIONAL, "", self.actor, ENDED)
        return publish_final(self.round, self.actor, ENDED) if final else edition
