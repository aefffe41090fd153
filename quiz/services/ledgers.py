"""The ledger of a stage: who is entered, which cells are absent, and why somebody may not be entered."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.delegations import Delegation, places_left, quota_for
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.participation import is_valid
from quiz.core.timing import Phase, day_of
from quiz.extensions import db
from quiz.models import Absence, Entry, Person, Round, RoundUnit, Stage, Unit
from quiz.services import people
from quiz.services.contests import rules_of


class Ledger:
    """What a stage knows about the given cells and people, read in four queries however many they are."""

    def __init__(self, stage: Stage, cells: Iterable[int], persons: Iterable[int]) -> None:
        cell_ids, person_ids = set(cells), set(persons)
        self.stage = stage
        self.scopes = _scopes(stage)
        self.by_person: dict[int, list[Entry]] = defaultdict(list)
        self.by_cell: dict[int, list[Entry]] = defaultdict(list)
        for entry in _entries(stage, cell_ids, person_ids):
            self.by_person[entry.person_id].append(entry)
            if entry.withdrawn_at is None:
                self.by_cell[entry.unit_id].append(entry)
        self.absences = {absence.unit_id: absence for absence in _absences(stage, cell_ids)}
        self.barred = people.barred(person_ids)
        self._delegations = rules_of(stage).delegations
        self._sent = _sent(stage) if self._delegations else Counter()

    def narrow(self, rounds: set[int]) -> None:
        """Look only at these rounds when asked which one covers a cell."""
        kept = {key: [s for s in scopes if s.round_id in rounds] for key, scopes in self.scopes.items()}
        self.scopes = kept

    def note(self, entry: Entry) -> None:
        """Take a new or restored entry into account."""
        if entry not in self.by_person[entry.person_id]:
            self.by_person[entry.person_id].append(entry)
        self.by_cell[entry.unit_id].append(entry)

    def hold(self, scope: RoundUnit) -> None:
        """Count a place of a unit's quota as taken by somebody who is about to be entered."""
        self._sent[scope.round_id, scope.unit_id] += 1

    def places_left(self, scope: RoundUnit) -> int | None:
        """Return how many more people the unit of a round may send, None where there is no limit."""
        return places_left(self._quota(scope), self._sent[scope.round_id, scope.unit_id])

    def _quota(self, scope: RoundUnit) -> Delegation | None:
        return quota_for(self._delegations, scope.unit.code, scope.unit.type_label)

    def scopes_of(self, cell: Unit) -> list[RoundUnit]:
        """Return the covered nodes above (or at) `cell`, the closest first."""
        above = [int(key) for key in reversed(cell.path.strip("/").split("/"))]
        return [scope for key in above for scope in self.scopes.get(key, ())]

    def earlier_entry(self, contest_round: Round, person: Person) -> Entry | None:
        """Return the person's entry to this round, standing or withdrawn."""
        return next((e for e in self.by_person[person.id] if e.round_id == contest_round.id), None)

    def check_cell(self, contest_round: Round, cell: Unit) -> RoundUnit:
        """Return the node of the round that `cell` comes under; raise RuleBroken when it takes no part in it."""
        scope = next((s for s in self.scopes_of(cell) if s.round_id == contest_round.id), None)
        if scope is None or not cell.is_cell:
            raise RuleBroken(
                N_(
                    "%(cell)s không thuộc phạm vi của %(round)s. Hãy chọn vòng thi của đơn vị cấp trên chi bộ đó."
                ),
                cell=cell.title,
                round=contest_round.name,
            )
        return scope

    def check_standing(self, cell: Unit, now: int) -> None:
        """Raise RuleBroken when the cell had ended before the contest: it may say why it sends nobody, no more."""
        days = (day_of(self.stage.contest.created_at), day_of(now))
        if not any(is_valid(cell.valid_from, cell.valid_to, day) for day in days):
            raise RuleBroken(
                N_("%(cell)s không còn hoạt động từ trước cuộc thi. Hãy chọn chi bộ kế thừa."),
                cell=cell.title,
            )

    def check_person(self, contest_round: Round, person: Person) -> None:
        """Raise AlreadyDone when the person is entered here, RuleBroken when entered elsewhere or barred."""
        for entry in self.by_person[person.id]:
            if entry.withdrawn_at is None and entry.round_id == contest_round.id:
                raise AlreadyDone(N_("%(name)s đã có trong danh sách dự thi."), name=person.full_name)
            if entry.withdrawn_at is None:
                raise RuleBroken(
                    N_("%(name)s đã dự thi ở %(round)s. Mỗi người chỉ dự một vòng của cùng một cấp thi."),
                    name=person.full_name,
                    round=entry.round.name,
                )
        if person.id in self.barred:
            raise RuleBroken(people.BARRED, name=person.full_name)

    def check_not_absent(self, cell: Unit) -> None:
        """Raise RuleBroken when the cell has said that it sends nobody."""
        if cell.id in self.absences:
            raise RuleBroken(
                N_(
                    "%(cell)s đang ghi là không có thí sinh. Hãy xóa lý do vắng của chi bộ trước, rồi đăng ký lại."
                ),
                cell=cell.title,
            )

    def check_reason(self, contest_round: Round, cell: Unit, reason: str, now: int) -> None:
        """Raise RuleBroken when the list is closed, or when this entry needs a reason and has none."""
        check_not_closed(contest_round, now)
        if reason:
            return
        if contest_round.phase_at(now) is Phase.OPEN:
            raise RuleBroken(N_("Vòng thi đang diễn ra. Hãy ghi lý do đăng ký muộn để lưu vào nhật ký."))
        if self.stage.ordinal > 1:
            raise RuleBroken(
                N_("Vào vòng này phải đạt từ vòng trước. Nếu Ban Tổ chức cho dự thẳng, hãy ghi lý do.")
            )
        scope = self.check_cell(contest_round, cell)
        sends_by_quota = self._quota(scope) is not None and scope.unit_id == cell.id
        if (sent := self.by_cell[cell.id]) and not sends_by_quota:
            raise RuleBroken(
                N_(
                    "%(cell)s đã cử %(name)s. Muốn đổi người thì bấm Thay người; nếu cử thêm người, hãy ghi lý do."
                ),
                cell=cell.title,
                name=sent[0].person.full_name,
            )
        self._check_quota(scope)

    def _check_quota(self, scope: RoundUnit) -> None:
        """Raise RuleBroken when the unit of a round has used up its places."""
        if self.places_left(scope) == 0:
            raise RuleBroken(
                N_(
                    "%(unit)s đã cử đủ %(count)d người theo chỉ tiêu. Hãy ghi tên người này vào danh sách dự bị; nếu"
                    " Ban Tổ chức cho thêm người, hãy ghi lý do."
                ),
                unit=scope.unit.title,
                count=self._sent[scope.round_id, scope.unit_id],
            )


