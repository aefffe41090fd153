"""The ten incidents of a contest in the demo: a small contest of last month, played to its end by the services.

Incidents 8 and 9 stand in the contest that runs (quiz.services.demo); those on the stage in quiz.services.demo_stage.
demo/README.md says on which page each is seen. Everything that happens here is invented.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from quiz.core.appeals import WHOLE_PAPER, Finding, Hours
from quiz.core.approvals import Answer
from quiz.core.corrections import Policy, Ruling
from quiz.core.incidents import IncidentKind
from quiz.core.items import BankDraft, DocumentDraft, ItemDraft, Kind, Level, Status, TopicDraft
from quiz.core.papers import Cell
from quiz.core.promotion import Quota
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import (
    Account,
    Approval,
    Attempt,
    Contest,
    Entry,
    Item,
    ItemVersion,
    Response,
    Round,
    Stage,
    Unit,
)
from quiz.services import (
    appeals,
    approved_acts,
    attempts,
    audit,
    bank,
    cards,
    contests,
    corrections,
    demo_stage,
    entries,
    grants,
    hall_devices,
    halls,
    incidents,
    openings,
    papers,
    promotion,
    results,
    rounds,
    seats,
)
from quiz.services.audit import Actor
from quiz.services.responses import DEVICE_BITS

TITLE = "Tình huống của một hội thi (dữ liệu minh họa)"
HALL, SHARED, APPEALED = (
    "Chiềng Nơi",
    "Cò Nòi",
    "Phiêng Pằn",
)  # power cut, equal total and dead phone, own paper
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
LENGTH = 60  # minutes
PEOPLE = 10
MOST = 5  # people of the communes without a hall
WRONG_KEY, RIGHT_KEY = 0, 1
TOPIC = "cau-minh-hoa"
BLUEPRINT = (
    Cell("sinh-hoat-chi-bo", Level.REMEMBER, 4),
    Cell("sinh-hoat-chi-bo", Level.APPLY, 3),
    Cell(TOPIC, "", 1),
)
QUESTION = ItemDraft(
    code="MH-187", document="MINH-HOA", reference="Mục 1", topic=TOPIC, level=Level.REMEMBER, kind=Kind.SINGLE,
    stem="(Câu minh họa, không dùng để thi) Một xã có 12 chi bộ, 5 chi bộ ở khu dân cư. Còn mấy chi bộ khác?",
    options=("5", "7", "12", "17"), key=(WRONG_KEY,), status=Status.APPROVED,
    rationale="12 trừ 5 còn 7; đáp án đã in là 5, in nhầm.",
)  # fmt: skip
BANK = BankDraft(
    TOPIC, "Câu minh họa có đáp án in nhầm (không dùng để thi)", (TopicDraft(TOPIC, "Câu minh họa"),),
    (DocumentDraft("MINH-HOA", "Văn bản minh họa, không có thật"),), (QUESTION,),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Played:
    """The contest being played: who runs it, who approves, when it began, and what was asked."""

    contest: Contest
    organizer: Actor
    second: Actor
    begin: int
    question: ItemVersion


def begin(district: Unit, organizer: Actor, midnight: int) -> Contest:
    """Make last month's contest, empty as yet, and return it."""
    contest = contests.create_contest(district, "MS-TINH-HUONG", TITLE, organizer, midnight - 40 * DAY)
    contest.is_demo = True
    db.session.flush()
    return contest


def play(contest: Contest, running: Stage, staff: dict[str, Account], midnight: int) -> None:
    """Play last month's contest to its end with people of the stage that runs now."""
    organizer, begins = Actor(staff["bantochuc"].id), midnight - 30 * DAY + 8 * HOUR
    early = begins - 10 * DAY
    bank.import_bank(BANK, None, audit.SYSTEM, early, trusted=True)
    order = (TieBreak.APPLY_POINTS, TieBreak.TIME_USED)
    rules = Rules(BLUEPRINT, time_limit=LENGTH, tie_breaks=order, quota=Quota(top=1, reserves=1))
    stage = contests.add_stage(contest, "Cấp cơ sở, tháng trước", organizer, early, rules)
    final = demo_stage.prepare(contest, midnight, organizer, early)
    coded = (
        select(ItemVersion).join(Item, Item.current_id == ItemVersion.id).where(Item.code == QUESTION.code)
    )
    question = db.session.scalars(coded).one()
    played = Played(contest, organizer, Actor(staff["phoban"].id), begins, question)
    held = {
        one.unit.name: _round(stage, one, played)
        for one in running.rounds
        if one.unit.name in (HALL, SHARED, APPEALED)
    }
    _sit_in_the_hall(held[HALL], played)
    _sit_on_own_phones(held[SHARED], played, dying=MOST - 1)
    _sit_on_own_phones(held[APPEALED], played)
    _publish(list(held.values()), held[APPEALED], played)
    demo_stage.play(final, staff, midnight)


