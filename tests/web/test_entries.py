"""Pages of the list of contestants: each form once with success and once refused, and nobody else's round."""

from datetime import timedelta

import pytest

from quiz import clock
from quiz.core.people import AbsenceReason, Position
from quiz.core.permissions import Role
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence, Entry
from quiz.services import units
from quiz.services.audit import SYSTEM
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

FUTURE = 4_000_000_000_000  # the rounds open long after the tests run


class District:
    """A district with two communes; in each a cell, its secretary and deputy, a round and an organizer."""

    def __init__(self):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.stage = make_stage(make_contest(self.district))
        self.first, self.second = (self._commune(name) for name in ("Cò Nòi", "Hát Lót"))
        make_account((Role.ORGANIZER, self.district), username="huyen")
        make_account((Role.OBSERVER, self.district), username="xem")
        db.session.commit()

    def _commune(self, name):
        commune = make_unit(name, self.district)
        make_account((Role.ORGANIZER, commune), username=f"xa-{name.split()[0].lower()}")
        cell = make_cell(commune, f"Bản {name}")
        secretary = make_person(cell, f"Lò Văn {name}")
        make_person(cell, f"Cầm Thị {name}", position=Position.DEPUTY_SECRETARY)
        contest_round = make_round(self.stage, commune, opens_at=FUTURE, name=f"Vòng {name}")
        return type(
            "Commune", (), {"unit": commune, "cell": cell, "secretary": secretary, "round": contest_round}
        )


@pytest.fixture
def there(sqlite_app):
    return District()


def text(answer):
    return answer.get_data(as_text=True)


def test_where_a_round_covers_several_units_each_cell_is_named_with_its_own(browser, there):
    wide = make_round(there.stage, there.district, opens_at=FUTURE, name="Cụm")
    twins = [make_cell(commune.unit, "Bản Noong Khoang") for commune in (there.first, there.second)]
    make_entry(wide, make_person(twins[0], "Lò Văn Cử"))
    add(Absence(round_id=wide.id, unit=twins[1], reason=AbsenceReason.ILLNESS, created_at=NOW))
    db.session.commit()
    browser.sign_in("huyen")
    base = f"/desk/rounds/{wide.id}/entries"
    one, other = "chi bộ Bản Noong Khoang, xã Cò Nòi", "chi bộ Bản Noong Khoang, xã Hát Lót"
    assert one in text(browser.get(f"{base}/new")) and other in text(browser.get(f"{base}/new"))
    assert one in text(browser.get(base))
    assert other in text(browser.get(f"{base}?view=absent"))
    assert "chi bộ Bản Cò Nòi, xã Cò Nòi" in text(browser.get(f"{base}?view=missing"))
    narrow = text(browser.get(f"/desk/rounds/{there.first.round.id}/entries/new"))
    assert "Bản Noong Khoang" in narrow and ", xã Cò Nòi" not in narrow


def standing():
    return db.session.query(Entry).filter(Entry.withdrawn_at.is_(None)).all()


def test_an_organizer_enters_somebody_and_is_told_when_it_cannot_be(browser, there):
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.first.round.id}/entries/new?cell={there.first.cell.id}"
    assert "Bí thư" in text(browser.get(url))
    assert browser.post(url, {"person": there.first.secretary.id}).status_code == 302
    assert [entry.person_id for entry in standing()] == [there.first.secretary.id]
    again = browser.post(url, {"person": there.first.secretary.id})
    assert again.status_code == 200 and "đã có trong danh sách dự thi" in text(again)
    assert "Hãy chọn một người" in text(browser.post(url, {}))
    stranger = browser.post(url, {"person": there.second.secretary.id})
    assert "Hãy chọn một mục có trong danh sách" in text(stranger) and len(standing()) == 1


def test_cells_are_offered_to_choose_from(browser, there):
    browser.sign_in("huyen")
    page = text(browser.get(f"/desk/rounds/{there.first.round.id}/entries/new"))
    assert there.first.cell.title in page and there.second.cell.title not in page


