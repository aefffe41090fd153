"""Pages that carry a round to a hall without a line and take back what was done there.

The same pages serve both machines: the server makes packages and receives, the laptop loads and collects.
"""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.panel_checks import warnings as stage_warnings
from quiz.core.permissions import Permission, Role
from quiz.extensions import db
from quiz.files import packages as files
from quiz.files import sealing
from quiz.services import (
    package_loading,
    packages,
    panel_checks,
    sitting_imports,
    sittings,
    stage_packing,
    uploads,
)
from quiz.services.accounts import active_grants
from quiz.services.contests import rules_of
from quiz.web import access, belongings, venues
from quiz.web.addresses import leads_nowhere, outside, qr_of
from quiz.web.formatting import message_text
from quiz.web.forms.packages import LoadForm, MakeForm, SittingForm
from quiz.web.forms.rounds import ConfirmForm
from quiz.web.labels import LABELS
from quiz.web.refusals import shown_on
from quiz.web.sitting_reports import named, stage_of

blueprint = Blueprint("packages", __name__, url_prefix="/desk")
RUN = Permission.ROUND_RUN
PURPOSE = "packages"
ONLY_ADMIN = N_("Chỉ quản trị viên của cả máy này mới nạp được gói đề. Hãy đăng nhập bằng tài khoản ấy.")


@blueprint.get("/packages")
@access.requires(RUN)
def home() -> Any:
    """Both ways on one page: take a sitting back, or load a package on a laptop."""
    return _home(LoadForm(), SittingForm())


def _home(load_form: LoadForm, sitting_form: SittingForm) -> str:
    return render_template(
        "packages/home.html", load_form=load_form, sitting_form=sitting_form, may_load=_rules_this_machine(),
        is_blank=packages.is_blank_machine(), brought=packages.brought(access.signed_in().paths_for(RUN)),
    )  # fmt: skip


def _rules_this_machine() -> bool:
    return "" in access.signed_in().paths_for(RUN)