def _round(stage: Stage, running: Round, played: Played) -> Round:
    """Open a commune's part with some of those who are entered in the contest that runs."""
    early = played.begin - 5 * DAY
    window = (played.begin, played.begin + 2 * HOUR)
    made = rounds.add_round(
        stage, running.unit, f"{running.unit.title}, tháng trước", *window, played.organizer, early
    )
    people = (
        select(Entry).where(Entry.round_id == running.id, Entry.withdrawn_at.is_(None)).order_by(Entry.id)
    )
    for entry in db.session.scalars(people.limit(PEOPLE if running.unit.name == HALL else MOST)):
        entries.register(made, entry.person, played.organizer, early)
    openings.open_round(made, played.organizer, played.begin - HOUR)
    return made


def _entries(held: Round) -> Sequence[Entry]:
    return db.session.scalars(select(Entry).where(Entry.round_id == held.id).order_by(Entry.id)).all()


# --- the hall of incident 1, the dead phone of incident 2 -----------------------------------------------------------


def _sit_in_the_hall(held: Round, played: Played) -> None:
    """Let the lights go out at minute 22, for 14 minutes."""
    cards.issue_for(held, played.organizer, played.begin - HOUR)
    hall = halls.open_hall(
        held, halls.Plan(held.unit, f"Hội trường {held.unit.title}", played.begin, False), "minh họa",
        played.organizer, played.begin - 30 * MINUTE,
    )  # fmt: skip
    sat = []
    for entry in _entries(held):
        device = hall_devices.join(hall.code, "", played.begin - 10 * MINUTE)[0]
        claim = seats.claim(device, halls.code_of(hall, entry), "", played.begin)
        seats.sit(device, claim, 12, "", played.begin)
        sat.append(_begin(entry, played.begin))
    for rank, attempt in enumerate(sat):
        _answer(attempt, played, rank, range(4), 20)
    dark, back = played.begin + 22 * MINUTE, played.begin + 36 * MINUTE
    reason = f"Mất điện 14 phút tại hội trường {held.unit.title}"
    given = grants.give(held, hall, grants.Wish(15, reason, "minh họa"), played.organizer, back)
    wish = incidents.Wish(
        IncidentKind.POWER, held.unit, dark, f"{reason}, {len(sat)} người đang làm bài.", "điện"
    )
    incidents.link(incidents.write(held, wish, played.organizer, back), [given], played.organizer, back)
    for rank, attempt in enumerate(sat):
        _answer(attempt, played, rank, range(4, 8), 50)
        attempts.submit(attempt, played.begin + 62 * MINUTE + rank)
    halls.close(hall, False, played.organizer, played.begin + 2 * HOUR)


def _go_on_at_another_phone(held: Round, entry: Entry, played: Played) -> None:
    """Note that a phone died, and let its owner sign in at the proctor's: the same paper, the same clock."""
    when = played.begin + 25 * MINUTE
    what = f"Điện thoại của {entry.person.full_name} hết pin, làm tiếp trên máy của giám thị; vẫn bài ấy, giờ ấy."
    wish = incidents.Wish(IncidentKind.DEVICE, entry.unit, when, what, "máy", entry=entry)
    incidents.write(held, wish, played.organizer, when)
    attempts.start(entry, when, "")


def _begin(entry: Entry, at: int) -> Attempt:
    return attempts.start(entry, at, f"minh họa {entry.person.code}")


# --- answers ------------------------------------------------------------------------------------------------------


