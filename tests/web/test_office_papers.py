"""The papers of a round and of a stage in a browser: what there is, for whom, who signs; long ones as jobs."""

import os
import signal
import time
import unicodedata
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import insert

from quiz import clock
from quiz.core.essays import EssayRule
from quiz.core.names import person_sort_key, search_key
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.people import Position, Sex
from quiz.core.permissions import Role
from quiz.core.prizes import Kind
from quiz.core.rules import Rules, to_dict
from quiz.extensions import db
from quiz.files.paperwork import phrases
from quiz.models import Attempt, Entry, Job, Person
from quiz.services import jobs, results
from quiz.services.audit import Actor
from quiz.services.jobs import JobState, state_of
from quiz.web import job_worker, paper_making
from quiz.web.prize_labels import PRIZE_LABELS
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    NOW,
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
from tests.web.test_stage import PART, There

WORD, PDF, SHEET = "docx", "pdf", "xlsx"


@pytest.fixture
def contest_round(sqlite_app):
    """A round with five contestants, four of whom sat, and a published ranking; accounts of three roles."""
    commune = make_unit("Cò Nòi", make_unit("Mai Sơn", type_label="huyện"))
    found = make_round(make_stage(make_contest(commune)), commune, opened_at=NOW - HOUR, name="Vòng xã")
    for number in range(5):
        name = "=cmd|' /C calc'!A0" if number == 4 else f"Lò Văn {number}"
        entry = make_entry(found, make_person(make_cell(commune, f"Bản {number}"), name))
        if number:
            make_attempt(entry, raw_score=100 * number)
    results.publish(found, results.PROVISIONAL, "", Actor(make_account().id), NOW + 3 * HOUR)
    for role, username in (
        (Role.ORGANIZER, "btc"),
        (Role.PROCTOR, "giamthi"),
        (Role.OBSERVER, "theodoi"),
        (Role.JUDGE, "giamkhao"),
    ):
        make_account((role, commune), username=username)
    db.session.commit()
    return found


