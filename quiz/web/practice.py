"""Practising by topic: a question, whether the answer was right and why, what was missed, and a sheet of it to print.

Contestants' answers are remembered; members of the staff may look at the same pages, and nothing of theirs is kept.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import practice as rules
from quiz.core.items import Kind
from quiz.core.marking import key_on_paper
from quiz.core.practice import NEVER
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.services import practice
from quiz.services.papers import PaperItem
from quiz.web import access

blueprint = Blueprint("practice", __name__, url_prefix="/practice")
MISSED = "missed"  # what stands in place of a topic when only missed items are asked


def _person_id() -> int | None:
    """Return whose answers are remembered; None for the staff."""
    who = access.signed_in()
    return who.person_id if who.is_candidate else None


@blueprint.before_request
def not_beside_a_paper() -> Any:
    """Send whoever has a paper open back to it: practice says reasons and clauses."""
    who = access.principal()
    if who is None or not who.is_candidate or not practice.is_sitting(who.person_id or 0):
        return None
    flash(_("Bạn đang làm bài thi. Ôn tập và làm thử mở lại sau khi bạn nộp bài."), "info")
    return redirect(url_for("attempts.index"))


@blueprint.get("")
@access.anyone_signed_in
def index() -> Any:
    """The topics, how far one has come in each, and what comes again."""
    now = clock.now()
    today, known = day_of(now), practice.standings(_person_id())
    places = practice.askable(now, today)
    waiting = [known[place.item].due_at or 0 for place in places if place.item in known]
    waiting = sorted(due_at for due_at in waiting if due_at)
    return render_template(
        "practice/index.html",
        topics=practice.progress(places, known, now, today),
        due=sum(due_at <= now for due_at in waiting),
        missed=len(waiting),
        next_at=waiting[0] if waiting else None,
        is_kept=_person_id() is not None,
    )


@blueprint.get("/question")
@access.anyone_signed_in
def question() -> Any:
    """The question to answer next, of one topic or of what was missed; `item` asks for a certain one again."""
    now = clock.now()
    today, topic = day_of(now), request.args.get("topic", "")
    places = practice.askable(now, today, "" if topic == MISSED else topic)
    known = practice.standings(_person_id())
    if topic == MISSED:
        places = rules.due(places, known, now)
    version_id, asked_at = request.args.get("item", 0, type=int), _asked_at(request.args, now)
    if version_id not in {place.version for place in places}:
        version_id, asked_at = _next(places, known, now), now
    version = practice.item(version_id, now, today) if version_id else None
    if version is None:
        return redirect(url_for("practice.index"))
    answered = sum(known.get(place.item, NEVER).count > 0 for place in places if topic != MISSED)
    number = min(answered, len(places) - 1)
    item, _order = _shown(version, asked_at, number)
    return render_template(
        "practice/question.html",
        item=item, asked=version, asked_at=asked_at, topic=topic, all=len(places), missed=MISSED,
    )  # fmt: skip


def _next(places: list[rules.Practised], known: dict[int, rules.Standing], now: int) -> int:
    """Return the version to ask; for the staff, of whom nothing is remembered, any of them."""
    if _person_id() is None and places:
        return rules.drawn(places, 1, str(now))[0]
    found = rules.next_item(places, known, now)
    return found.version if found else 0


def _item_in(values: Any, now: int) -> Any:
    """Return the version that an address or a form names if it may be practised today, else None."""
    key = values.get("item", 0, type=int)
    return practice.item(key, now, day_of(now)) if 0 < key < 2**31 else None


def _asked_at(values: Any, now: int) -> int:
    """Return when the question was shown, as its page says; never a moment to come."""
    asked_at = values.get("asked_at", now, type=int)
    return asked_at if 0 < asked_at <= now else now


def _shown(version: Any, asked_at: int, position: int = 0) -> tuple[PaperItem, tuple[int, ...]]:
    """Return a version as a page shows it, and the order of its options: another one each time it is asked."""
    order = rules.order_of(practice.entry_of(version), str(asked_at))
    options = tuple(version.options[option] for option in order)
    return PaperItem(position, version.kind is Kind.MULTIPLE, version.stem, options), order


@blueprint.post("/answer")
@access.anyone_signed_in
def answer() -> Any:
    """Remember an answer and show whether it was right."""
    now, form = clock.now(), request.form
    version = _item_in(form, now)
    if version is None or version.kind is Kind.ORAL:
        return redirect(url_for("practice.index"))
    topic, asked_at = form.get("topic", ""), _asked_at(form, now)
    about = {"topic": topic, "item": version.id, "asked_at": asked_at}
    _item, order = _shown(version, asked_at)
    given = form.getlist(f"q{form.get('position', '')}")
    taken = {int(place) for place in given if place.isdecimal() and int(place) < len(order)}
    if not taken:
        flash(_("Chưa chọn phương án nào. Hãy chọn rồi bấm Trả lời."), "error")
        return redirect(url_for("practice.question", **about))
    if person_id := _person_id():
        practice.remember(person_id, version, {order[place] for place in taken}, asked_at, now)
        db.session.commit()
    choice = ",".join(str(place) for place in sorted(taken))
    return redirect(url_for("practice.explanation", choice=choice, **about))


@blueprint.get("/explanation")
@access.anyone_signed_in
def explanation() -> Any:
    """Whether the answer was right, why, and where it is written; everything it shows is open to practice."""
    now, asked = clock.now(), request.args
    version = _item_in(asked, now)
    if version is None or version.kind is Kind.ORAL:
        return redirect(url_for("practice.index"))
    item, order = _shown(version, _asked_at(asked, now))
    taken = {int(place) for place in asked.get("choice", "").split(",") if place.isdecimal()}
    return render_template(
        "practice/explanation.html",
        asked=version, item=item, order=order, taken=taken, key=key_on_paper(version.key, order),
        topic=asked.get("topic", ""), is_kept=_person_id() is not None,
    )  # fmt: skip


@blueprint.get("/sheet")
@access.anyone_signed_in
def sheet() -> Any:
    """What was missed and is not known yet, with answer, reason and clause, to print."""
    now = clock.now()
    missed = practice.missed(_person_id(), now, day_of(now))
    return render_template("practice/sheet.html", missed=missed, now=now)
