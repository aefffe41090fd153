"""A round decided before judges alone goes where every other result goes: promotion, prizes, papers, pages, the API."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from quiz import clock
from quiz.core.api_scopes import ApiScope
from quiz.core.judging import Criterion, Judging
from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.core.promotion import Decision, Method, Quota, WayOut
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Edition
from quiz.services import (
    api_tokens,
    figures,
    panels,
    performances,
    promotion,
    results,
    sheets,
    stage_points,
    ties,
)
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    publish_final,
)

ONE = (Criterion("Nội dung", 2000, 25),)
PART = Part("Tình huống", max_points=2000, judging=Judging(ONE, judges=1))
NAMES = ("Lò Văn Một", "Hà Thị Hai", "Vì Văn Ba")


class Day:
    """A commune whose three contestants were marked, checked and signed, and the district's round after it."""

    def __init__(self, points=(1800, 1800, 1500), rules: Rules | None = None, papers=()) -> None:
        self.now, self.district = clock.now(), make_unit("Mai Sơn", type_label="huyện")
        self.commune = make_unit("Cò Nòi", self.district)
        contest = make_contest(self.district)
        self.rules = rules or Rules(parts=(PART,), tie_breaks=(), quota=Quota(top=1, reserves=1))
        stage, times = make_stage(contest, self.rules), {"opens_at": self.now - 3 * HOUR, "hours": 1}
        self.round = make_round(stage, self.commune, opened_at=self.now - 3 * HOUR, **times)
        self.above = make_round(make_stage(contest, ordinal=2), self.district, opens_at=self.now + 90 * HOUR)
        self.entries = [
            make_entry(self.round, make_person(make_cell(self.commune, f"Bản {n}"), n)) for n in NAMES
        ]
        for entry, raw_score in zip(self.entries, papers, strict=False):
            make_attempt(entry, raw_score)
        roles = {"organizer": Role.ORGANIZER, "secretary": Role.BOARD_SECRETARY, "head": Role.HEAD_JUDGE}
        self.people = {name: Actor(make_account((role, self.commune)).id) for name, role in roles.items()}
        self.board = make_account((Role.ORGANIZER, self.district), username="board")
        self.judge = make_account((Role.JUDGE, self.commune))
        self._judge(dict(zip((entry.id for entry in self.entries), points, strict=True)))

    def _judge(self, points: dict[int, int]) -> None:
        secretary, judge = self.people["secretary"], Actor(self.judge.id)
        panels.seat_judge(self.round, PART.name, "", 1, self.judge, True, secretary, self.now)
        performances.draw_order(self.round, "7", 1, secretary, self.now)
        for one in performances.of_round(self.round):
            performances.start(one, secretary, self.now)
            performances.stop(one, secretary, self.now)
            sheets.save(one, {"Nội dung": points[one.entry_id]}, "", 1, judge, self.now)
            sheets.submit(one, judge, self.now)
            stage_points.check(one, secretary, self.now)
            stage_points.sign(one, self.people["head"], self.now)

    def publish(self) -> Edition:
        """Publish provisionally, then as final."""
        results.publish(self.round, results.PROVISIONAL, "", self.people["organizer"], self.now)
        return publish_final(self.round, self.people["organizer"], self.now)


@pytest.mark.parametrize(
    ("way", "chosen", "going"),
    [(WayOut.ALL_GO, (), (0, 1)), (WayOut.HEAD_DECIDES, (1,), (1,)), (WayOut.EXTRA_QUESTIONS, (0,), (0,))],
)
def test_a_tie_of_judged_totals_at_the_cut_is_settled_by_the_declared_way(app, way, chosen, going):
    day = Day()
    edition = day.publish()
    ((key, tie),) = ties.open_ties(edition).items()
    assert set(tie.entries) == {entry.id for entry in day.entries[:2]}
    decision = Decision(way, tuple(day.entries[n].id for n in chosen), "")
    ties.decide(edition, key, decision, "Biên bản số 1", day.people["organizer"], day.now)
    entered = promotion.promote(edition, day.people["organizer"], day.now)
    assert {entry.person_id for entry in entered} == {day.entries[n].person_id for n in going}
    (sent, *_rest) = figures.of_round(day.round, day.now).sent
    assert (sent.points, sent.to_round) == (9000, day.above.name)


