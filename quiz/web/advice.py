"""What could be better about a question: shown beside it, never in the way of saving it."""

from quiz.core.items import ItemDraft, warnings
from quiz.core.quality import findings
from quiz.web.formatting import message_text


def advice(draft: ItemDraft) -> list[str]:
    """Return in words what would read wrongly on a shuffled paper and what an examiner would send back."""
    said = [message_text(warning.message, warning.values) for warning in warnings(draft)]
    return said + [message_text(finding.message, finding.values) for finding in findings(draft)]
