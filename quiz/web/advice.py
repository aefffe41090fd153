"""What could be better about a question: shown beside it, never in the way of saving it."""

from quiz.core.errors import N_
from quiz.core.items import ItemDraft, warnings
from quiz.core.quality import findings
from quiz.web.formatting import message_text

# What is said of files in the words of files, said of the form in the words of the form.
_ON_THE_FORM = {
    "feedback": N_("Chưa nói vì sao phương án %(letters)s sai. Hãy ghi vào ô “Vì sao sai” của phương án."),
    "difficulty": N_("Chưa ghi độ khó dự kiến. Hãy chọn dễ, trung bình hoặc khó."),
}


def advice(draft: ItemDraft) -> list[str]:
    """Return in words what would read wrongly on a shuffled paper and what an examiner would send back."""
    said = [message_text(warning.message, warning.values) for warning in warnings(draft)]
    return said + [
        message_text(_ON_THE_FORM.get(finding.rule, finding.message), finding.values)
        for finding in findings(draft)
    ]
