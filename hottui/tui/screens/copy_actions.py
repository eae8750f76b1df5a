"""Key actions that copy to the terminal's clipboard. Secrets are never copied."""

from functools import partial
from typing import TYPE_CHECKING

from hottui.model.control_characters import shorten, visible_block
from hottui.model.ref import Ref
from hottui.tui.background_thread import in_thread
from hottui.tui.screens.dashboard_base import DashboardBase
from hottui.tui.terminal.clipboard import LIMIT, TooLong

if TYPE_CHECKING:
    from hottui.monitor.monitor import Monitor


class CopyActions(DashboardBase):
    """Copy the ID, a value, or the answer."""

    def action_copy_id(self) -> None:
        """Copy the ID."""
        if self.current:
            self._copy(self.current.ref.id, "ID")

    def action_copy_value(self) -> None:
        """Copy the value under the cursor of the detail."""
        from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

        value = self.detail.value if self.detail else None
        if self.revealing:
            self.say("Copying is disabled while secrets are shown. Press s to mask them.", "bar.warning")
        elif value == MASK:
            self.say("Secrets cannot be copied: the value is masked.", "bar.warning")
        elif value:
            self._copy(value, "value")
        else:
            self.say("No value under the cursor.")

    async def action_copy_json(self) -> None:
        """Copy the answer with its secrets masked. In a thread: the store may be slow, and masking a large plan is."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        answer = await in_thread(partial(_masked_answer, connection.monitor, tracked.ref))
        if answer:
            self._copy(answer, "JSON")
        else:
            self.say("No answer to copy yet.")

    def _copy(self, text: str, what: str) -> None:
        """Copy `text` with control characters escaped, so that pasting it has no side effects."""
        try:
            if len(text) > LIMIT:
                raise TooLong.of(text)
            self.app.copy_to_clipboard(visible_block(text))
        except TooLong as error:
            self.say(f"{error} Print it with `hottui get -o json`.", "bar.warning")
        else:
            self.say(f"Copied {what}: {shorten(text, 60)}")


def _masked_answer(monitor: "Monitor", ref: Ref) -> str:
    """Return the last answer with its secrets masked; empty if there is none."""
    from hottui.model.masking import mask_answer  # noqa: PLC0415 - off the start-up path

    observation = monitor.observation(ref)
    return mask_answer(observation.answer) if observation else ""
