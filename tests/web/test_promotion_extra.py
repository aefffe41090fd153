"""A tie at the cut decided by extra questions: the points are kept and shown, and who goes on follows from them."""

import re

import pytest

from quiz.core.prizes import Prize, PrizeTable
from quiz.core.promotion import Method, Quota, Scope
from quiz.extensions import db
from quiz.models import Account, Edition, Entry, TieDecision
from quiz.services import award_lists, entries, results
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests.conftest import Browser
from tests.factories import make_round, make_stage, second_opinion
from tests.sat_rounds import ENDED, KEY, Sat


@pytest.fixture
def page(sqlite_app):
    """The promotion page of a round whose first two are equal to the end, and somebody who decides."""
    sat = Sat(tie_breaks=(), quota=Quota(top=1, reserves=1))
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    for name, right in (("An", 3), ("Bình", 3), ("Cường", 1)):
        sat.sit(name, KEY, right=right)
    edition = sat.publish()
    db.session.commit()
    return (
        Browser(sqlite_app).sign_in("hoi"),
        f"/desk/editions/{edition.id}/promotion",
        results.all_of(edition),
    )


def names_in(page):
    """The names of the fields of the first tie's form, and where it is sent."""
    action = re.search(r'action="([^"]*decision[^"]*)"', page)[1].replace("&amp;", "&")
    return action, re.search(r'name="(tie\d+)-way"', page)[1]


def decide(browser, url, points, way="extra_questions"):
    """Send the decision with the points of each on extra questions."""
    action, prefix = names_in(browser.get(url).get_data(as_text=True))
    values = {f"{prefix}-extra_{entry}": earned for entry, earned in points.items()}
    data = {f"{prefix}-way": way, f"{prefix}-reason": "Biên bản số 5"} | values
    return browser.post(action, data, follow_redirects=True).get_data(as_text=True)


def test_the_points_on_extra_questions_decide_and_are_kept(page):
    browser, url, lines = page
    an, binh = lines[0], lines[1]
    shown = decide(browser, url, {an.entry_id: "2", binh.entry_id: "2,5"})
    assert (
        "Điểm câu hỏi phụ: " in shown
        and f"{binh.name_and_cell} 2,50; {an.name_and_cell} 2,00" in " ".join(shown.split())
    )
    row = db.session.query(TieDecision).one()
    assert (row.chosen, row.scores) == ([binh.entry_id], {str(an.entry_id): 200, str(binh.entry_id): 250})


def test_two_of_one_name_are_told_apart_by_their_cells(page):
    browser, url, lines = page
    for line in lines[:2]:
        line.name = "Lò Thị Ánh"
    db.session.commit()
    first, second = lines[0], lines[1]
    asked = browser.get(url).get_data(as_text=True)
    for line in (first, second):
        assert re.search(rf"<label[^>]*>\s*Lò Thị Ánh \({line.cell_name}\)", asked)
    shown = " ".join(decide(browser, url, {first.entry_id: "2", second.entry_id: "2,5"}).split())
    assert f"Lò Thị Ánh ({second.cell_name}) 2,50; Lò Thị Ánh ({first.cell_name}) 2,00" in shown
    assert f"Được chọn: Lò Thị Ánh ({second.cell_name})." in shown


def test_equals_among_the_reserves_are_asked_for_their_order_and_named_as_reserves_once_decided(sqlite_app):
    sat = Sat(tie_breaks=(), quota=Quota(top=1, reserves=2))
    for name, right in (("An", 3), ("Bình", 1), ("Cường", 1)):
        sat.sit(name, KEY, right=right)
    edition = sat.publish()
    db.session.commit()
    browser, url = Browser(sqlite_app).sign_in("hoi"), f"/desk/editions/{edition.id}/promotion"
    shown = browser.get(url).get_data(as_text=True)
    assert "Cùng hạng 2 có 2 người cho 2 chỗ dự bị, chưa rõ ai trước ai sau" in shown
    assert "chỉ còn 2 chỗ" not in shown and "ai cao hơn thì đứng trước" in shown
    _, binh, cuong = results.all_of(edition)
    told = decide(browser, url, {binh.entry_id: "1", cuong.entry_id: "2"})
    assert "Hạng 2, dự bị: <strong>" in told and "()" not in told


