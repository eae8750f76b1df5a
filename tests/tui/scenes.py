"""Scenes of the dashboard: how it is brought to show what a picture is to show."""

from dataclasses import dataclass

from hottui.tui.layout import TABS
from tests.tui.stage import AppPilot, BaseStage, Stage, dashboard, drawn, table, until

_GROUPS = ("subject", "plan", "text", "comparison")
"""The workers that prepare what the detail shows."""


@dataclass(frozen=True)
class Scene:
    """A name, the label of the hot update under the cursor, what is done, and how the dashboard opens."""

    name: str
    label: str = "orders-enrich"
    keys: tuple[str, ...] = ()
    theme: str = ""
    ascii: bool = False
    denied: bool = False
    """Whether the one that may not be read is tracked, which brings the trouble bar."""
    empty: bool = False
    seconds: float = 0.0
    """How long the jobs are read before; 0: they are not."""

    async def play(self, stage: BaseStage, pilot: AppPilot) -> None:
        """Bring the dashboard there."""
        await stage.settle(pilot)
        if self.seconds and isinstance(stage, Stage):
            await stage.pass_time(pilot, self.seconds)
        if not self.empty:
            put_cursor(pilot, self.label)
            await drawn(pilot)
        for key in self.keys:
            await pilot.press(key)
            await loaded(pilot)
        if self.keys:  # an opened failure moves down in the table
            await stage.shown(pilot)
            await loaded(pilot)


def put_cursor(pilot: AppPilot, label: str) -> None:
    """Put the cursor on the hot update with this label."""
    rows = table(pilot).rows
    table(pilot).move_to(next(one.ref for one in rows if one.bookmark and one.bookmark.label == label))


async def loaded(pilot: AppPilot) -> None:
    """Wait until the detail, if it is open, shows the hot update under the cursor, and nothing is being drawn.

    What was drawn may ask for another drawing once it knows its size.
    """

    def shown() -> bool:
        pane, current = dashboard(pilot).detail, dashboard(pilot).current
        return pane is None or (pane.subject is not None and pane.subject.tracked == current)

    await until(pilot, shown)
    for _ in range(3):
        await until(pilot, lambda: all(work.is_finished for work in pilot.app.workers if work.group in _GROUPS))
        await drawn(pilot)


def tab(name: str) -> str:
    """The key of a tab."""
    return str(TABS.index(name) + 1)


SCENES = (
    Scene("table"),
    Scene("overview", keys=("enter",)),
    Scene("failure", label="fraud cep ×32", keys=("enter",)),
    Scene("conf", label="quarter-report", keys=(tab("conf"),)),
    Scene("batch", label="compaction slots", keys=(tab("batch"),)),
    Scene("streaming", keys=(tab("streaming"),)),
    Scene("plan", keys=(tab("plan"),)),
    Scene("comparison-choice", keys=("D",)),
    Scene("comparison", label="checkout-fix", keys=("D", "D")),
    Scene("comparison-plans", keys=("D", "D", "2", "c")),
    Scene("timeline", label="login-guard", keys=(tab("timeline"),)),
    Scene("answer", label="smoke", keys=(tab("answer"),)),
    Scene("help", keys=("question_mark",)),
    Scene("prompt", keys=("a",)),
    Scene("light", keys=("enter",), theme="hottui-light"),
    Scene("ascii", keys=("enter",), ascii=True),
    Scene("trouble", denied=True),
    Scene("empty", empty=True),
)

WITH_JOBS = (
    Scene("effects", label="payments-agg", seconds=20),
    Scene("effect", label="payments-agg", keys=("enter",), seconds=20),
)
"""Scenes in which the jobs are known, for the pictures."""