def test_the_cell_is_found_by_its_name_or_its_unit_and_namesakes_stand_by_the_alphabet_of_theirs(
    browser, there
):
    wide = make_round(there.stage, there.district, opens_at=FUTURE, name="Cụm")
    for commune in (there.second, there.first):
        make_cell(commune.unit, "Bản Noong Khoang")
    db.session.commit()
    browser.sign_in("huyen")
    base = f"/desk/rounds/{wide.id}/entries/new"
    found = text(browser.get(f"{base}?q=noong"))
    one, other = (found.find(f"Bản Noong Khoang, xã {name}") for name in ("Cò Nòi", "Hát Lót"))
    assert 0 < one < other and "Bản Cò Nòi" not in found
    of_commune = text(browser.get(f"{base}?q=hat+lot"))
    assert "Bản Noong Khoang, xã Hát Lót" in of_commune and "xã Cò Nòi" not in of_commune
    assert "Không có đơn vị nào tên như vậy" in text(browser.get(f"{base}?q=khong"))


def test_all_secretaries_are_entered_with_one_button(browser, there):
    browser.sign_in("xa-cò")
    url = f"/desk/rounds/{there.first.round.id}/entries"
    done = browser.post(f"{url}/secretaries", follow_redirects=True)
    assert "Đã đăng ký 1 người" in text(done)
    again = browser.post(f"{url}/secretaries", follow_redirects=True)
    assert "Không còn chi bộ nào" in text(again)
    assert [entry.round_id for entry in standing()] == [there.first.round.id]


def test_where_nobody_is_left_to_enter_the_page_says_why(browser, there):
    moved, vacant = there.first.cell, make_cell(there.second.unit, "Bản khuyết")
    make_entry(there.first.round, there.first.secretary)
    make_entry(there.second.round, there.second.secretary)
    moved.path = f"{there.second.unit.path}{moved.id}/"
    db.session.commit()
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.second.round.id}/entries"
    told = text(browser.post(f"{url}/secretaries", follow_redirects=True))
    assert "Không còn chi bộ nào có bí thư mà chưa đăng ký." in told
    assert "1 chi bộ chưa có bí thư trong danh sách nhân sự" in told
    assert "1 chi bộ đã đăng ký hoặc đã báo lý do ở vòng khác của cấp thi này" in told
    whole = f"/desk/stages/{there.stage.id}/registrations/secretaries"
    assert "ở vòng khác" not in text(browser.post(whole, follow_redirects=True))
    url = f"/desk/rounds/{there.second.round.id}/entries?view=missing"
    vacant.valid_to = vacant.valid_from = clock.local(NOW).date() - timedelta(days=9)
    db.session.commit()
    shown = text(browser.get(url))
    assert "1 chi bộ đã đăng ký hoặc đã báo lý do ở vòng khác của cấp thi này" in shown


def test_an_absence_is_recorded_changed_and_removed(browser, there):
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.first.round.id}/cells/{there.first.cell.id}/absence"
    assert "Hãy chọn một lý do" in text(browser.post(url, {}))
    assert "ghi rõ lý do" in text(browser.post(url, {"reason": "other", "note": " "}))
    assert browser.post(url, {"reason": "illness"}).status_code == 302
    assert 'value="illness" checked' in text(browser.get(url)) or "checked" in text(browser.get(url))
    assert browser.post(url, {"reason": "farm_work", "note": "Mùa gặt"}).status_code == 302
    absence = db.session.query(Absence).one()
    db.session.refresh(absence)
    assert (absence.reason, absence.note) == (AbsenceReason.FARM_WORK, "Mùa gặt")
    listed = text(browser.get(f"/desk/rounds/{there.first.round.id}/entries?view=absent"))
    assert "Mùa gặt" in listed
    assert browser.post(f"/desk/absences/{absence.id}/remove").status_code == 302
    assert db.session.query(Absence).count() == 0


def test_a_cell_that_sends_somebody_cannot_be_absent(browser, there):
    make_entry(there.first.round, there.first.secretary)
    db.session.commit()
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.first.round.id}/cells/{there.first.cell.id}/absence"
    answer = browser.post(url, {"reason": "illness"})
    assert "Hãy rút tên người đó" in text(answer) and db.session.query(Absence).count() == 0


