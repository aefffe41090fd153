"""The archive of one contest: what it holds, and having it made."""

from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission
from quiz.files import archives as files
from quiz.services import archives, snapshots
from quiz.services.audit import Actor
from quiz.settings import VERSION
from quiz.web import access
from quiz.web.job_kinds import Made, Work, kind, writing
from quiz.web.jobs import hand_over

blueprint = Blueprint("archives", __name__, url_prefix="/desk")
EDIT = Permission.CONTEST_EDIT


@blueprint.get("/contests/<int:contest_id>/archive")
@access.requires(EDIT)
def show(contest_id: int) -> Any:
    """What goes along, where it can be restored, and the button that makes it."""
    contest = access.contest_for(EDIT, contest_id)
    return render_template("archives/show.html", contest=contest, refusal=_refusal(contest))


def _refusal(contest: Any) -> RuleBroken | None:
    try:
        archives.check_is_over(contest, clock.now())
    except RuleBroken as refused:
        return refused
    return None


@blueprint.post("/contests/<int:contest_id>/archive")
@access.requires(EDIT)
def make(contest_id: int) -> Any:
    """Have the archive made."""
    contest = access.contest_for(EDIT, contest_id)
    archives.check_is_over(contest, clock.now())
    title = _("Lưu trữ cuộc thi “%(title)s”", title=contest.title)
    return hand_over(
        "archive", f"archive:{contest_id}", title, {"contest_id": contest_id}, EDIT, contest.unit
    )


@kind("archive")
def _make(work: Work) -> Made:
    contest = archives.with_id(int(work.params["contest_id"]))
    archives.check_is_over(contest, clock.now())
    contest_id, code = contest.id, contest.code
    checks, pages = archives.editions_of(contest), list(archives.pages_of(contest))
    folder = Path(current_app.config["SETTINGS"].data_dir) / "jobs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"archive-{token_hex(16)}.zip"
    with snapshots.moment() as connection:
        extent = archives.Extent(connection, contest_id)
        total = extent.count()
        head = archives.head(connection, contest, VERSION, clock.now())
        pages.append(("README.txt", _readme(contest.title)))
        told = lambda rows: work.report(min(rows, total), total)  # noqa: E731
        manifest = files.write(path, head, extent.tables(), pages, checks, told)
    digest = files.sha256_of(path)
    with writing():
        contest = archives.with_id(contest_id)
        archives.record_made(contest, Actor(work.account_id), digest, manifest, clock.now())
    return Made(path, f"luu-tru-{code}.zip", "application/zip")


def _readme(title: str) -> bytes:
    lines = [
        title,
        "",
        _("Tệp này giữ trọn một cuộc thi: quy định, câu hỏi đã dùng, danh sách, đề, bài làm, điểm, nhật ký."),
        _("Phục hồi: ở phần mềm cùng phiên bản, vào trang Sao lưu và phục hồi, tải tệp lên, chọn Phục hồi."),
        _("Thư mục editions có nguyên văn từng lần công bố; mã SHA-256 của mỗi tệp đúng bằng mã đã in."),
        _("Thư mục tables có mọi bảng dữ liệu, mỗi dòng một bản ghi, đọc được bằng trình soạn thảo văn bản."),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