def page(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_an_organizer_gets_every_paper_that_can_be_made(browser, contest_round):
    browser.sign_in("btc")
    base = f"/desk/rounds/{contest_round.id}/office"
    shown = page(browser, base)
    assert (
        "Chưa chốt danh sách giải." in shown and "Chưa có bài giấy nào, hoặc vòng thi chưa kết thúc." in shown
    )
    papers = "contestants attendance participation ranking minutes decision participants report"
    for paper in papers.split():
        assert f"{base}/{paper}.docx" in shown
        answer = browser.get(f"{base}/{paper}.docx")
        assert answer.status_code == 200 and Document(BytesIO(answer.data)).sections
        assert len(PdfReader(BytesIO(browser.get(f"{base}/{paper}.pdf").data)).pages) >= 1


def test_figures_of_the_files_are_those_of_the_round(browser, contest_round):
    browser.sign_in("btc")
    base = f"/desk/rounds/{contest_round.id}/office"
    report = " ".join(p.text for p in Document(BytesIO(browser.get(f"{base}/report.docx").data)).paragraphs)
    assert "4/5\u00a0(80,0\u00a0%)" in report and "Điểm cao nhất 4,00" in report
    book = load_workbook(BytesIO(browser.get(f"{base}/ranking.xlsx").data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    assert [row[3] for row in rows if isinstance(row[0], int)] == [4, 3, 2, 1]
    cells = [cell for row in book.iter_rows() for cell in row]
    assert "=cmd|' /C calc'!A0" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_same_file_twice_is_the_same_bytes(browser, contest_round):
    browser.sign_in("btc")
    for name in ("report.docx", "report.pdf", "ranking.xlsx"):
        url = f"/desk/rounds/{contest_round.id}/office/{name}"
        first = browser.get(url)
        time.sleep(0.01)
        assert first.data == browser.get(url).data
        assert first.headers["Content-Disposition"].endswith(f'.{name.split(".")[1]}"')
        assert "no-store" in first.headers["Cache-Control"]


def test_a_proctor_gets_lists_and_neither_results_nor_the_signers_form(browser, contest_round):
    browser.sign_in("giamthi")
    base = f"/desk/rounds/{contest_round.id}/office"
    shown = page(browser, base)
    assert "Bảng điểm danh ký tên" in shown and "Báo cáo kết quả" not in shown and "letterhead" not in shown
    assert browser.get(f"{base}/attendance.pdf").status_code == 200
    for name in ("report.docx", "ranking.pdf", "keys.pdf", "minutes.docx"):
        assert browser.get(f"{base}/{name}").status_code == 404
        assert browser.post(f"{base}/{name}").status_code == 404
    assert browser.get(f"{base}/letterhead").status_code == 403
    assert browser.post(f"{base}/all").status_code == 403


def test_who_may_not_see_peoples_particulars_gets_no_papers(browser, contest_round):
    browser.sign_in("theodoi")
    assert browser.get(f"/desk/rounds/{contest_round.id}/office").status_code == 403
    assert browser.get(f"/desk/rounds/{contest_round.id}/office/report.docx").status_code == 403


@pytest.mark.parametrize("name", ["report.xlsx", "report.exe", "unknown.pdf", "summary.pdf", "keys.pdf"])
def test_what_there_is_not_is_not_found_or_said(browser, contest_round, name):
    browser.sign_in("btc")
    answer = browser.get(f"/desk/rounds/{contest_round.id}/office/{name}")
    assert answer.status_code == (409 if name == "keys.pdf" else 404)


def test_who_signs_is_written_once_and_stands_on_the_papers(browser, contest_round):
    browser.sign_in("btc")
    base = f"/desk/rounds/{contest_round.id}/office"
    form = {
        "above": "Đảng bộ huyện Mai Sơn", "body": "Đảng ủy xã Cò Nòi", "place": "Cò Nòi", "code": "ĐU",
        "on_behalf": "T/M Ban Thường vụ", "position": "Bí thư", "signer": "Hà Văn Mẫu", "secretary": "Cầm Thị Thư",
        "superior": "Ban Tổ chức Tỉnh ủy", "recipients": "- Như trên\r\n\r\n Lưu Văn phòng ",
        "report_number": "12", "report_day": "2023-02-28",
    }  # fmt: skip
    assert browser.post(f"{base}/letterhead", form).status_code == 302
    assert "Hà Văn Mẫu" in page(browser, base)
    document = Document(BytesIO(browser.get(f"{base}/report.docx").data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join(cells)
    for words in ("Số 12-BC/ĐU", "Cò Nòi, ngày 28 tháng 02 năm 2023", "T/M BAN THƯỜNG VỤ", "- Lưu Văn phòng"):
        assert words in text
    assert "Số         -QĐ/ĐU" in "\n".join(
        cell.text
        for table in Document(BytesIO(browser.get(f"{base}/decision.docx").data)).tables
        for row in table.rows
        for cell in row.cells
    )
    again = page(browser, f"{base}/letterhead")
    assert "Như trên\nLưu Văn phòng" in again.replace("\r", "") and 'value="2023-02-28"' in again


def test_a_form_that_lacks_the_issuing_body_is_shown_again(browser, contest_round):
    browser.sign_in("btc")
    answer = browser.post(f"/desk/rounds/{contest_round.id}/office/letterhead", {"above": "x", "body": ""})
    assert answer.status_code == 200 and "Chưa điền mục này" in answer.get_data(as_text=True)


def test_the_papers_of_a_stage_are_those_of_its_rounds(browser, contest_round):
    browser.sign_in("btc")
    base = f"/desk/stages/{contest_round.stage_id}/office"
    shown = page(browser, base)
    assert "Bảng tổng hợp kết quả" in shown and "Biên bản hội thi" not in shown
    assert browser.get(f"{base}/summary.xlsx").status_code == 200
    assert browser.get(f"{base}/minutes.docx").status_code == 404


def run_job(app):
    db.session.remove()  # the page before has let go of the database
    job_id, worker = job_worker.take_up(app)
    done = job_worker.run(app, job_id, worker)
    db.session.remove()
    return done, db.session.get(Job, job_id)


def file_of(browser, location):
    """Return the file a finished job left."""
    with browser.get(f"{location}/file") as answer:
        return answer.data


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Vòng thi xã Cò Nòi", "07 Vòng thi xã Cò Nòi"),
        (unicodedata.normalize("NFD", "Xã Nà Ớt"), "07 Xã Nà Ớt"),
        ("../Cụm 1/2\\3: “A”?*|<b>\n\t.", "07 Cụm 1 2 3 “A” b"),
        (
            "Khối các cơ quan Đảng và đoàn thể chính trị - xã hội tỉnh Sơn La",
            "07 Khối các cơ quan Đảng và đoàn thể chính trị - xã",
        ),
        ("A" * 90, "07 " + "A" * 50),
        ("/", "07"),
    ],
)
def test_the_folder_of_a_round_bears_its_name_as_every_system_can_keep_it(name, folder):
    assert paper_making.folder_of(7, name) == f"{folder}/"


@pytest.mark.long
def test_all_papers_at_once_are_a_job_whose_archive_is_the_same_each_time(sqlite_app, browser, contest_round):
    browser.sign_in("btc")
    contents, contest_round_name = [], contest_round.name
    url = f"/desk/stages/{contest_round.stage_id}/office/all"
    for _ in range(2):
        answer = browser.post(url)
        again = browser.post(url)
        assert answer.location == again.location, "a second click finds the first"
        db.session.remove()
        done, job = run_job(sqlite_app)
        assert done and job.done == job.total > 30
        contents.append(file_of(browser, answer.location))
    with ZipFile(BytesIO(contents[0])) as archive:
        names = archive.namelist()
    assert {"bao-cao-ket-qua.docx", "bang-tong-hop-ket-qua.xlsx"} <= set(names)
    folder = f"01 {contest_round_name}"
    assert f"{folder}/bien-ban-hoi-thi.pdf" in names
    assert len(names) == len(set(names)) and contents[0] == contents[1]


@pytest.mark.parametrize("paper", ["participants.pdf", "participation.pdf", "minutes.pdf", "report.pdf"])
def test_the_file_of_a_job_is_for_nobody_whom_the_page_of_papers_refuses(
    sqlite_app, browser, contest_round, paper
):
    base = f"/desk/rounds/{contest_round.id}/office"
    location = browser.sign_in("btc").post(f"{base}/{paper}").location
    assert browser.get(location).status_code == 200
    for username in ("theodoi", "giamkhao"):
        other = Browser(sqlite_app).sign_in(username)
        assert other.get(base).status_code in (403, 404)
        assert other.get(location).status_code == 404, username
        assert location not in page(other, "/desk/jobs")


def crowd(contest_round, count):
    """Enter so many people who all handed in a paper."""
    cell = make_cell(contest_round.unit, "Bản đông")
    first = db.session.query(db.func.max(Person.id)).scalar() + 1
    attempt = db.session.query(db.func.max(Attempt.id)).scalar() + 1
    entry = db.session.query(db.func.max(Entry.id)).scalar() + 1
    names = [f"Quàng Thị {number}" for number in range(count)]
    db.session.execute(insert(Person), [
        {"id": first + n, "code": f"X{n}", "full_name": name, "unit_id": cell.id, "position": Position.SECRETARY,
         "sex": Sex.FEMALE, "search_key": search_key(name), "sort_key": person_sort_key(name)}
        for n, name in enumerate(names)
    ])  # fmt: skip
    db.session.execute(insert(Entry), [
        {"id": entry + n, "round_id": contest_round.id, "person_id": first + n, "unit_id": cell.id,
         "scope_id": contest_round.unit_id, "created_at": NOW}
        for n in range(count)
    ])  # fmt: skip
    db.session.execute(insert(Attempt), [
        {"id": attempt + n, "entry_id": entry + n, "round_id": contest_round.id, "person_id": first + n, "seed": "s",
         "paper": "[]", "started_at": NOW, "deadline": NOW + HOUR, "grace_seconds": 5, "submitted_at": NOW + 1,
         "ended_by": "candidate", "receipt_code": f"Z{n}", "raw_score": 100, "max_score": 500}
        for n in range(count)
    ])  # fmt: skip
    db.session.commit()


@pytest.mark.long
def test_a_thousand_certificates_come_from_a_job_one_a_page(sqlite_app, browser, contest_round):
    crowd(contest_round, 996)
    browser.sign_in("btc")
    base = f"/desk/rounds/{contest_round.id}/office"
    assert browser.get(f"{base}/participants.pdf").status_code == 302, "too long to wait for"
    assert "Danh sách dài" in page(browser, base)
    location = browser.post(f"{base}/participants.pdf").location
    db.session.remove()
    done, job = run_job(sqlite_app)
    assert done and state_of(job) is JobState.DONE
    pages = PdfReader(BytesIO(file_of(browser, location))).pages
    assert len(pages) == 1_000
    assert "Vào sổ số: 1000" in pages[-1].extract_text()


@pytest.mark.long
def test_a_job_whose_process_is_killed_in_the_middle_is_taken_up_again(sqlite_app, browser, contest_round):
    crowd(contest_round, 600)
    browser.sign_in("btc")
    location = browser.post(f"/desk/rounds/{contest_round.id}/office/participants.docx").location
    db.session.remove()
    job_id, worker = job_worker.take_up(sqlite_app)
    process = job_worker.start_process(sqlite_app, job_id, worker)
    try:
        until = time.monotonic() + 300
        while progress(job_id).total == 0:
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.05)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert state_of(progress(job_id)) is JobState.RUNNING, "nobody knows yet"
    hold_until(job_id, clock.now() + jobs.LEASE)  # as after a word just now, however long the start took
    assert job_worker.take_up(sqlite_app) is None
    hold_until(job_id, clock.now() - 1)  # silence
    done, job = run_job(sqlite_app)
    assert done and (job.tries, job.done > 0) == (2, True)
    document = Document(BytesIO(file_of(browser, location)))
    assert sum("Vào sổ số:" in table.rows[0].cells[0].text for table in document.tables) == 604


def hold_until(job_id, instant):
    progress(job_id).leased_until = instant
    db.session.commit()


def progress(job_id):
    """Return the job as it stands now."""
    db.session.rollback()
    return db.session.get(Job, job_id, populate_existing=True)


def test_the_papers_of_the_stage_come_from_its_sheets(sqlite_app):
    there = There(sqlite_app)
    base = f"{there.url}/office"
    assert "Chưa bốc thăm thứ tự thi." in there.get("secretary", base)
    there.seat()
    first, second = there.draw()
    for name in ("order.docx", "blank_sheets.pdf", "listed_sheets.xlsx"):
        assert there.browsers["secretary"].get(f"{base}/{name}").status_code == 200
    refused = there.browsers["secretary"].get(f"{base}/points.pdf")
    assert refused.status_code != 200, "no sheet was compared yet"
    for key in (first, second):
        there.perform(key)
        for judge, content in (("judge1", "11"), ("judge2", "10,5")):
            there.mark(judge, key, content)
        there.post("secretary", f"/desk/performances/{key}/check")
    there.post("head", f"/judging/{first}/sign")
    assert f"{base}/filled_sheets.pdf" in there.get("secretary", base)
    data = there.browsers["secretary"].get(f"{base}/points.pdf").data
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(data)).pages)
    assert "35,50 : 2" in text and "17,75" in text and "Còn 1 lượt thi" in text
    assert there.browsers["secretary"].get(f"{base}/points.pdf").data == data
    assert there.browsers["judge1"].get(f"{base}/filled_sheets.pdf").status_code in (403, 404)


