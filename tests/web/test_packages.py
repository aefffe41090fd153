"""The pages that carry a round to a hall without a line and take its sitting back."""

import hashlib
import re
import shutil
from io import BytesIO

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.files import packages as files
from quiz.keyring import hash_secret
from quiz.models import (
    AccessCard,
    Account,
    Attempt,
    Entry,
    HallSession,
    Package,
    Person,
    ScoreSheet,
    SittingImport,
    Upload,
)
from quiz.services import (
    attempts,
    entries,
    grants,
    hall_devices,
    halls,
    package_loading,
    packages,
    seats,
    sittings,
)
from quiz.services.audit import SYSTEM, Actor
from tests.conftest import Browser, point
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)
from tests.stage_days import Day, make_stage_day


@pytest.fixture
def package(sqlite_app) -> Package:
    """A package of a round that is open now, with one contestant; "chu" runs the contest, "quantri" everything."""
    district = make_unit("Mai Sơn", type_label="huyện")
    commune = make_unit("Cò Nòi", district)
    contest_round = make_round(make_stage(make_contest(district)), commune, opens_at=clock.now() - HOUR)
    person = make_person(make_cell(commune), "Lò Văn Thử", code="N1")
    make_entry(contest_round, person)
    make_card(contest_round.stage.contest, person)
    open_for_test(contest_round, [make_item() for _ in range(6)], at=clock.now() - 2 * HOUR)
    make_account((Role.ORGANIZER, district), username="chu")
    make_account((Role.ORGANIZER, commune), username="xa")
    make_account((Role.SYSTEM_ADMIN, None), username="quantri")
    made = packages.make(contest_round, None, SYSTEM, clock.now())
    db.session.commit()
    return made


def sit_in_the_hall(contest_round) -> None:
    """Seat the one contestant at a device of a hall, give minutes there, and let the paper be handed in."""
    now, proctor = clock.now(), make_account(username="giamthi")
    proctor.display_name = "Giám thị Hà"
    plan = halls.Plan(contest_round.unit, "Nhà văn hóa bản", now - HOUR, False)
    hall = halls.open_hall(contest_round, plan, "seed", Actor(proctor.id), now)
    device, entry = (
        hall_devices.join(hall.code, "Máy bên trái", now)[0],
        db.session.scalars(select(Entry)).one(),
    )
    seats.sit(device, seats.claim(device, halls.code_of(hall, entry), "", now), 12, "", now)
    attempt = attempts.start(entry, now, "seed")
    grants.give(contest_round, hall, grants.Wish(5, "mất điện", "a form"), Actor(proctor.id), now)
    attempts.submit(attempt, now)
    halls.close(hall, False, Actor(proctor.id), now)


@pytest.fixture
def returned(package, sqlite_app, sqlite_template, tmp_path) -> bytes:
    """The file of a sitting of that package, at which the one contestant handed in."""
    sent, server = packages.contents(package), db.engine
    db.session.remove()
    shutil.copy(sqlite_template / "quiz.db", tmp_path / "laptop.db")
    point(sqlite_app, f"sqlite:///{tmp_path / 'laptop.db'}")
    loaded = package_loading.load(sent, SYSTEM, clock.now())
    sit_in_the_hall(loaded.round)
    data = files.write_sitting(sittings.collect(loaded, SYSTEM, clock.now()), loaded.secret)
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    db._app_engines[sqlite_app][None] = server
    return data


def sent_file(name: str, data: bytes) -> dict[str, object]:
    return {name: (BytesIO(data), "tep.htbt")}


def test_the_board_makes_a_package_and_downloads_what_its_passphrase_opens(browser, package):
    browser.sign_in("chu")
    round_id = package.round_id
    answer = browser.post(f"/desk/rounds/{round_id}/packages", {"unit": "0"})
    page = browser.get(answer.location).get_data(as_text=True)
    made = db.session.scalars(select(Package).order_by(Package.id.desc())).first()
    assert made.phrase in page
    data = browser.post(f"{answer.location}/download").data
    assert files.read_package(data, made.phrase).uuid == made.uuid


def test_whoever_runs_the_round_but_not_the_contest_does_not_get_the_key(browser, package):
    browser.sign_in("xa")
    for page in (f"/desk/packages/{package.id}", f"/desk/rounds/{package.round_id}/packages"):
        assert browser.get(page).status_code == 404