def test_reserves_of_groups_stand_in_lists_of_their_own(sqlite_app):
    sat = Sat(tie_breaks=(), quota=Quota(top=1, reserves=1, scope=Scope.GROUP))
    for group, strong, weak in (("Cơ quan", "An", "Bình"), ("Khu dân cư", "Cường", "Dũng")):
        for name, right in ((strong, 3), (weak, 1)):
            sat.sit(name, KEY, right=right).ranking_group = group
    edition = sat.publish()
    db.session.commit()
    page = Browser(sqlite_app).sign_in("hoi").get(f"/desk/editions/{edition.id}/promotion")
    ready = page.get_data(as_text=True).split("Dự bị, theo thứ tự")[1]
    lists = re.findall(r"<h3>(.*?)</h3>\s*<ol>(.*?)</ol>", ready, re.S)
    assert [group for group, _ in lists] == ["Cơ quan", "Khu dân cư"]
    for (_, shown), name in zip(lists, ("Lò Văn Bình", "Lò Văn Dũng"), strict=True):
        assert shown.count("<li>") == 1 and name in shown


def test_who_goes_on_is_named_with_the_group_the_rank_counts_in(sqlite_app):
    sat = Sat(tie_breaks=(), rank_within=Scope.GROUP, quota=Quota(top=1, scope=Scope.GROUP))
    for group, name in (("Cơ quan", "An"), ("Khu dân cư", "Bình")):
        sat.sit(name, KEY, right=3).ranking_group = group
    edition = sat.publish()
    db.session.commit()
    page = Browser(sqlite_app).sign_in("hoi").get(f"/desk/editions/{edition.id}/promotion")
    going = page.get_data(as_text=True).split("Người đi tiếp</h2>")[1].split("</table>")[0]
    assert "Xếp trong" in going and "Cơ quan</td>" in going and "Khu dân cư</td>" in going


@pytest.mark.parametrize("points, said", [(("2", "2"), "vẫn bằng nhau"), (("2", ""), "từng người")])
def test_points_that_settle_nothing_leave_the_tie_open(page, points, said):
    browser, url, lines = page
    shown = decide(browser, url, {lines[0].entry_id: points[0], lines[1].entry_id: points[1]})
    assert said in shown
    assert db.session.query(TieDecision).count() == 0
    assert 'value="Biên bản số 5"' in shown and 'value="2"' in shown, "what was typed is kept"


def test_a_decision_without_its_way_is_refused_and_its_reason_kept(page):
    browser, url, _ = page
    shown = decide(browser, url, {}, way="")
    assert "Hãy chọn cách quyết định và ghi lý do." in shown and 'value="Biên bản số 5"' in shown


def test_picking_nobody_keeps_the_reason(sqlite_app):
    sat = Sat(tie_breaks=(), quota=Quota(method=Method.MANUAL, top=1))
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    sat.sit("An", KEY, right=3)
    edition = sat.publish()
    db.session.commit()
    browser = Browser(sqlite_app).sign_in("hoi")
    shown = browser.post(
        f"/desk/editions/{edition.id}/pick", {"reason": "Nghị quyết số 7"}, follow_redirects=True
    )
    shown = shown.get_data(as_text=True)
    assert "Hãy đánh dấu ít nhất một người và ghi lý do." in shown and 'value="Nghị quyết số 7"' in shown


def test_who_goes_on_by_prize_is_told_to_close_the_list_and_then_listed_with_the_prize(sqlite_app):
    table = PrizeTable((Prize("Giải nhất"), Prize("Giải nhì")))
    quota = Quota(method=Method.PRIZE, prizes=("Giải nhất", "Giải nhì"))
    sat = Sat(tie_breaks=(), prizes=table, quota=quota)
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    entries = {
        name: sat.sit(name, KEY, right=right) for name, right in (("An", 3), ("Bình", 2), ("Cường", 1))
    }
    edition = sat.publish()
    db.session.commit()
    browser, url = Browser(sqlite_app).sign_in("hoi"), f"/desk/editions/{edition.id}/promotion"
    shown = browser.get(url).get_data(as_text=True)
    assert "Hãy chốt danh sách giải trước" in shown and f'href="/desk/editions/{edition.id}/prizes"' in shown
    assert "Đưa vào vòng sau" not in shown
    second_opinion(award_lists.ask_to_close(edition, "", sat.actor, ENDED), ENDED)
    entries["Bình"].withdrawn_at, entries["Bình"].withdrawn_reason = ENDED, "ốm"
    db.session.commit()
    shown = " ".join(browser.get(url).get_data(as_text=True).split())
    assert "Đi tiếp theo giải thưởng" in shown and ">Giải nhất</td>" in shown
    assert "Lò Văn Bình (chi bộ Bản Bình) đoạt Giải nhì nhưng đã rút tên nên không đi tiếp." in shown
    answer = browser.post(url, follow_redirects=True).get_data(as_text=True)
    assert "Đã đưa 1 người vào vòng sau." in answer and "Đạt từ vòng trước" in answer


