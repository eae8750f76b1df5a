"""`hottui`, with what Textual writes, and what is written instead, recorded in the file that RECORD names.

`python -m tests.terminal.recorded ...`
"""

import json
import os
from pathlib import Path

from textual.geometry import Size

from hottui.cli import main
from hottui.tui.terminal.cell_writer import CellWriter


class Recorded(CellWriter):
    """Records every write, and every time that the terminal's cells may have changed."""

    _uncertain = True

    def forget(self) -> None:
        """Record it with the next write."""
        super().forget()
        self._uncertain = True

    def reduce(self, text: str, size: Size) -> str:
        """Record both."""
        uncertain, self._uncertain = self._uncertain, False
        written = super().reduce(text, size)
        with Path(os.environ["RECORD"]).open("a") as file:
            print(json.dumps([text, written, *size, uncertain]), file=file)
        return written


if __name__ == "__main__":
    import hottui.tui.terminal.driver as driver

    driver.CellWriter = Recorded  # type: ignore[attr-defined]
    main()
