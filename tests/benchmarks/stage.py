"""Programs for the benchmarks to run on a terminal: references, and hottui's dashboard with a given store.

`python -m tests.benchmarks.stage hello|datatable|dashboard ROWS`
"""

import os
import sys
from pathlib import Path

from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED
from hottui.model.tracking import Bookmark, Observation, Summary, Transition
from hottui.store.store import Store

ENDPOINT = "http://127.0.0.1:9"
"""A port where nothing listens: the first frame must not wait for anyone."""


def ref(number: int) -> Ref:
    """One of the bookmarks of the stage."""
    return Ref(ENDPOINT, "a14bd0f3c95e47", "default-namespace", f"stage{number:011x}")


def furnish(path: Path, rows: int, now: float) -> None:
    """Fill a store with finished hot updates, a third of them failed."""
    store = Store.open(path)
    refs = [ref(number) for number in range(rows)]
    store.add_all([Bookmark(one, f"orders-enrich {n}", "", now - 90_000) for n, one in enumerate(refs)])
    for number, one in enumerate(refs):
        at = now - 86_400 - number * 60
        state = HOT_UPDATED if number % 3 else FAILED
        summary = Summary(state, "cc29429b-74f9-41ea-835a-224fbadc0d7e", f"parallelism 4 → {number % 60 + 5}")
        store.record(Observation(one, at, summary, "", '{"success":true}'), Transition(one, at, state))
        store.mark_looked_at(one, at)
    store.close()


def hello() -> None:
    """The smallest Textual program."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Hello(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("painted-now")

    Hello().run()


def datatable(rows: int) -> None:
    """Textual's own table with as many rows and columns."""
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
                    "✔ UPDATED", "1d", f"orders-enrich {number}", change, "cc29429b", f"stage{number:011x}", "1d"
                )

    Plain().run()


def main() -> None:
    """Run what the arguments name."""
    what = sys.argv[1]
    if what == "hello":
        hello()
    elif what == "datatable":
        datatable(int(sys.argv[2]))
    else:
        sys.exit(f"unknown stage {what}")


if __name__ == "__main__":
    os.environ.pop("COLORTERM", None)
    main()
