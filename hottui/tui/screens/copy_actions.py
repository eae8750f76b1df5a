"""What the keys put on the terminal's clipboard. Secrets never reach it."""

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
    """Copies the ID, a value, the answer."""

    def action_copy_id(self) -> None:
        """Copy the ID."""
        if self.current:
            self._copy(self.current.ref.id, "ID")

    def action_copy_value(self) -> None:
        """Copy what the cursor of the detail stands on."""
        from hottui.model.masking import MASK  # noqa: PLC0415 - off the start-up path

        value = self.detail.value if self.detail else None
        if self.revealing:
            self.say("Secrets are shown and stay on the screen: press s to mask them, then copy.", "bar.warning")
        elif value == MASK:
            self.say("The value is masked: secrets are never copied.", "bar.warning")
        elif value:
            self._copy(value, "value")
        else:
            self.say("There is no value under the cursor.")

    async def action_copy_json(self) -> None:
        """Copy the answer, secrets masked. The store may take its time, and so does masking a large plan."""
        tracked, connection = self.current, await self.live()
        if tracked is None:
            return
        answer = await in_thread(partial(_masked_answer, connection.monitor, tracked.ref))
        if answer:
            self._copy(answer, "JSON")
        else:
            self.say("There is no answer to copy yet.")

    def _copy(self, text: str, what: str) -> None:
        """Put it there so that nothing in it acts where it is pasted."""
        try:
            if len(text) > LIMIT:
                raise TooLong.of(text)
            self.app.copy_to_clipboard(visible_block(text))
        except TooLong as error:
            self.say(f"{error} `hottui get -o json` prints it.", "bar.warning")
        else:
            self.say(f"Copied {what}: {shorten(text, 60)}")


def _masked_answer(monitor: "Monitor", ref: Ref) -> str:
    """The last answer with its secrets masked; empty without one."""
    from hottui.model.masking import mask_answer  # noqa: PLC0415 - off the start-up path

    observation = monitor.observation(ref)
    return mask_answer(observation.answer) if observation else ""