@pytest.mark.parametrize("method", [Method.TOP, Method.MANUAL])
def test_of_the_last_stage_nobody_is_entered_anywhere_and_the_page_says_why(sqlite_app, method):
    sat = Sat(tie_breaks=(), quota=Quota(method=method, top=1))
    for name, right in (("An", 3), ("Bình", 2)):
        sat.sit(name, KEY, right=right)
    edition = sat.publish()
    db.session.commit()
    browser, url = Browser(sqlite_app).sign_in("hoi"), f"/desk/editions/{edition.id}/promotion"
    shown = browser.get(url).get_data(as_text=True)
    assert "không có cấp thi nào sau" in shown and "Đưa vào vòng sau" not in shown
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    db.session.commit()
    shown = browser.get(url).get_data(as_text=True)
    assert "không có cấp thi nào sau" not in shown and "Đưa vào vòng sau" in shown


def test_after_a_correction_a_tie_among_the_very_same_begins_with_what_was_decided(page):
    browser, url, lines = page
    an, binh = lines[0], lines[1]
    decide(browser, url, {an.entry_id: "2", binh.entry_id: "2,5"})
    edition = db.session.get_one(Edition, an.edition_id)
    standings, actor = standings_of(edition.round), Actor(db.session.query(Account).first().id)
    new = results.add_edition(edition.round, edition.kind, "sửa", standings, actor, ENDED, None, edition)
    db.session.commit()
    shown = browser.get(f"/desk/editions/{new.id}/promotion").get_data(as_text=True)
    assert "Trước khi kết quả được sửa đã có quyết định" in shown and 'value="Biên bản số 5"' in shown
    assert 'value="2,50"' in shown and re.search(
        r'value="extra_questions"[^>]*checked|checked[^>]*value="extra_questions"', shown
    )


def test_who_all_stand_in_the_next_round_are_not_offered_for_it_again(sqlite_app):
    sat = Sat(tie_breaks=(), quota=Quota(top=2))
    final = make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    for name, right in (("An", 3), ("Bình", 2), ("Cường", 1)):
        sat.sit(name, KEY, right=right)
    edition = sat.publish()
    db.session.commit()
    browser, url = Browser(sqlite_app).sign_in("hoi"), f"/desk/editions/{edition.id}/promotion"
    assert f'action="{url}"' in browser.get(url).get_data(as_text=True)
    assert "Đã đưa 2 người vào vòng sau." in browser.post(url, follow_redirects=True).get_data(as_text=True)
    shown = browser.get(url).get_data(as_text=True)
    assert f'action="{url}"' not in shown and "Mọi người đi tiếp đã có tên ở vòng sau." in shown
    again = browser.post(url, follow_redirects=True).get_data(as_text=True)  # from a page opened before
    assert "Không có thêm ai" in again
    db.session.delete(final.entries[0])
    db.session.commit()
    assert f'action="{url}"' in browser.get(url).get_data(as_text=True)


def test_the_committee_is_not_asked_to_pick_once_everybody_ranked_stands_in_the_next_round(sqlite_app):
    sat = Sat(tie_breaks=(), quota=Quota(method=Method.MANUAL))
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    entries = [sat.sit(name, KEY, right=right).id for name, right in (("An", 3), ("Bình", 2))]
    edition = sat.publish()
    db.session.commit()
    browser, url = Browser(sqlite_app).sign_in("hoi"), f"/desk/editions/{edition.id}/promotion"
    pick = f'action="/desk/editions/{edition.id}/pick"'
    for entry in entries:
        assert pick in browser.get(url).get_data(as_text=True)
        browser.post(f"/desk/editions/{edition.id}/pick", {"chosen": [entry], "reason": "Nghị quyết số 7"})
    shown = browser.get(url).get_data(as_text=True)
    assert pick not in shown and "Mọi người đi tiếp đã có tên ở vòng sau." in shown