# --- down: the server makes a package -----------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/packages", methods=["GET", "POST"])
@access.requires(RUN)
def index(round_id: int) -> Any:
    """The packages of a round, and making another."""
    found = access.round_of_board(RUN, round_id)
    form = MakeForm(
        [(scope.unit_id, scope.unit.title) for scope in found.scopes], _("Tất cả thí sinh của vòng")
    )
    if form.validate_on_submit():
        with shown_on(form):
            unit = access.unit_for(RUN, form.unit.data) if form.unit.data else None
            made = packages.make(found, unit, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã lập gói đề. Hãy tải gói về và ghi lại mật khẩu."), "success")
            return redirect(url_for("packages.show", package_id=made.id))
    stage = panel_checks.readiness_of(found)
    return render_template(
        "packages/index.html", round=found, form=form, packages=packages.of_round(found),
        has_online=rules_of(found).has_online, has_stage=stage is not None,
        warnings=[one for one in stage_warnings(stage) if one.field != "stage"] if stage else [],
    )  # fmt: skip


@blueprint.get("/packages/<int:package_id>")
@access.requires(RUN)
def show(package_id: int) -> Any:
    """One package: its passphrase and file on the server, collecting on the laptop, and what came back."""
    package = venues.package_for(RUN, package_id)
    people = packages.count_people(package)
    return render_template(
        "packages/show.html", package=package, round=package.round, people=people, form=ConfirmForm(),
        carries_paper=rules_of(package.round).has_online, carries_keys=packages.carries_keys(package),
    )  # fmt: skip


@blueprint.post("/packages/<int:package_id>/download")
@access.requires(RUN)
def download(package_id: int) -> Any:
    """The sealed file of a package as things stand now; the record says who took it."""
    package = venues.package_for(RUN, package_id)
    contents = packages.hand_out(package, access.signed_in().actor, clock.now())
    db.session.commit()
    return _file(files.write_package(contents, package.phrase), f"goi-de-{package.uuid[:8]}.htbt")


@blueprint.post("/packages/<int:package_id>/collect")
@access.requires(RUN)
def collect(package_id: int) -> Any:
    """The sealed file of what was done in the hall, on its laptop."""
    package, now = venues.package_for(RUN, package_id), clock.now()
    sitting = sittings.collect(package, access.signed_in().actor, now)
    db.session.commit()
    name = f"ket-qua-{package.uuid[:8]}-{clock.local(now):%Y-%m-%d-%H%M}.htbt"
    return _file(files.write_sitting(sitting, package.secret), name)


def _file(data: bytes, name: str) -> Any:
    answer = send_file(BytesIO(data), "application/octet-stream", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


# --- the laptop loads it ------------------------------------------------------------------------------------------


@blueprint.post("/packages/load")
@access.requires(RUN)
def load() -> Any:
    """What a package would bring to this machine; nothing is loaded yet."""
    form = LoadForm()
    if form.validate_on_submit():
        with shown_on(form):
            _check_rules_this_machine()
            data, account = form.package.data.read(sealing.LARGEST + 1), belongings.own_account()
            loading = package_loading.plan(files.read_package(data, form.phrase.data))
            name = form.package.data.filename or ""
            kept = uploads.keep(account.id, PURPOSE, name, data, clock.now())
            db.session.commit()
            return render_template(
                "packages/loading.html",
                loading=loading,
                upload=kept,
                phrase=form.phrase.data,
                now=clock.now(),
            )
    return _home(form, SittingForm(formdata=None)), 409


@blueprint.post("/packages/load/<int:upload_id>")
@access.requires(RUN)
def confirm_load(upload_id: int) -> Any:
    """Load a package, whole or not at all."""
    who = access.signed_in()
    try:
        _check_rules_this_machine()
        upload = uploads.claim(upload_id, who.account_id, PURPOSE, "")
        package = files.read_package(upload.data, request.form.get("phrase", "")[:60])
        loaded = package_loading.load(package, who.actor, clock.now())
    except RuleBroken as refusal:
        return _say(refusal)
    uploads.finish(upload)
    db.session.commit()
    flash(_("Đã nạp gói đề. Hãy làm tiếp các việc ghi ở trang này."), "success")
    return redirect(url_for("packages.show", package_id=loaded.id))


def _check_rules_this_machine() -> None:
    if not _rules_this_machine():
        raise RuleBroken(ONLY_ADMIN)


def _say(refusal: RuleBroken, page: str = "") -> Any:
    db.session.rollback()
    kind = "info" if isinstance(refusal, AlreadyDone) else "error"
    flash(message_text(refusal.message, refusal.values), kind)
    return redirect(page or url_for("packages.home"))


# --- who works on the stage there ---------------------------------------------------------------------------------


@blueprint.get("/packages/<int:package_id>/staff")
@access.requires(RUN)
def staff(package_id: int) -> Any:
    """Who judges, keys, checks and signs on this laptop, and who of them can sign in."""
    package = venues.package_for(RUN, package_id)
    people = stage_packing.staff_of(package) if package.is_loaded and package.with_stage else []
    return render_template(
        "packages/staff.html", package=package, round=package.round, people=people, roles=_roles(people),
        waiting=[one for one in people if one.must_change_password],
    )  # fmt: skip


@blueprint.post("/packages/<int:package_id>/staff")
@access.requires(RUN)
def passwords(package_id: int) -> Any:
    """Give first passwords and show them this once, as slips to be cut."""
    package = venues.package_for(RUN, package_id)
    try:
        _check_rules_this_machine()
        given = stage_packing.give_passwords(package, access.signed_in(), clock.now())
    except RuleBroken as refusal:
        return _say(refusal, url_for("packages.staff", package_id=package_id))
    db.session.commit()
    address = outside("auth.sign_in")
    page = render_template(
        "packages/slips.html", package=package, round=package.round, given=given, address=address,
        roles=_roles([account for account, _password in given]), is_cut_off=leads_nowhere(address), qr=qr_of(address),
    )  # fmt: skip
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _roles(people: Iterable[Any]) -> dict[int, str]:
    """Return what each does on the stage, in words."""
    return {
        one.id: ", ".join(
            str(LABELS[Role][role]) for role in sorted({grant.role for grant in active_grants(one)})
        )
        for one in people
    }


# --- back: the server takes a sitting in --------------------------------------------------------------------------


@blueprint.post("/packages/receive")
@access.requires(RUN)
def receive() -> Any:
    """Keep a file that came back, to be looked at before it is taken in."""
    form = SittingForm()
    if form.validate_on_submit():
        with shown_on(form):
            data, account = form.sitting.data.read(sealing.LARGEST + 1), belongings.own_account()
            _read(data)
            kept = uploads.keep(account.id, PURPOSE, form.sitting.data.filename or "", data, clock.now())
            db.session.commit()
            return redirect(url_for("packages.preview", upload_id=kept.id))
    return _home(LoadForm(formdata=None), form), 409


def _read(data: bytes) -> tuple[Any, Any, str]:
    """Return package, sitting and digest of a returned file; raise RuleBroken when it is not of a package here."""
    package = venues.package_named(RUN, files.package_named(data))
    return package, files.read_sitting(data, package.secret), hashlib.sha256(data).hexdigest()


@blueprint.get("/packages/receive/<int:upload_id>")
@access.requires(RUN)
def preview(upload_id: int) -> Any:
    """What a returned file would do."""
    upload = belongings.own_upload(PURPOSE, upload_id, url_for("packages.home"))
    try:
        package, sitting, digest = _read(upload.data)
        report = sitting_imports.foreseen(sitting_imports.plan(package, sitting, digest), sitting)
    except RuleBroken as refusal:
        return _say(refusal)
    return render_template(
        "packages/preview.html", upload=upload, package=package, round=package.round, sitting=sitting,
        report=report, refused=named(report["refused"]), stage=stage_of(report),
    )  # fmt: skip


@blueprint.post("/packages/receive/<int:upload_id>")
@access.requires(RUN)
def confirm(upload_id: int) -> Any:
    """Take a returned file in, once, whole or not at all."""
    who = access.signed_in()
    try:
        upload = uploads.claim(upload_id, who.account_id, PURPOSE, "")
        package, sitting, digest = _read(upload.data)
        done = sitting_imports.take_in(package, sitting, digest, upload.filename, who.actor, clock.now())
    except RuleBroken as refusal:
        return _say(refusal)
    uploads.finish(upload)
    db.session.commit()
    flash(_("Đã nhập kết quả từ hội trường."), "success")
    return redirect(url_for("packages.report", import_id=done.id))


@blueprint.get("/packages/imports/<int:import_id>")
@access.requires(RUN)
def report(import_id: int) -> Any:
    """What became of every attempt of a file that was taken in."""
    done = venues.import_for(RUN, import_id)
    return render_template(
        "packages/report.html", done=done, package=done.package, round=done.package.round, report=done.report,
        refused=named(done.report["refused"]), differences=named(done.report["differences"]),
        stage=stage_of(done.report),
    )  # fmt: skip
