"""What the board should know of a round before judges while it can still be mended: panels, heads, conflicts, the draw.

None of it stops the opening: judges may be named, and the order drawn, until the contestants stand on the stage. Every
problem's `field` names the page that mends it: panels, accounts, stage or rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quiz.core.errors import N_, Problem


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """One panel: its part, its group ("" for all), how many of how many sit on it, and whether one is its head."""

    part: str
    group: str
    seated: int
    wanted: int
    has_head: bool

    @property
    def name(self) -> str:
        """Return what the panel is called."""
        return f"{self.part}, {self.group}" if self.group else self.part


@dataclass(frozen=True, slots=True)
class StageReadiness:
    """What is known of the judged parts of a round.

    `conflicts` are judges and contestants of one unit, `signers` the accounts that may sign as head judge, `plain` the
    parts without criteria.
    """

    panels: tuple[PanelFacts, ...]
    conflicts: int = 0
    signers: int = 0
    is_drawn: bool = False
    plain: tuple[str, ...] = ()


def warnings(stage: StageReadiness) -> Iterator[Problem]:
    """Yield what is missing before the judged parts can be held."""
    for name in stage.plain:
        message = N_("Phần thi “%(name)s” chưa đặt tiêu chí chấm: mỗi giám khảo sẽ cho một điểm chung.")
        yield Problem(message, {"name": name}, field="rules")
    for panel in stage.panels:
        yield from _panel(panel)
    if not stage.signers:
        message = N_("Chưa có tài khoản Trưởng ban giám khảo nên chưa ai ký được điểm. Hãy cấp tài khoản.")
        yield Problem(message, field="accounts")
    if stage.conflicts:
        message = N_(
            "Có %(count)d trường hợp giám khảo và thí sinh cùng đơn vị. Hãy xem có cần đổi người chấm."
        )
        yield Problem(message, {"count": stage.conflicts}, field="panels")
    if not stage.is_drawn:
        message = N_("Thứ tự thi trên sân khấu chưa bốc thăm. Bốc được trước hoặc sau khi mở vòng thi.")
        yield Problem(message, field="stage")


def _panel(panel: PanelFacts) -> Iterator[Problem]:
    if not panel.seated:
        message = N_("Phần thi “%(name)s” chưa có giám khảo nào, cần %(wanted)d người.")
        yield Problem(message, {"name": panel.name, "wanted": panel.wanted}, field="panels")
        return
    if panel.seated < panel.wanted:
        message = N_("Phần thi “%(name)s” mới có %(seated)d giám khảo, cần %(wanted)d người.")
        values = {"name": panel.name, "seated": panel.seated, "wanted": panel.wanted}
        yield Problem(message, values, field="panels")
    if not panel.has_head:
        message = N_("Ban chấm phần thi “%(name)s” chưa có trưởng ban.")
        yield Problem(message, {"name": panel.name}, field="panels")