@pytest.mark.parametrize("right", [3, 2], ids=["a tie at the cut", "no tie"])
def test_an_edition_that_was_replaced_or_is_provisional_offers_nothing_it_would_refuse(sqlite_app, right):
    sat = Sat(tie_breaks=(), quota=Quota(top=1))
    make_round(make_stage(sat.contest, ordinal=2), sat.district, opens_at=ENDED + 99_000_000)
    for name, points in (("An", 3), ("Bình", right)):
        sat.sit(name, KEY, right=points)
    final = sat.publish()
    first = db.session.query(Edition).filter_by(kind="provisional").one()
    standings, actor = standings_of(final.round), Actor(db.session.query(Account).first().id)
    newest = results.add_edition(final.round, "final", "sửa", standings, actor, ENDED, None, final)
    db.session.commit()
    browser = Browser(sqlite_app).sign_in("hoi")
    shown = {
        edition: browser.get(f"/desk/editions/{edition.id}/promotion").get_data(as_text=True)
        for edition in (first, final, newest)
    }
    buttons = ("Ghi quyết định", "Đưa vào vòng sau") if right == 3 else ("Đưa vào vòng sau",)
    assert not any(button in shown[edition] for button in buttons for edition in (first, final))
    assert buttons[0] in shown[newest]


def test_a_decision_typed_wrongly_is_taken_back_with_a_reason_and_stays_to_be_read(page):
    browser, url, lines = page
    decide(browser, url, {lines[0].entry_id: "2", lines[1].entry_id: "1"})
    address = re.search(
        r'href="(/desk/tie-decisions/\d+/take-back)"', browser.get(url).get_data(as_text=True)
    )[1]
    asked = browser.get(address).get_data(as_text=True)
    assert "Chỉ thu hồi khi ghi nhầm" in asked and f"{lines[0].name_and_cell}." in asked
    refused = browser.post(address, {"reason": ""}).get_data(as_text=True)
    assert 'aria-invalid="true"' in refused and db.session.query(TieDecision).one().taken_back_at is None
    shown = browser.post(address, {"reason": "Ghi nhầm điểm"}, follow_redirects=True).get_data(as_text=True)
    kept = shown.split("Quyết định đã thu hồi</h2>")[1].split("</ul>")[0]
    assert "Biên bản số 5" in kept and "Ghi nhầm điểm" in kept and "Đã quyết định</h2>" not in shown
    assert "Ghi quyết định" in shown and "take-back" not in shown
    assert "Quyết định này đã được thu hồi." in browser.get(address).get_data(as_text=True)
    shown = decide(browser, url, {lines[0].entry_id: "1", lines[1].entry_id: "2"})
    assert "Đã quyết định</h2>" in shown and "Quyết định đã thu hồi</h2>" in shown


def test_who_goes_on_but_has_withdrawn_there_is_led_to_and_who_comes_second_with_a_decision_is_told(page):
    browser, url, lines = page
    points = {lines[0].entry_id: "2", lines[1].entry_id: "1"}
    action, prefix = names_in(browser.get(url).get_data(as_text=True))
    decide(browser, url, points)
    data = {f"{prefix}-way": "all_go", f"{prefix}-reason": "Biên bản số 6"}
    second = browser.post(action, data, follow_redirects=True).get_data(as_text=True)
    assert "Trường hợp bằng nhau này đã được quyết định." in second and "Biên bản số 6" not in second
    shown = browser.post(url, follow_redirects=True).get_data(as_text=True)
    assert "Mọi người đi tiếp đã có tên ở vòng sau." in shown and "chưa ai vào thay" not in shown
    sent = db.session.query(Entry).filter_by(origin="promoted").one()
    entries.withdraw(sent, "ốm", Actor(db.session.query(Account).first().id), ENDED)
    db.session.commit()
    shown = browser.get(url).get_data(as_text=True)
    assert f"{sent.name_and_cell} đã rút tên ở vòng sau, chưa ai vào thay:" in shown
    assert (
        shown.count(f'href="/desk/entries/{sent.id}/successor"') == 2
    )  # here, and in the list of who is there
    assert "Gọi Lò Văn Bình" in browser.get(f"/desk/entries/{sent.id}/successor").get_data(as_text=True)