@pytest.mark.parametrize(("cut", "going"), [(9000, 2), (7500, 3), (9100, 0)])
def test_a_cut_score_counts_the_joined_total_out_of_a_hundred(app, cut, going):
    day = Day(rules=Rules(parts=(PART,), tie_breaks=(), quota=Quota(method=Method.THRESHOLD, cut_score=cut)))
    assert len(promotion.promote(day.publish(), day.people["organizer"], day.now)) == going


def test_paper_and_stage_together_go_on_by_their_weights(app):
    parts = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), replace(PART, weight=60))
    day = Day((1000, 1500, 1400), make_rules(parts=parts, quota=Quota(top=1)), papers=(500, 400, 450))
    edition = day.publish()
    assert [line.points for line in results.all_of(edition)] == [7800, 7700, 7000]
    (first,) = promotion.promote(edition, day.people["organizer"], day.now)
    assert first.person_id == day.entries[2].person_id


PAGES = (
    "/desk/rounds/{round}", "/desk/rounds/{round}/ranking", "/desk/editions/{edition}", "/results/{edition}",
    "/results/{edition}.txt", "/desk/editions/{edition}/promotion", "/desk/editions/{edition}/prizes",
    "/desk/rounds/{round}/appeals", "/desk/rounds/{round}/late", "/desk/rounds/{round}/items",
    "/desk/rounds/{round}/signals", "/desk/rounds/{round}/office", "/desk/stages/{stage}/office",
    "/desk/rounds/{round}/office/report.pdf", "/desk/rounds/{round}/office/minutes.docx",
    "/desk/rounds/{round}/office/ranking.xlsx", "/desk/rounds/{round}/office/participants.pdf",
    "/desk/rounds/{round}/office/decision.docx", "/desk/stages/{stage}/office/summary.pdf",
    "/desk/rounds/{round}/office/judging.docx", "/desk/rounds/{round}/pictures", "/desk/rounds/{round}/topics",
)  # fmt: skip


@pytest.mark.long
def test_every_page_and_paper_of_a_round_without_a_paper_is_there(sqlite_app, browser):
    day = Day()
    edition = day.publish()
    db.session.commit()
    browser.sign_in("board")
    for page in PAGES:
        url = page.format(round=day.round.id, edition=edition.id, stage=day.round.stage_id)
        answer = browser.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
    ranking = browser.get(f"/desk/rounds/{day.round.id}/ranking").get_data(as_text=True)
    assert "từ điểm đã ký" in ranking and "Phúc khảo" in ranking
    assert (
        "Sửa đáp án" not in ranking and "Phân tích câu hỏi" not in ranking and "Bài gửi muộn" not in ranking
    )
    book = load_workbook(BytesIO(browser.get(f"/results/{edition.id}.xlsx").data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    assert [row[4] for row in rows if isinstance(row[0], int)] == [90, 90, 75]


def test_another_system_reads_the_points_of_the_parts_and_no_mark(sqlite_app):
    day = Day()
    day.publish()
    account = make_account((Role.SYSTEM_ADMIN, day.district))
    _row, token = api_tokens.make("Cổng", day.district, {ApiScope.RESULTS}, 30, Actor(account.id), day.now)
    db.session.commit()
    answer = sqlite_app.test_client().get(
        f"/api/v1/rounds/{day.round.id}/results", headers={"Authorization": f"Bearer {token}"}
    )
    first = answer.get_json()["items"][0]
    assert first["parts"] == [
        {
            "name": "Tình huống",
            "points_hundredths": 1800,
            "max_points_hundredths": 2000,
            "weight_percent": 100,
        }
    ]
    assert "judged" not in first
