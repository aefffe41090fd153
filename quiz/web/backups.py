"""Backups made, tried out, downloaded, brought in and put back, by somebody who is no technician."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from quiz import clock
from quiz.core.archives import Content
from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission
from quiz.extensions import csrf, db
from quiz.files import archives
from quiz.files import backups as folder
from quiz.services import archive_loading, backups, snapshots
from quiz.services.audit import Actor
from quiz.settings import ROOT, VERSION
from quiz.web import access
from quiz.web.forms.base import Form
from quiz.web.forms.packages import NO_FILE
from quiz.web.job_kinds import Work, kind, writing
from quiz.web.jobs import hand_over

blueprint = Blueprint("backups", __name__, url_prefix="/desk/backups")
KEEP = Permission.SYSTEM_KEEP


class BringForm(Form):
    """A file brought from elsewhere."""

    file = FileField(_l("Tệp sao lưu hoặc lưu trữ (.zip)"), [FileRequired(NO_FILE)])


def _folder() -> Path:
    return folder.folder_in(current_app.config["SETTINGS"].data_dir)


def _path(backup_name: str) -> Path:
    access.everywhere(KEEP)
    path = folder.path_of(_folder(), backup_name)
    return path if path is not None else access.not_found()


@blueprint.get("")
@access.requires(KEEP)
def index() -> Any:
    """The files there are, and the ways to another one."""
    access.everywhere(KEEP)
    return _index(BringForm())


def _index(form: BringForm, status: int = 200) -> Any:
    settings = current_app.config["SETTINGS"]
    page = render_template(
        "backups/index.html", kept=folder.kept(_folder()), form=form, days=settings.backup_days,
        folder=_folder(), untouched=backups.is_untouched(),
    )  # fmt: skip
    return page, status


@blueprint.post("")
@access.requires(KEEP)
def make() -> Any:
    """Have a backup made."""
    access.everywhere(KEEP)
    name = folder.name_for(clock.local(clock.now()))
    return hand_over("backup", "backup", _("Sao lưu toàn bộ dữ liệu"), {"name": name}, KEEP, None)


@kind("backup")
def _make(work: Work) -> None:
    path = _folder() / str(work.params["name"])
    with snapshots.moment() as connection:
        total = backups.count_rows(connection)
        head = backups.head(connection, path.name, VERSION, clock.now())
        tables = backups.everything(connection)
        manifest = archives.write(path, head, tables, told=lambda rows: work.report(rows, total))
    digest = folder.note_sha256(path)
    with writing():
        backups.record_made(Actor(work.account_id), path.name, digest, manifest, clock.now())


@blueprint.post("/file")
@csrf.exempt  # checked below, once a file so large may be read
@access.requires(KEEP)
def bring() -> Any:
    """Take a file in from elsewhere; nothing of it is restored yet."""
    access.everywhere(KEEP)
    request.max_content_length = folder.LARGEST + 1_000_000
    csrf.protect()
    form = BringForm()
    if not form.validate():
        return _index(form, 400)
    name = folder.name_for(clock.local(clock.now())).replace("sao-luu-", "mang-den-")
    path = folder.bring(_folder(), form.file.data.stream, name)
    with archives.opened(path) as archive:
        made_at = archive.manifest.made_at
    backups.record(access.signed_in().actor, "backup.bring", made_at, name, clock.now())
    db.session.commit()
    flash(_("Đã nhận tệp. Chưa có gì được phục hồi."), "success")
    return redirect(url_for("backups.show", backup_name=name))


@blueprint.get("/<backup_name>")
@access.requires(KEEP)
def show(backup_name: str) -> Any:
    """What one file holds, and what can be done with it."""
    path = _path(backup_name)
    one = folder.kept_as(path.parent, path.name)
    return render_template(
        "backups/show.html", one=one, manifest=one.manifest, untouched=backups.is_untouched(),
        same_keys=one.manifest is not None and one.manifest.key_mark == backups.key_mark(),
    )  # fmt: skip


@blueprint.post("/<backup_name>/file")
@access.requires(KEEP)
def download(backup_name: str) -> Any:
    """The file itself: everything about everybody is in it, so who took it is recorded."""
    path = _path(backup_name)
    one = folder.kept_as(path.parent, path.name)
    made_at = one.manifest.made_at if one.manifest else 0
    backups.record(access.signed_in().actor, "backup.take", made_at, path.name, clock.now())
    db.session.commit()
    answer = send_file(path, "application/zip", as_attachment=True, download_name=path.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<backup_name>/trial")
@access.requires(KEEP)
def try_out(backup_name: str) -> Any:
    """Have a file restored somewhere else, to see whether it can be relied on."""
    path = _path(backup_name)
    params, key = {"name": path.name}, f"trial:{path.name}"
    return hand_over(
        "backup_trial", key, _("Kiểm tra bản sao lưu %(name)s", name=path.name), params, KEEP, None
    )


@kind("backup_trial")
def _try_out(work: Work) -> None:
    path = _folder() / str(work.params["name"])
    try:
        manifest = folder.check(path, ROOT, work.report)
    except RuleBroken as refused:
        folder.note_failed(path, refused, clock.now())
        raise
    folder.note_tried(path, clock.now())
    with writing():
        backups.record(Actor(work.account_id), "backup.check", manifest.made_at, path.name, clock.now())


@blueprint.post("/<backup_name>/remove")
@access.requires(KEEP)
def remove(backup_name: str) -> Any:
    """Remove a file for good."""
    path = _path(backup_name)
    one = folder.kept_as(path.parent, path.name)
    made_at = one.manifest.made_at if one.manifest else 0
    backups.record(
        access.signed_in().actor, "backup.remove", made_at, path.name, clock.now(), sha256=one.sha256
    )
    folder.remove(path.parent, path.name)
    db.session.commit()
    flash(_("Đã xóa tệp %(name)s.", name=path.name), "success")
    return redirect(url_for("backups.index"))


@blueprint.post("/<backup_name>/restore")
@access.requires(KEEP)
def restore(backup_name: str) -> Any:
    """Put everything back where nothing is yet, or take one contest in beside what there is."""
    path = _path(backup_name)
    with archives.opened(path) as archive:
        archive.check()
        if archive.manifest.content is Content.EVERYTHING:
            return _restore_everything(archive, path.name)
        return _restore_contest(archive, path.name)


def _restore_everything(archive: archives.Archive, name: str) -> Any:
    backups.restore_untouched(archive.manifest, archive.table, access.signed_in().actor, name, clock.now())
    db.session.commit()
    access.end()
    flash(_("Đã phục hồi toàn bộ dữ liệu. Hãy đăng nhập bằng tài khoản có trong bản sao lưu."), "success")
    return redirect(url_for("auth.sign_in"))


def _restore_contest(archive: archives.Archive, name: str) -> Any:
    found = archive_loading.load(archive.manifest, archive.table, access.signed_in().actor, name, clock.now())
    agreeing = sum(one.agrees is True for one in found)
    db.session.commit()
    flash(
        _("Đã phục hồi “%(title)s”. Chấm và xếp hạng lại từ bài làm gốc: %(agreeing)d lần công bố trùng từng byte.",
          title=archive.manifest.title, agreeing=agreeing), "success",
    )  # fmt: skip
    return redirect(url_for("contests.index"))