def test_withdrawing_restoring_and_replacing(browser, there):
    entry = make_entry(there.first.round, there.first.secretary)
    db.session.commit()
    browser.sign_in("huyen")
    assert "Chưa điền mục này" in text(browser.post(f"/desk/entries/{entry.id}/withdraw", {}))
    told = text(browser.post(f"/desk/entries/{entry.id}/withdraw", {"reason": "Ốm"}, follow_redirects=True))
    namesakes_parted = f"{entry.person.full_name} ({there.first.cell.title})"
    assert standing() == [] and f"Đã rút tên {namesakes_parted}." in told
    listed = text(browser.get(f"/desk/rounds/{there.first.round.id}/entries"))
    assert "Đã rút tên" in listed and "Khôi phục" in listed
    assert browser.post(f"/desk/entries/{entry.id}/restore").status_code == 302
    assert len(standing()) == 1
    url = f"/desk/entries/{entry.id}/replace"
    assert "Cầm Thị Cò Nòi" in text(browser.get(url))
    deputy = next(p for p in db.session.query(type(there.first.secretary)) if p.full_name == "Cầm Thị Cò Nòi")
    assert browser.post(url, {"person": deputy.id, "reason": "Ốm"}).status_code == 302
    assert [one.person_id for one in standing()] == [deputy.id]


def test_who_has_started_a_paper_is_not_offered_to_be_taken_out_or_replaced(browser, there):
    entry = make_entry(there.first.round, there.first.secretary)
    db.session.commit()
    browser.sign_in("huyen")
    page = f"/desk/rounds/{there.first.round.id}/entries"
    assert f"/desk/entries/{entry.id}/withdraw" in text(browser.get(page))
    make_attempt(entry)
    db.session.commit()
    shown = text(browser.get(page))
    assert "đã bắt đầu làm bài" in shown
    assert (
        f"/desk/entries/{entry.id}/withdraw" not in shown and f"/desk/entries/{entry.id}/replace" not in shown
    )


def test_the_page_of_a_round_shows_what_its_cells_said(browser, there):
    cell = make_cell(there.first.unit, "Bản vắng")
    make_entry(there.first.round, there.first.secretary)
    add(Absence(round_id=there.first.round.id, unit=cell, reason=AbsenceReason.ILLNESS, created_at=NOW))
    missing = make_cell(there.first.unit, "Bản im")
    db.session.commit()
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.first.round.id}/entries"
    page = text(browser.get(url))
    assert '1/3 = <span class="number">33,3 %</span>' in page and there.first.secretary.full_name in page
    assert missing.title in text(browser.get(f"{url}?view=missing"))
    assert browser.get(f"{url}?view=khac&page=99").status_code == 200


@pytest.mark.parametrize(
    "method, url",
    [
        ("get", "/desk/rounds/{round}/entries"),
        ("get", "/desk/rounds/{round}/entries/new?cell={cell}"),
        ("post", "/desk/rounds/{round}/entries/new?cell={cell}"),
        ("post", "/desk/rounds/{round}/entries/secretaries"),
        ("post", "/desk/rounds/{round}/cells/{cell}/absence"),
        ("post", "/desk/entries/{entry}/withdraw"),
        ("post", "/desk/entries/{entry}/restore"),
        ("post", "/desk/entries/{entry}/replace"),
        ("post", "/desk/absences/{absence}/remove"),
        ("get", "/desk/contests/{contest}/participation?unit={unit}"),
    ],
)
def test_another_commune_is_not_found(browser, there, method, url):
    entry = make_entry(there.second.round, there.second.secretary)
    absence = add(
        Absence(
            round_id=there.second.round.id,
            unit=make_cell(there.second.unit, "Bản vắng"),
            reason=AbsenceReason.ILLNESS,
            created_at=NOW,
        )
    )
    db.session.commit()
    browser.sign_in("xa-cò")
    address = url.format(
        round=there.second.round.id,
        cell=there.second.cell.id,
        entry=entry.id,
        absence=absence.id,
        contest=there.stage.contest_id,
        unit=there.second.unit.id,
    )
    assert getattr(browser, method)(address).status_code == 404


def test_a_cell_of_another_round_is_not_found_either(browser, there):
    browser.sign_in("huyen")
    for path in (f"entries/new?cell={there.second.cell.id}", f"cells/{there.second.cell.id}/absence"):
        assert browser.get(f"/desk/rounds/{there.first.round.id}/{path}").status_code == 404


