"""Why a rank is what it is, as one sentence in the reader's language."""

from typing import Any

from flask import Flask
from flask_babel import gettext as _

from quiz import clock
from quiz.core.joining import adds, evidence_from
from quiz.core.ranking import Comparison, Explanation, TieBreak
from quiz.services.standings import explanation_from_dict
from quiz.web.formatting import duration_text, points_text
from quiz.web.labels import criterion_text


def value_text(criterion: str, value: int) -> str:
    """Return the value of a tie-break criterion with its unit."""
    if criterion == TieBreak.TIME_USED:
        return duration_text(value * 1000)
    if criterion == TieBreak.EARLIER_SUBMISSION:
        return clock.local(value * 1000).strftime("%H:%M:%S")
    if criterion == TieBreak.CORRECT:
        return str(_("%(count)d câu", count=value))
    return str(_("%(points)s điểm", points=points_text(value)))


def sentence(rank: int, points: int, explanation: Explanation | dict[str, Any]) -> str:
    """Return the one sentence that explains a rank."""
    why = explanation if isinstance(explanation, Explanation) else explanation_from_dict(explanation)
    parts = [_("Hạng %(rank)d: %(points)s điểm", rank=rank, points=points_text(points)), _ahead(why.ahead)]
    if why.equal_points:
        parts.append(_("bằng điểm với %(count)d người khác", count=why.equal_points))
        parts += [_comparison(step) for step in why.decided_by]
    if why.shared_with:
        parts.append(_("bằng nhau ở mọi tiêu chí nên cùng hạng với %(count)d người", count=why.shared_with))
    return "; ".join(parts) + "."


def _ahead(count: int) -> str:
    if not count:
        return str(_("không ai có điểm cao hơn"))
    return str(_("%(count)d người có điểm cao hơn", count=count))


def _quoted(words: str) -> str:
    """Return words as they stand between quotation marks within a sentence; names in them keep their letters."""
    return f"{words[:1].lower()}{words[1:]}".replace("“", "‘").replace("”", "’")


def _comparison(step: Comparison) -> str:
    name, value = _quoted(criterion_text(step.criterion)), value_text(step.criterion, step.value)
    if step.ahead and step.behind:
        text = _("xét “%(name)s” (%(value)s) thì sau %(ahead)d người, trước %(behind)d người",
                 name=name, value=value, ahead=step.ahead, behind=step.behind)  # fmt: skip
    elif step.ahead:
        text = _(
            "xét “%(name)s” (%(value)s) thì sau %(ahead)d người", name=name, value=value, ahead=step.ahead
        )
    elif step.behind:
        text = _(
            "xét “%(name)s” (%(value)s) thì trước %(behind)d người",
            name=name,
            value=value,
            behind=step.behind,
        )
    else:
        text = _("xét “%(name)s” (%(value)s) vẫn bằng nhau", name=name, value=value)
    return str(text)


def parts_of(line: Any) -> list[str]:
    """Return what each part of a line of a ranking earned, one phrase a part; of a paper alone nothing."""
    kept = line.explanation.get("parts", []) if isinstance(line.explanation, dict) else line.shares
    return [
        _("%(part)s: %(points)s/%(most)s điểm", part=part, points=points_text(points), most=points_text(most))
        for part, points, most, *_exact in kept
    ]


def rows_of(line: Any) -> list[dict[str, Any]]:
    """Return a row for each part of a line: points, weight, what it adds, and how a judged one came to its points."""
    if isinstance(line.explanation, dict):
        parts, judged = line.explanation.get("parts", []), line.explanation.get("judged", [])
        evidence = {one["part"]: evidence_from(one) for one in judged}
    else:
        parts, evidence = line.shares, {one.part: one for one in line.evidence}
    return [
        {"part": part, "points": points, "most": most, "weight": weight, "adds": adds(points, weight, most),
         "evidence": evidence.get(part)}
        for part, points, most, weight, *_exact in parts
    ]  # fmt: skip


def steps_of(line: Any, criteria: list[str]) -> list[str]:
    """Return what parts equal points, in the declared order, each with what was compared or that it was not needed."""
    why = line.explanation
    why = why if isinstance(why, Explanation) else explanation_from_dict(why)
    compared = [_comparison(step) for step in why.decided_by] if why.equal_points else []
    unneeded = [_("%(name)s: không phải xét", name=words) for words in criteria[len(compared) :]]
    return [*compared, *unneeded]


def init_app(app: Flask) -> None:
    """Give templates the sentence and the parts."""
    app.jinja_env.globals.update(explain=sentence, parts_of=parts_of, rows_of=rows_of, steps_of=steps_of)
