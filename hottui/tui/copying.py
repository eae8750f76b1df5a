"""What the keys put on the terminal's clipboard. Secrets never reach it."""

from hottui.model.text import shorten, visible_block
from hottui.tui.clipboard import TooLong
from hottui.tui.ground import Ground


class Copying(Ground):
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

    def action_copy_json(self) -> None:
        """Copy the answer, secrets masked."""
        from hottui.model.masking import mask_answer  # noqa: PLC0415 - off the start-up path

        observation = (
            self.connection.monitor.observation(self.current.ref) if self.connection and self.current else None
        )
        if observation is None:
            self.say("There is no answer to copy yet.")
        else:
            self._copy(mask_answer(observation.answer), "JSON")

    def _copy(self, text: str, what: str) -> None:
        """Put it there so that nothing in it acts where it is pasted."""
        try:
            self.app.copy_to_clipboard(visible_block(text))
        except TooLong as error:
            self.say(f"{error} `hottui get -o json` prints it.", "bar.warning")
        else:
            self.say(f"Copied {what}: {shorten(text, 60)}")
