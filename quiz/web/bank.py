"""The overview of the question bank: what each bank holds and how good it is, and sending one's own drafts to review.

Questions one by one are in bank_items.py, their review in bank_reviews.py, files in bank_files.py and
bank_exports.py. Nobody sees a question without a right on the bank: organizers have none.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import bank_quality as limits
from quiz.core import coverage
from quiz.core.bank_quality import Figures
from quiz.core.items import LETTERS, Difficulty, Kind, Level, Part, Status
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import bank_figures, bank_quality, holdings, planned, reviews, sources
from quiz.services.bank_figures import Figures as Counts
from quiz.web import access, belongings
from quiz.web.formatting import decimal_text, share_text
from quiz.web.labels import label
from quiz.web.paging import page_number, slice_of

blueprint = Blueprint("bank", __name__)
Bars = list[tuple[str, int]]


def rights() -> dict[str, bool]:
    """Return what the person may do with the bank, for the templates."""
    who = access.signed_in()
    return {
        "may_edit": who.may_somewhere(Permission.BANK_EDIT),
        "may_review": who.may_somewhere(Permission.BANK_REVIEW),
    }


def _may_open(contest_round: Any) -> bool:
    return access.signed_in().may(Permission.CONTEST_VIEW, contest_round.unit)


@blueprint.get("/bank")
@access.requires(Permission.BANK_VIEW)
def index() -> Any:
    """Every bank with how much it holds, what to mind, and whether it is enough for the rounds to come."""
    paths = access.signed_in().paths_for(Permission.BANK_VIEW)
    return render_template(
        "bank/index.html",
        holdings=holdings.overview(),
        notices=sources.notices(),
        planned=planned.planned(paths, clock.now()),
        may_open=_may_open,
        waiting=holdings.waiting_for_review(),
        **rights(),
    )


@blueprint.get("/bank/<int:bank_id>")
@access.requires(Permission.BANK_VIEW)
def show(bank_id: int) -> Any:
    """One bank: articles covered, topics by level, shares, and what the rounds to come can draw from it."""
    bank = access.bank_for(Permission.BANK_VIEW, bank_id)
    who, figures = access.signed_in(), bank_figures.figures_of(bank)
    holding = holdings.overview(bank_id)[0]
    paths = who.paths_for(Permission.BANK_VIEW)
    return render_template(
        "bank/show.html",
        holding=holding,
        figures=figures,
        notices=sources.notices(bank_id).get(bank_id, []),
        articles=_articles(figures),
        levels=list(Level),
        level_words={str(level): label(level) for level in Level},
        others=[Status.IN_REVIEW, Status.DRAFT, Status.RETIRED],
        statuses=[(label(status), holding.statuses[status]) for status in Status if holding.statuses[status]],
        planned=planned.planned(paths, clock.now(), bank_id),
        may_open=_may_open,
        has_drafts=bank_id in holdings.banks_with_drafts_of(who.account_id),
        **_bars(figures),
        **rights(),
    )


def _articles(figures: Counts) -> list[tuple[str, int, int, str]]:
    """Return (short name, items, wanted, words that find them) of every article; nothing where none is named."""
    if not figures.articles:
        return []
    places = (coverage.PREAMBLE, *coverage.ARTICLES)
    return [
        (
            str(place) if place else _("MĐ"),
            figures.articles[place],
            coverage.least(place),
            f"dieu {place}" if place else "mo dau",
        )
        for place in places
    ]


def _bars(figures: Counts) -> dict[str, Bars]:
    return {
        "parts": [(label(part), figures.parts[part]) for part in Part],
        "difficulties": [
            *((label(level), figures.difficulties[level]) for level in Difficulty),
            *([(_("Chưa ghi"), figures.difficulties[None])] if figures.difficulties[None] else []),
        ],
        "kinds": [(label(kind), figures.kinds[kind]) for kind in Kind if figures.kinds[kind]],
        "places": [(LETTERS[place], count) for place, count in sorted(figures.places.items())],
    }


@blueprint.get("/bank/<int:bank_id>/quality")
@access.requires(Permission.BANK_VIEW)
def quality(bank_id: int) -> Any:
    """What an examiner would send back; made when asked for, because every question is read."""
    bank = access.bank_for(Permission.BANK_VIEW, bank_id)
    judgement = bank_quality.judged(bank)
    page = slice_of(judgement.findings, page_number())
    return render_template(
        "bank/quality.html",
        bank=bank,
        judgement=judgement,
        rows=_rows(judgement.figures),
        page=page,
        page_url=lambda number: url_for("bank.quality", bank_id=bank_id, page=number),
        ids=bank_quality.ids_of({finding.code for finding in page.items if finding.code}),
    )


def _rows(figures: Figures) -> list[tuple[str, str]]:
    """Return the figures of a bank in words, each with the limit it is held to."""
    rows = [(_("Số câu đang dùng"), str(figures.items))]
    rows += [(label(level), share_text(figures.level_shares[level])) for level in Level]
    if not figures.judged:
        return rows
    most = _("không nên quá %(share)s", share=share_text(limits.MOST_EXTREME_KEYS))
    rows += [
        (_("Đáp án là phương án dài nhất"), f"{share_text(figures.key_longest_share)} ({most})"),
        (_("Đáp án là phương án ngắn nhất"), f"{share_text(figures.key_shortest_share)} ({most})"),
    ]
    if figures.position_p is not None:
        least = _("nên lớn hơn %(p)s", p=decimal_text(limits.LEAST_POSITION_P, 2))
        rows.append((_("Vị trí đáp án rải đều (p)"), f"{decimal_text(figures.position_p, 2)} ({least})"))
    names = {
        "longest": _("Chỉ chọn phương án dài nhất, hơn đoán mò"),
        "stem_words": _("Chỉ chọn phương án nhiều từ giống câu dẫn, hơn đoán mò"),
        "odd_one_out": _("Chỉ chọn phương án khác kiểu, hơn đoán mò"),
    }
    for name, words in names.items():
        points = decimal_text(figures.guesser_excess_points[name], 1)
        rows.append((words, _("%(points)s điểm trên 100 (không nên quá 5)", points=points)))
    return rows


@blueprint.post("/bank/<int:bank_id>/submit")
@access.requires(Permission.BANK_EDIT)
def submit_drafts(bank_id: int) -> Any:
    """Hand all of one's own drafts of a bank to the reviewers."""
    bank = access.bank_for(Permission.BANK_EDIT, bank_id)
    who = access.signed_in()
    count = reviews.submit_own_drafts(bank, belongings.own_account(), who.actor, clock.now())
    db.session.commit()
    text = (
        _("Đã gửi duyệt %(count)d câu.", count=count)
        if count
        else _("Bạn không có bản nháp nào ở ngân hàng này.")
    )
    flash(text, "success" if count else "info")
    return redirect(url_for("bank.show", bank_id=bank_id))
