"""Where somebody entered in a round stands, as the board watches it."""

from enum import StrEnum

SILENT_AFTER = 5  # minutes without a saved answer that make the board look


class Presence(StrEnum):
    """In the order in which they call for the board's attention."""

    NOT_SIGNED_IN = "not_signed_in"
    SIGNED_IN = "signed_in"  # in the waiting room: no paper yet
    SILENT = "silent"  # has a paper and has saved nothing for a while
    ANSWERING = "answering"
    ON_PAPER = "on_paper"  # until the answer sheet has been entered
    HANDED_IN = "handed_in"


NOT_STARTED = (Presence.NOT_SIGNED_IN, Presence.SIGNED_IN)
