"""One screen explains a rank of judged parts: to the board every mark, to the public none."""

from quiz import clock
from quiz.core import ranking
from quiz.core.ranking import Comparison, Explanation
from quiz.extensions import db
from quiz.models import Edition, Performance, Result
from quiz.services import sheets, stage_points
from quiz.services.audit import Actor
from quiz.web import explaining
from tests.services.test_stage import PART, Mixed, stand_all
from tests.web.test_stage import There


def held(app):
    """Two contestants marked, checked and signed; the first with time over the limit."""
    there = There(app)
    there.seat()
    keys = there.draw()
    for key, content in zip(keys, ("11", "10"), strict=True):
        there.perform(key)
        there.mark("judge1", key, content)
        there.mark("judge2", key, "10,5")
        if key == keys[0]:
            there.post(
                "secretary", f"/desk/performances/{key}/time", minutes=4, seconds=20, reason="Bấm muộn"
            )
        there.post("secretary", f"/desk/performances/{key}/check")
        there.post("head", f"/judging/{key}/sign")
    return there


def test_every_mark_deduction_and_weight_stands_on_one_screen(sqlite_app):
    there = held(sqlite_app)
    ranking = there.get("organizer", f"{there.url}/ranking")
    entry = next(one.id for one in there.entries if f"{there.url}/ranking/{one.id}" in ranking)
    pages = [there.get("organizer", f"{there.url}/ranking/{one.id}") for one in there.entries]
    first = next(page for page in pages if "0,50" in page)
    for words in (
        "GK\u00a01:\u00a018,00",
        "GK\u00a02:\u00a017,50",
        "17,75",
        "4 phút 20 giây",
        "17,25/20,00",
        "100%",
        "86,25",
    ):
        assert words in first
    assert there.browsers["judge1"].get(f"{there.url}/ranking/{entry}").status_code in (403, 404)
    assert there.browsers["organizer"].get(f"{there.url}/ranking/999999").status_code == 404


def test_an_edition_explains_itself_by_what_was_kept_and_the_public_sees_no_mark(sqlite_app):
    there = held(sqlite_app)
    there.post("organizer", f"{there.url}/ranking", kind="provisional", note="")
    edition = db.session.query(Edition).one()
    for line in db.session.query(Result):
        assert [one["part"] for one in line.explanation["judged"]] == ["Giới thiệu"]
        page = there.get("organizer", f"/desk/editions/{edition.id}/lines/{line.entry_id}")
        assert "GK\u00a01:\u00a01" in page and "lần công bố 1" in page
    public = there.get("organizer", f"/results/{edition.id}")
    assert "GK\u00a01" not in public and "17,50" not in public and "Lò Văn Một" in public


def test_ties_are_told_in_the_declared_order(app):
    hall = Mixed()
    lines, keys = stand_all(hall, (500, 350, 100), (800, 1200, 1200))
    with app.test_request_context():
        steps = app.jinja_env.globals["steps_of"](lines[keys[0]], ["một", "hai"])
        rows = app.jinja_env.globals["rows_of"](lines[keys[0]])
    assert len(steps) == 2 and "16,00" in steps[0] and "không phải xét" in steps[1]
    assert [(row["part"], row["weight"], row["adds"]) for row in rows] == [
        ("Trắc nghiệm", 40, 4000), (PART, 60, 4800),
    ]  # fmt: skip
    assert rows[0]["evidence"] is None and rows[1]["evidence"].mean == 1600


def test_points_put_right_after_an_edition_are_pointed_out_and_the_new_one_tells_whom_they_moved(sqlite_app):
    there = held(sqlite_app)
    there.post("organizer", f"{there.url}/ranking", kind="provisional", note="")
    assert "đã được sửa sau lần công bố" not in there.get("organizer", f"{there.url}/ranking")
    one = db.session.query(Performance).order_by(Performance.drawn).first()
    secretary, head = (Actor(there.accounts[name].id) for name in ("secretary", "head"))
    now = clock.now() + 1
    stage_points.unsign(one, "Phiếu 1 ghi nhầm", head, now)
    sheets.correct(sheets.sheet_at(one, 1), {"Nội dung": 200, "Phong cách": 700}, "Ghi nhầm", secretary, now)
    stage_points.check(one, secretary, now)
    stage_points.sign(one, head, now)
    db.session.commit()
    assert "đã được sửa sau lần công bố 1" in there.get("organizer", f"{there.url}/ranking")
    shown = there.post("organizer", f"{there.url}/ranking", kind="provisional", note="")
    assert (
        "Thay cho lần công bố 1" in shown
        and "Sửa điểm phần thi trên sân khấu" in shown
        and "Hạng cũ" in shown
    )
    assert "Hạng cũ" in there.get("organizer", f"/results/{db.session.query(Edition).count()}")


def test_a_part_keeps_its_letters_where_a_sentence_names_the_criterion(app):
    step = Comparison(f"{ranking.PART}Kiến thức, nghiệp vụ Đảng", 4475, 0, 0)
    with app.test_request_context():
        said = explaining.sentence(1, 8650, Explanation(0, 1, (step,), 1))
    assert "xét “điểm phần ‘Kiến thức, nghiệp vụ Đảng’ cao hơn” (44,75 điểm) vẫn bằng nhau" in said


def test_a_correction_stays_visible_where_the_rank_is_explained_and_not_in_an_edition_before_it(sqlite_app):
    there = held(sqlite_app)
    there.post("organizer", f"{there.url}/ranking", kind="provisional", note="")
    edition = db.session.query(Edition).one().id
    one = db.session.query(Performance).order_by(Performance.id).first()
    key, entry = one.id, one.entry_id
    there.post("head", f"/judging/{key}/unsign", **{"unsign-reason": "Ghi nhầm"})
    there.post("secretary", f"/desk/performances/{key}/sheets/1", c0="11,5", c1="7", reason="Đọc nhầm 11,5")
    there.post("secretary", f"/desk/performances/{key}/check")
    there.post("head", f"/judging/{key}/sign")
    now = there.get("organizer", f"{there.url}/ranking/{entry}")
    assert "Các lần sửa phiếu chấm: Giới thiệu" in now and "→ 11,50" in now and "Đọc nhầm 11,5" in now
    before = there.get("organizer", f"/desk/editions/{edition}/lines/{entry}")
    assert "Đọc nhầm" not in before