def test_who_only_watches_sees_the_list_and_changes_nothing(browser, there):
    browser.sign_in("xem")
    page = text(browser.get(f"/desk/rounds/{there.first.round.id}/entries"))
    assert "Đăng ký một người" not in page
    assert browser.post(f"/desk/rounds/{there.first.round.id}/entries/secretaries").status_code == 403
    assert standing() == []


def test_a_commune_does_not_change_the_list_of_the_district_round(browser, there):
    final = make_round(make_stage(there.stage.contest, ordinal=2), there.district, opens_at=FUTURE)
    entry = make_entry(final, there.first.secretary, origin="promoted")
    db.session.commit()
    browser.sign_in("xa-cò")
    assert browser.post(f"/desk/entries/{entry.id}/withdraw", {"reason": "Ốm"}).status_code == 404


# --- participation ------------------------------------------------------------------------------------------------


def test_the_table_adds_up_for_the_district_and_shows_a_commune_only_itself(browser, there):
    make_entry(there.first.round, there.first.secretary)
    add(
        Absence(
            round_id=there.second.round.id,
            unit=there.second.cell,
            reason=AbsenceReason.ILLNESS,
            created_at=NOW - HOUR,
        )
    )
    db.session.commit()
    url = f"/desk/contests/{there.stage.contest_id}/participation"
    browser.sign_in("huyen")
    page = text(browser.get(url))
    assert (
        '1/2 = <span class="number">50,0 %</span>' in page and "Cộng 2 đơn vị" in page and "Ốm đau 1" in page
    )
    below = text(browser.get(f"{url}?unit={there.first.unit.id}"))
    assert there.first.secretary.full_name in below and '1/1 = <span class="number">100,0 %</span>' in below
    browser.post("/sign-out")
    browser.sign_in("xa-hát")
    own = text(browser.get(url))
    assert '0/1 = <span class="number">0,0 %</span>' in own and "Cò Nòi" not in own


def test_a_commune_that_went_to_another_district_after_its_round_stays_in_the_table_and_opens(browser, there):
    make_entry(there.first.round, there.first.secretary)
    one = there.first.round
    one.opens_at, one.closes_at, one.opened_at = NOW - 9 * HOUR, NOW - 8 * HOUR, NOW - 9 * HOUR
    gone, elsewhere = there.first.unit, make_unit("Yên Châu", type_label="huyện")
    units.move(gone, elsewhere, day_of(NOW), SYSTEM, NOW)
    db.session.commit()
    url = f"/desk/contests/{there.stage.contest_id}/participation"
    browser.sign_in("huyen")
    assert '1/2 = <span class="number">50,0 %</span>' in text(browser.get(url)) and gone.title in text(
        browser.get(url)
    )
    assert there.first.secretary.full_name in text(browser.get(f"{url}?unit={gone.id}"))
    assert browser.get(f"{url}?unit={elsewhere.id}").status_code == 404
    browser.post("/sign-out")
    browser.sign_in("xa-hát")
    assert browser.get(f"{url}?unit={gone.id}").status_code == 404


def test_the_list_of_a_round_that_is_over_names_the_communes_it_was_held_under(browser, there):
    wide = make_round(
        there.stage, there.district, opens_at=NOW - 9 * HOUR, name="Cụm", opened_at=NOW - 9 * HOUR
    )
    for one in (wide, there.first.round):
        one.opens_at, one.closes_at = NOW - 9 * HOUR, NOW - 8 * HOUR
        make_entry(one, there.first.secretary)
    units.merge(there.first.unit, there.second.unit, day_of(NOW), day_of(NOW), SYSTEM, NOW)
    db.session.commit()
    browser.sign_in("huyen")
    assert "chi bộ Bản Cò Nòi, xã Cò Nòi" in text(browser.get(f"/desk/rounds/{wide.id}/entries"))
    narrow = text(browser.get(f"/desk/rounds/{there.first.round.id}/entries"))
    assert "chi bộ Bản Cò Nòi" in narrow and "Bản Cò Nòi, xã" not in narrow


def test_a_contest_without_stages_has_an_empty_table(browser, there):
    contest = make_contest(there.district)
    db.session.commit()
    browser.sign_in("huyen")
    assert "Chưa có chi bộ nào" in text(browser.get(f"/desk/contests/{contest.id}/participation"))
