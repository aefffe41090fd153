"""Questions one by one: the list, and the page of one. These pages join the bank's blueprint; see bank.py."""

from itertools import pairwise
from typing import Any

from flask import render_template, request, url_for

from quiz import clock
from quiz.core.differences import differences
from quiz.core.items import Kind
from quiz.core.permissions import Permission
from quiz.core.reviews import Move, possible_moves
from quiz.services import checks, comments, documents, item_uses, listing
from quiz.services import items as bank_items
from quiz.web import access, filters
from quiz.web.advice import advice
from quiz.web.bank import blueprint, rights
from quiz.web.bank_reviews import NEEDED
from quiz.web.bulk import open_acts
from quiz.web.forms.bank import LETTERS
from quiz.web.forms.reviews import ReadingForm
from quiz.web.paging import page_number

ORDERS = 20  # orders of a paper one may look at in turn


@blueprint.get("/bank/items")
@access.requires(Permission.BANK_VIEW)
def items() -> Any:
    """A page of questions, narrowed by words and lists."""
    wanted, given = filters.wanted(), filters.given()
    page = listing.search(wanted, page_number(), access.signed_in().account_id)
    return render_template(
        "bank/items.html",
        page=page,
        page_url=lambda number: url_for("bank.items", **given, page=number),
        figures=listing.statistics_of(page.items),
        wanted=wanted,
        given=given,
        lists=filters.lists(),
        folded=filters.FOLDED,
        acts=open_acts(),
        **rights(),
    )


@blueprint.get("/bank/items/<int:item_id>")
@access.requires(Permission.BANK_VIEW)
def item(item_id: int) -> Any:
    """One question as the candidate sees it, its key and source, its versions, and what may be done with it."""
    found = access.item_for(Permission.BANK_VIEW, item_id)
    versions = bank_items.versions_of(found)
    shown, drafts = versions[0], [bank_items.draft_of(version) for version in versions]
    uses = item_uses.uses_of(found)
    said, order = comments.thread(found), request.args.get("order", 1, type=int) % ORDERS
    return render_template(
        "bank/item.html",
        item=found,
        shown=shown,
        draft=drafts[0],
        as_seen=bank_items.as_seen(shown, f"order {order}"),
        next_order=order + 1,
        versions=versions,
        changes=[differences(old, new) for new, old in pairwise(drafts)],
        advice=advice(drafts[0]),
        later=documents.later_than(shown.document),
        causes=checks.causes_of(shown, clock.local(clock.now()).date()),
        checked=checks.latest(shown),
        names=bank_items.names_of(
            {account for row in versions for account in (row.author_id, row.reviewer_id)}
        ),
        reason=bank_items.last_reason(found, shown),
        comments=said,
        seen=said[-1].id if said else 0,
        moves=_moves(shown),
        is_own=shown.author_id == access.signed_in().account_id,
        figures=item_uses.figures_of(shown),
        uses=uses,
        correctable=_correctable(uses),
        reading=ReadingForm().offer(),
        given=filters.given(),
        letters=LETTERS if shown.kind is not Kind.TRUE_FALSE else "",
        **rights(),
    )


def _correctable(uses: list[Any]) -> list[Any]:
    """Return a round of each contest that has sat the item and whose key this person may ask to correct."""
    who = access.signed_in()
    sat = {use.contest: use for use in uses if use.use is not None}
    return [use for use in sat.values() if who.may(Permission.RESULT_PUBLISH, use.round.stage.contest.unit)]


def _moves(version: Any) -> set[str]:
    """Return the moves this person may make with a version; authors do not approve their own."""
    who = access.signed_in()
    return {
        move.value
        for move in possible_moves(version.status)
        if who.may_somewhere(NEEDED[move])
        and not (move is Move.APPROVE and version.author_id == who.account_id)
    }