def _sit_on_own_phones(held: Round, played: Played, dying: int | None = None) -> None:
    """Let everybody sit on an own phone; that of the one of rank `dying` dies at minute 25."""
    for rank, entry in enumerate(_entries(held)):
        attempt = _begin(entry, played.begin + rank * MINUTE)
        _answer(attempt, played, rank, range(8), 20)
        if rank == dying:
            _go_on_at_another_phone(held, entry, played)
        attempts.submit(attempt, attempt.started_at + (25 + 5 * rank) * MINUTE)


def _answer(attempt: Attempt, played: Played, rank: int, positions: Iterable[int], minute: int) -> None:
    """Answer as the one of that rank.

    The first misses a situation and took the printed key of the doubtful question, the others its right answer; of the
    two with the same total the second misses a question of knowledge, the third a situation.
    """
    places = papers.places_of(attempt.paper)
    versions = {place.version: db.session.get_one(ItemVersion, place.version) for place in places}
    missed = _missed([versions[place.version] for place in places], rank)
    for position in positions:
        place, version = places[position], versions[places[position].version]
        right = WRONG_KEY if version is played.question and rank == 0 else RIGHT_KEY
        options = [right] if version is played.question else list(version.key)
        if position in missed:
            options = [next(option for option in place.order if option not in version.key)]
        since = minute * MINUTE + position * 20_000
        row = Response(
            attempt_id=attempt.id, position=position, stamp=since << DEVICE_BITS, saved_at=attempt.started_at + since,
            choice=",".join(str(one) for one in sorted(place.order.index(option) for option in options)),
        )  # fmt: skip
        db.session.add(row)
    db.session.flush()


def _missed(versions: Sequence[ItemVersion], rank: int) -> list[int]:
    """Return the positions somebody of that rank answers wrongly."""
    known = [
        at
        for at, one in enumerate(versions)
        if one.level == Level.REMEMBER and one.item.code != QUESTION.code
    ]
    situations = [at for at, one in enumerate(versions) if one.level == Level.APPLY]
    return [situations[:1], known[:1], situations[:1]][rank] if rank < 3 else known[: rank - 1]


# --- results: incidents 3, 4 and 10 -------------------------------------------------------------------------------


def _publish(held: Sequence[Round], appealed: Round, played: Played) -> None:
    """Publish, let somebody see the own paper, correct the key, and send the first of each commune on."""
    ended = played.begin + 3 * HOUR
    for one in held:
        results.publish(one, results.PROVISIONAL, "", played.organizer, ended)
    _show_own_paper(appealed, played, ended)
    later = ended + 4 * DAY
    for one in held:
        _second(results.ask_final(one, "", played.organizer, later), played, later)
    ruling = Ruling(Policy.NEW_ONLY, (RIGHT_KEY,))
    reason = "Thí sinh phản ánh: 12 trừ 5 còn 7, đáp án đã in là 5."
    asked = corrections.ask(played.contest, played.question, ruling, reason, played.organizer, later + HOUR)
    _second(asked, played, later + 2 * HOUR)
    for one in held:
        edition = results.final_of(one.id)
        assert edition is not None  # noqa: S101 published above
        promotion.promote(edition, played.organizer, later + 3 * HOUR)


def _second(approval: Approval, played: Played, now: int) -> None:
    approved_acts.decide(approval, Answer.APPROVED, "", played.second, now)


def _show_own_paper(held: Round, played: Played, now: int) -> None:
    """Let the last of a commune ask to see the own paper, and answer within two days."""
    hours = Hours(now, now + 3 * DAY, answer_days=2)
    settings = appeals.Settings(hours, shows_paper=True)
    appeals.set_window(held, settings, played.organizer, now)
    attempt = _entries(held)[-1].attempts[0]
    words = "Tôi muốn được xem bài của mình để biết sai những câu nào."
    asked = appeals.ask(attempt, WHOLE_PAPER, words, now + 5 * HOUR)
    answer = "Ban Tổ chức đã mở bài để đồng chí xem và đối chiếu lại; điểm chấm đúng."
    appeals.answer(asked, Finding.KEPT, answer, played.organizer, now + 47 * HOUR)