def test_a_returned_file_is_shown_first_taken_in_once_and_reported(browser, package, returned):
    browser.sign_in("chu")
    shown = browser.post("/desk/packages/receive", sent_file("sitting", returned))
    assert "Xem trước kết quả" in browser.get(shown.location).get_data(as_text=True)
    assert db.session.scalars(select(Attempt)).all() == []
    done = browser.post(shown.location)
    page = browser.get(done.location).get_data(as_text=True)
    assert hashlib.sha256(returned).hexdigest() in page
    assert "giống hệt ở hội trường" in page
    assert db.session.scalars(select(Upload.data)).all() == [b""], "nothing of the file is kept"
    assert browser.post(shown.location).location.endswith("/desk/packages")  # a second click
    back = browser.get(shown.location, follow_redirects=True).get_data(as_text=True)
    assert "đã được nhập rồi" in back
    again = browser.post("/desk/packages/receive", sent_file("sitting", returned))
    assert browser.get(again.location).location.endswith("/desk/packages")
    assert "đã được nhập trước đó" in browser.get("/desk/packages").get_data(as_text=True)
    assert len(db.session.scalars(select(SittingImport)).all()) == 1


def test_the_record_of_the_hall_can_be_read_at_home(browser, package, returned):
    browser.sign_in("chu")
    shown = browser.post("/desk/packages/receive", sent_file("sitting", returned))
    before = browser.get(shown.location).get_data(as_text=True)
    assert "Lượt ngồi máy" in before and "Lần cho thêm giờ" in before
    browser.post(shown.location)
    hall = db.session.scalars(select(HallSession)).one()
    assert "Nhà văn hóa bản" in browser.get("/desk/halls").get_data(as_text=True)
    there = browser.get(f"/desk/halls/{hall.id}").get_data(as_text=True)
    assert (
        "đã được nhập về đây" in there and "js/monitor.js" not in there
    )  # with nothing to refresh it broke off
    seats_page = browser.get(f"/desk/halls/{hall.id}/seats").get_data(as_text=True)
    for words in ("Lò Văn Thử", "Máy bên trái", "Giám thị Hà", "đóng hội trường"):
        assert words in seats_page
    minutes = browser.get(f"/desk/rounds/{package.round_id}/minutes").get_data(as_text=True)
    assert "mất điện" in minutes and "Giám thị Hà" in minutes


def test_who_is_refused_is_listed_by_name_before_and_after(browser, package, returned):
    entry = db.session.scalars(select(Entry)).one()
    attempts.start(entry, clock.now(), "another seed")
    db.session.commit()
    browser.sign_in("chu")
    shown = browser.post("/desk/packages/receive", sent_file("sitting", returned))
    before = browser.get(shown.location)
    after = browser.get(browser.post(shown.location).location)
    for page in (before, after):
        text = page.get_data(as_text=True)
        assert "Lò Văn Thử" in text
        assert "Ban Tổ chức quyết định tính bài nào" in text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 10_000])
def test_another_file_is_refused_on_the_page(browser, package, data):
    browser.sign_in("chu")
    answer = browser.post("/desk/packages/receive", sent_file("sitting", data))
    assert answer.status_code == 409
    assert db.session.scalars(select(Upload)).all() == []