def test_a_round_without_judges_offers_no_sheets(browser, contest_round):
    browser.sign_in("btc")
    base = f"/desk/rounds/{contest_round.id}/office"
    assert "Phiếu chấm" not in page(browser, base)
    assert browser.get(f"{base}/blank_sheets.pdf").status_code == 404


def test_a_round_held_only_on_stage_offers_nothing_of_papers_sat_alone(sqlite_app):
    there = There(sqlite_app)
    office = f"{there.url}/office"
    shown = there.get("organizer", office)
    for of_a_test in ("Đáp án các bài giấy", "Đề thi giấy và phiếu trả lời", "Phiếu dự thi"):
        assert of_a_test not in shown
    assert "Danh sách thí sinh" in shown and "Thể lệ" in shown
    assert there.browsers["organizer"].get(f"{office}/keys.docx").status_code == 404
    asked = replace(PART, essay=EssayRule())
    there.round.stage.rules = to_dict(Rules(parts=(asked,), tie_breaks=()))
    db.session.commit()
    assert "Phiếu dự thi" in there.get("organizer", office)  # who hands in signs in with a card
    test = Part("Trắc nghiệm", PartKind.ONLINE, weight=50)
    rules = Rules((Cell("dang-vien", "", 5),), parts=(test, replace(PART, weight=50)))
    there.round.stage.rules = to_dict(rules)
    db.session.commit()
    shown = there.get("organizer", office)
    for of_a_test in ("Đáp án các bài giấy", "Đề thi giấy và phiếu trả lời", "Phiếu dự thi"):
        assert of_a_test in shown


def test_papers_and_pages_call_the_kinds_of_prizes_by_the_same_words():
    assert PRIZE_LABELS[Kind] == phrases.KINDS
