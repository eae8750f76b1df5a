"""Desktop notifications through the terminal: OSC 9 (iTerm2), OSC 99 (kitty) and OSC 777 (rxvt-unicode, foot)."""

import os
from collections.abc import Mapping
from typing import Final

from hottui.model.control_characters import visible
from hottui.model.notify_settings import OSC_9, OSC_99
from hottui.tui.terminal.passthrough import passed_through

_TITLE: Final = "hottui"


def notify_sequence(how: str, text: str, number: int, environment: Mapping[str, str] = os.environ) -> str:
    """Return the sequence that shows `text`; `how` is OSC_9, OSC_99 or OSC_777.

    kitty replaces the notification that has the same `number`.
    """
    text = visible(text)
    if how == OSC_9:
        sequence = f"\x1b]9;{_TITLE}: {text}\x07"  # a number at the start would be a progress bar
    elif how == OSC_99:
        sequence = f"\x1b]99;i={_TITLE}-{number}:d=0;{_TITLE}\x07\x1b]99;i={_TITLE}-{number}:p=body;{text}\x07"
    else:
        sequence = f"\x1b]777;notify;{_TITLE};{text.replace(';', ',')}\x07"
    return passed_through(sequence, environment)
