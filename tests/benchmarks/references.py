"""Reference programs for comparison: `python -m tests.benchmarks.references hello|datatable|ticking [ROWS]`.

They import Textual and nothing of hottui, which would add to their cost.
"""

import os
import sys


def hello() -> None:
    """The smallest Textual program."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Hello(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("painted-now")

    Hello().run()


def datatable(rows: int) -> None:
    """Textual's DataTable with the same number of rows and columns."""
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    class Plain(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable()

        def on_mount(self) -> None:
            table = self.query_one(DataTable)
            table.add_columns("STATE", "FOR", "LABEL", "CHANGE", "JOB", "ID", "SEEN")
            for number in range(rows):
                change = f"parallelism 4 → {number % 60 + 5}"
                table.add_row(
                    "✔ UPDATED", "1d", f"orders-enrich {number}", change, "cc29429b", f"row{number:013x}", "1d"
                )

    Plain().run()


def ticking(rows: int) -> None:
    """A DataTable in which an age counts in every row."""
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    class Ticking(App[None]):
        seconds = 0

        def compose(self) -> ComposeResult:
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            table = self.query_one(DataTable)
            for title in ("STATE", "FOR", "LABEL", "CHANGE", "JOB", "ID", "SEEN"):
                table.add_column(title, key=title)
            for number in range(rows):
                change = f"parallelism 4 → {number % 60 + 5}"
                cells = ("◐ UPDATING", "0s", f"orders-enrich {number}", change, "cc29429b", f"row{number:013x}", "now")
                table.add_row(*cells, key=str(number))
            table.focus()
            self.set_interval(1.0, self.tick)

        def tick(self) -> None:
            self.seconds += 1
            table = self.query_one(DataTable)
            for number in range(rows):
                table.update_cell(str(number), "FOR", f"{self.seconds}s")

    Ticking().run()


def main() -> None:
    """Run the program named by the arguments."""
    what = sys.argv[1]
    if what == "hello":
        hello()
    elif what == "datatable":
        datatable(int(sys.argv[2]))
    elif what == "ticking":
        ticking(int(sys.argv[2]))
    else:
        sys.exit(f"unknown program {what}")


if __name__ == "__main__":
    os.environ.pop("COLORTERM", None)
    main()