def test_a_file_past_what_any_page_takes_leads_back_to_where_it_was_chosen(browser, package):
    browser.sign_in("chu")
    body = b'--x\r\nContent-Disposition: form-data; name="sitting"; filename="a.htbt"\r\n\r\n' + bytes(
        13 * 1024 * 1024
    )
    came_from = {"Referer": "http://localhost/desk/packages"}
    answer = browser.client.post(
        "/desk/packages/receive", data=body, content_type="multipart/form-data; boundary=x", headers=came_from
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413 and '<a class="button" href="/desk/packages">Chọn tệp khác</a>' in page


def test_a_changed_file_is_refused_with_a_sentence(browser, package, returned):
    browser.sign_in("chu")
    changed = returned[:-40] + bytes([returned[-40] ^ 1]) + returned[-39:]
    answer = browser.post("/desk/packages/receive", sent_file("sitting", changed))
    assert answer.status_code == 409
    assert "đã bị sửa trên đường đi" in answer.get_data(as_text=True)


def test_another_board_does_not_take_the_file_in(browser, package, returned):
    make_account((Role.ORGANIZER, make_unit("Thuận Châu", type_label="huyện")), username="khac")
    db.session.commit()
    browser.sign_in("khac")
    answer = browser.post("/desk/packages/receive", sent_file("sitting", returned))
    assert "không có gói đề mà tệp thuộc về" in answer.get_data(as_text=True)


def test_only_the_administrator_of_the_whole_machine_loads_a_package(browser, package):
    data, phrase = files.write_package(packages.contents(package), package.phrase), package.phrase
    browser.sign_in("chu")
    answer = browser.post("/desk/packages/load", sent_file("package", data) | {"phrase": phrase})
    assert "Chỉ quản trị viên" in answer.get_data(as_text=True)


def test_on_the_laptop_code_and_pin_open_the_way_and_every_page_says_that_the_qr_code_does_not(
    browser, package, monkeypatch
):
    monkeypatch.setattr("quiz.lan.addresses", lambda: ["192.168.43.1"])
    package.is_loaded = True  # as it stands on the laptop
    card = db.session.scalars(select(AccessCard)).one()
    card.pin_hash, code = hash_secret("482915"), card.code
    db.session.commit()
    assert "Mã QR trên phiếu in trước không dùng được" in browser.get("/card").get_data(as_text=True)
    signed_in = browser.post("/card", {"code": code, "pin": "482 915"})
    assert (signed_in.status_code, signed_in.location) == (302, "/rounds")
    own = browser.get("/rounds").get_data(as_text=True)  # the questions to practise with stayed on the server
    assert "Hướng dẫn một trang" in own and "Ôn tập" not in own and "Làm thử" not in own
    desk = Browser(browser.client.application).sign_in("quantri")
    shown = desk.get(f"/desk/packages/{package.id}").get_data(as_text=True)
    assert "nhập mã dự thi và mã PIN" in shown and "dẫn về máy chủ" in shown
    values = {"unit": package.round.unit_id, "place": "Nhà văn hóa", "opens_at": "2023-02-05T08:00"}
    db.session.rollback()
    hall = desk.post(f"/desk/rounds/{package.round_id}/halls/new", values).location
    sheet = desk.get(hall.replace("/devices", "/poster"), base_url="http://localhost:8000").get_data(
        as_text=True
    )
    assert "http://192.168.43.1:8000/card" in sheet.replace("<wbr>", "")
    assert "Đừng quét mã QR trên phiếu dự thi" in sheet


def test_a_blank_laptop_is_led_to_its_package_first_and_a_server_to_what_comes_home(browser):
    make_account((Role.SYSTEM_ADMIN, None), username="quantri")
    db.session.commit()
    browser.sign_in("quantri")
    assert 'href="/desk/packages"' in browser.get("/desk").get_data(as_text=True)
    load, receive = "Nạp gói đề vào máy này</h2>", "Nhận kết quả từ hội trường</h2>"
    blank = browser.get("/desk/packages").get_data(as_text=True)
    assert blank.index(load) < blank.index(receive)
    unit = make_unit("Cò Nòi")
    make_round(make_stage(make_contest(unit)), unit)
    db.session.commit()
    server = browser.get("/desk/packages").get_data(as_text=True)
    assert server.index(receive) < server.index(load)


def test_the_laptop_does_not_say_whose_contestants_stayed_on_the_server(browser, package):
    browser.sign_in("chu")
    page = f"/desk/packages/{package.id}"
    assert "Tất cả thí sinh của vòng" in browser.get(page).get_data(as_text=True)
    package.is_loaded = True  # as it stands on the laptop, which knows of nobody else
    db.session.commit()
    assert "Tất cả thí sinh của vòng" not in browser.get(page).get_data(as_text=True)


def test_on_the_laptop_every_page_of_the_day_leads_to_the_file_that_is_carried_back(browser, package):
    way = f'href="/desk/packages/{package.id}"'
    pages = ("/desk/halls", "/desk/packages", f"/desk/rounds/{package.round_id}")
    browser.sign_in("chu")
    assert not any(way in browser.get(page).get_data(as_text=True) for page in pages), "the server made it"
    package.is_loaded = True  # as it stands on the laptop
    db.session.commit()
    for page in pages:
        assert way in browser.get(page).get_data(as_text=True), page
    commune = Browser(browser.client.application).sign_in("xa")
    for page in pages:  # who may not collect is told of it and led nowhere
        assert way not in commune.get(page).get_data(as_text=True), page
    assert "mang từ máy chủ đến" in commune.get(pages[2]).get_data(as_text=True)


def test_after_the_end_the_laptop_s_desk_and_ranking_lead_home_and_the_server_s_do_not(browser, package):
    package.round.opens_at, package.round.closes_at = clock.now() - 3 * HOUR, clock.now() - HOUR
    db.session.commit()
    browser.sign_in("chu")
    ranking = f"/desk/rounds/{package.round_id}/ranking"
    home = "kết quả công bố trên máy chủ, sau khi tệp kết quả được mang về"
    assert "Xem xếp hạng" in browser.get("/desk").get_data(as_text=True)
    assert home not in browser.get(ranking).get_data(as_text=True)
    package.is_loaded = True
    db.session.commit()
    assert "Lấy tệp kết quả mang về" in browser.get("/desk").get_data(as_text=True)
    assert home in browser.get(ranking).get_data(as_text=True)


def test_before_the_hour_the_laptop_leads_to_its_hall_first_and_then_to_its_file(browser, package):
    package.is_loaded = True
    db.session.commit()
    browser.sign_in("chu")
    first = re.compile(r'class="button"[^>]*>([^<]+)<')
    opened = first.findall(browser.get(f"/desk/packages/{package.id}").get_data(as_text=True))
    package.round.opens_at = clock.now() + HOUR
    package.round.closes_at = clock.now() + 3 * HOUR
    db.session.commit()
    before = first.findall(browser.get(f"/desk/packages/{package.id}").get_data(as_text=True))
    assert (before, opened) == (["Hội trường"], ["Lấy tệp kết quả"])


def test_a_card_made_on_the_laptop_says_that_it_is_good_there_only(browser, package):
    entry, only_here = db.session.scalars(select(Entry)).one(), "phiếu cấp ở đây chỉ dùng trên máy này"
    page, every = f"/desk/entries/{entry.id}/card", f"/desk/rounds/{package.round_id}/cards/again"
    browser.sign_in("chu")
    assert not any(only_here in browser.get(one).get_data(as_text=True) for one in (page, every))
    package.is_loaded = True  # as it stands on the laptop
    db.session.commit()
    assert all(only_here in browser.get(one).get_data(as_text=True) for one in (page, every))
    db.session.rollback()
    assert only_here in browser.post(page).get_data(as_text=True), "beside the new card"


def test_after_the_end_the_server_no_longer_offers_the_package_but_what_comes_back(browser, package):
    browser.sign_in("chu")
    page = f"/desk/packages/{package.id}"
    primary = re.compile(r'class="button"[^>]*>([^<]+)<')
    running = browser.get(page).get_data(as_text=True)
    assert primary.findall(running) == ["Tải gói đề"] and package.phrase in running
    package.round.closes_at = clock.now() - 1
    db.session.commit()
    over = browser.get(page).get_data(as_text=True)
    assert primary.findall(over) == ["Nhận kết quả từ hội trường"]
    assert "Tải gói đề" not in over and package.phrase not in over
    every = browser.get(f"/desk/rounds/{package.round_id}/packages").get_data(as_text=True)
    assert "không mang đề đi được nữa" in every and "Lập gói mới" not in every


def test_the_server_sends_nobody_away_from_the_qr_code(browser, package):
    assert "Phiếu có mã QR?" in browser.get("/card").get_data(as_text=True)


def test_a_package_is_shown_first_and_then_loaded_with_the_same_passphrase(
    browser, package, sqlite_app, sqlite_template, tmp_path
):
    data = files.write_package(packages.contents(package), package.phrase)
    phrase = package.phrase.lower()
    db.session.remove()
    point(sqlite_app, f"sqlite:///{shutil.copy(sqlite_template / 'quiz.db', tmp_path / 'laptop.db')}")
    make_account((Role.SYSTEM_ADMIN, None), username="quantri")
    db.session.commit()
    browser.sign_in("quantri")
    wrong = browser.post("/desk/packages/load", sent_file("package", data) | {"phrase": "AAAA"})
    assert "Hãy chọn lại tệp và nhập lại mật khẩu" in wrong.get_data(as_text=True)
    shown = browser.post("/desk/packages/load", sent_file("package", data) | {"phrase": phrase})
    assert "Xem trước gói đề" in shown.get_data(as_text=True)
    assert db.session.scalars(select(Package)).all() == []
    kept = db.session.scalars(select(Upload)).one()
    done = browser.post(f"/desk/packages/load/{kept.id}", {"phrase": phrase})
    assert "Lấy tệp kết quả" in browser.get(done.location).get_data(as_text=True)
    sitting = browser.post(f"{done.location}/collect")
    assert files.package_named(sitting.data) == db.session.scalars(select(Package)).one().uuid


# --- the stage ----------------------------------------------------------------------------------------------------


@pytest.fixture
def stage_day(sqlite_app) -> Package:
    """A package of a round before three judges; "quantri" administers the machine."""
    made = make_stage_day()
    make_account((Role.SYSTEM_ADMIN, None), username="quantri")
    db.session.commit()
    return made


def test_on_the_laptop_everybody_gets_a_first_password_once_and_signs_in_over_plain_http(
    browser, stage_day, sqlite_app, sqlite_template, tmp_path, monkeypatch
):
    monkeypatch.setattr("quiz.lan.addresses", lambda: ["192.168.43.1"])
    sent = packages.contents(stage_day)
    db.session.remove()
    point(sqlite_app, f"sqlite:///{shutil.copy(sqlite_template / 'quiz.db', tmp_path / 'laptop.db')}")
    make_account((Role.SYSTEM_ADMIN, None), username="quantri")
    package_id = package_loading.load(sent, SYSTEM, clock.now()).id
    db.session.commit()
    browser.sign_in("quantri")
    assert "chưa tự đặt" in browser.get(f"/desk/packages/{package_id}/staff").get_data(as_text=True)
    answer = browser.post(f"/desk/packages/{package_id}/staff", base_url="http://localhost:8000")
    slips = answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store" and "http://192.168.43.1:8000/sign-in" in slips
    word = re.search(r"<dd>judge-2</dd>.*?<dd>([a-z0-9-]+)</dd>", slips, re.DOTALL).group(1)
    assert word not in browser.get(f"/desk/packages/{package_id}/staff").get_data(as_text=True)
    judge = Browser(sqlite_app)
    signed_in = judge.post("/sign-in", {"username": "judge-2", "password": word})
    assert signed_in.status_code == 302
    assert "Secure" not in "".join(signed_in.headers.getlist("Set-Cookie"))
    assert judge.get("/judging").location.endswith("/password"), "the own password comes first"


def test_the_server_shows_what_a_stage_package_is_and_gives_nobody_passwords(browser, stage_day):
    browser.sign_in("quantri")
    assert "Mật khẩu của giám khảo không đi theo" in browser.get(
        f"/desk/rounds/{stage_day.round_id}/packages"
    ).get_data(as_text=True)
    page = browser.get(f"/desk/packages/{stage_day.id}").get_data(as_text=True)
    assert "đừng bắt đầu ở đây" in page and "có đáp án" not in page
    assert "đã được mang" in browser.get(f"/desk/rounds/{stage_day.round_id}/stage").get_data(as_text=True)
    browser.post(f"/desk/packages/{stage_day.id}/staff")
    assert all(account.password_hash for account in db.session.scalars(select(Account)))


def test_the_report_of_a_stage_day_lists_what_was_refused(
    browser, stage_day, sqlite_app, sqlite_template, tmp_path
):
    sent, server = packages.contents(stage_day), db.engine
    db.session.remove()
    shutil.copy(sqlite_template / "quiz.db", tmp_path / "laptop.db")
    point(sqlite_app, f"sqlite:///{tmp_path / 'laptop.db'}")
    loaded = package_loading.load(sent, SYSTEM, clock.now())
    day = Day()
    day.draw()
    day.everybody()
    data = files.write_sitting(sittings.collect(loaded, SYSTEM, clock.now()), loaded.secret)
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    db._app_engines[sqlite_app][None] = server
    gone = db.session.scalars(select(Entry).join(Entry.person).where(Person.code == "N1")).one()
    entries.withdraw(gone, "chuyển công tác", SYSTEM, NOW)
    db.session.commit()
    browser.sign_in("quantri")
    shown = browser.post("/desk/packages/receive", sent_file("sitting", data))
    before = browser.get(shown.location).get_data(as_text=True)
    after = browser.get(browser.post(shown.location).location).get_data(as_text=True)
    for page in (before, after):
        assert "Lò 1" in page and "đã được rút tên" in page and "giống hệt ở hội trường" in page
    assert db.session.query(ScoreSheet).count() == 6