def check_not_closed(contest_round: Round, now: int) -> None:
    """Raise RuleBroken when the round has ended, after which its list of contestants stands."""
    if contest_round.phase_at(now) is Phase.CLOSED:
        raise RuleBroken(N_("Vòng thi đã kết thúc nên danh sách thí sinh không sửa được nữa."))


def _scopes(stage: Stage) -> dict[int, list[RoundUnit]]:
    query = (
        select(RoundUnit)
        .join(Round)
        .where(Round.stage_id == stage.id)
        .order_by(RoundUnit.round_id)
        .options(joinedload(RoundUnit.round), joinedload(RoundUnit.unit))
    )
    found: dict[int, list[RoundUnit]] = defaultdict(list)
    for scope in db.session.scalars(query):
        found[scope.unit_id].append(scope)
    return found


def _entries(stage: Stage, cells: set[int], persons: set[int]) -> Iterable[Entry]:
    query = (
        select(Entry)
        .join(Round)
        .where(Round.stage_id == stage.id, db.or_(Entry.unit_id.in_(cells), Entry.person_id.in_(persons)))
        .options(joinedload(Entry.person), joinedload(Entry.round))
    )
    return db.session.scalars(query)


def _sent(stage: Stage) -> Counter[tuple[int, int]]:
    """Return how many people each unit of each round of a stage has entered."""
    query = (
        select(Entry.round_id, Entry.scope_id, db.func.count())
        .join(Round)
        .where(Round.stage_id == stage.id, Entry.withdrawn_at.is_(None))
        .group_by(Entry.round_id, Entry.scope_id)
    )
    return Counter({(round_id, unit_id): count for round_id, unit_id, count in db.session.execute(query)})


def _absences(stage: Stage, cells: set[int]) -> Iterable[Absence]:
    query = select(Absence).join(Round).where(Round.stage_id == stage.id, Absence.unit_id.in_(cells))
    return db.session.scalars(query)
