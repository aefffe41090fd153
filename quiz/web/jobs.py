"""Long work as its owner sees it: what is asked for, how far it is, the file it left; and the command that does it."""

import os
from typing import Any

import click
from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import jobs, roster
from quiz.services.jobs import JobState, state_of
from quiz.web import access, job_worker
from quiz.web.paging import page_number

blueprint = Blueprint("jobs", __name__, cli_group="jobs")
blueprint.cli.help = "Long work that waits or is being done."
REFRESH = 3  # seconds between looks at a job under way
KEPT_DAYS = jobs.KEPT // (24 * 3_600_000)


def hand_over(
    kind: str, key: str, title: str, params: dict[str, Any], permission: Permission, unit: Any
) -> Any:
    """Ask for long work in the name of whoever is signed in, commit, and lead to the page of its progress.

    `params` reach the function registered for `kind` (quiz.web.job_kinds); whoever holds `permission` on `unit`
    (None: everywhere) sees the job and its file too. While a job with this `key` is unfinished it is shown instead.
    """
    who = access.signed_in()
    params = params | {"base": request.host_url, "language": str(get_locale())}
    job, is_new = jobs.ask(kind, key, title, params, permission, unit, who.actor, clock.now())
    db.session.commit()
    if not is_new:
        flash(_("Việc này đã được yêu cầu và đang làm. Không cần bấm lại."), "info")
    return redirect(url_for("jobs.show", job_id=job.id))


@blueprint.get("/desk/jobs")
@access.staff_only
def index() -> Any:
    """The long work this person may see, the newest first."""
    page = jobs.page_of(access.signed_in(), page_number())
    return render_template("jobs/index.html", page=page, state_of=state_of, kept_days=KEPT_DAYS)


@blueprint.get("/desk/jobs/<int:job_id>")
@access.staff_only
def show(job_id: int) -> Any:
    """One job: how far it is, then its file or why there is none. It looks again by itself while it runs."""
    job = access.job_for(job_id)
    state = state_of(job)
    refresh = REFRESH if state in (JobState.WAITING, JobState.RUNNING) else 0
    return render_template(
        "jobs/show.html", job=job, state=state, refresh=refresh, kept_days=KEPT_DAYS, imported=_imported(job),
        passed=clock.now() - job.asked_at,
    )  # fmt: skip


def _imported(job: Any) -> dict[str, Any] | None:
    """Return how many units and people a finished import added and changed; None of other work."""
    if job.kind != "roster" or state_of(job) is not JobState.DONE:
        return None
    event = roster.taken_in(job.params["fingerprint"], job.asked_by_id, job.asked_at)
    return event.detail if event is not None else None


@blueprint.get("/desk/jobs/<int:job_id>/file")
@access.staff_only
def download(job_id: int) -> Any:
    """The file a job left."""
    job = access.job_for(job_id)
    path = job_worker.path_of(current_app._get_current_object(), job.stored_as)  # type: ignore[attr-defined]
    if state_of(job) is not JobState.DONE or not job.stored_as or not path.is_file():
        flash(_("Tệp này không còn được giữ hoặc chưa làm xong. Hãy lập lại nếu cần."), "warning")
        return redirect(url_for("jobs.show", job_id=job.id))
    answer = send_file(path, job.mimetype, as_attachment=True, download_name=job.filename)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.cli.command(
    "run", help="Do one job that a worker of the server has taken up; the server calls this."
)
@click.argument("job_id", type=int)
@click.argument("worker")
def run_job(job_id: int, worker: str) -> None:
    """Do a job politely: whatever else runs on the machine goes first."""
    os.nice(job_worker.POLITE)
    job_worker.run(current_app._get_current_object(), job_id, worker)  # type: ignore[attr-defined]


@blueprint.cli.command("work", help="Do every job that waits, one after the other, and end.")
def work() -> None:
    """For servers that run without the background thread."""
    while job_worker.work_once(current_app._get_current_object()):  # type: ignore[attr-defined]
        pass
