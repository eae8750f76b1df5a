"""`hottui demo`: the dashboard on an embedded service, with a temporary store."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hottui.cli import wiring
from hottui.cli.dashboard import show
from hottui.cli.options import dashboard_options, log_option, number
from hottui.cli.output import emit
from hottui.cli.table_source import TableSource
from hottui.config.settings import Flags
from hottui.model.times import DEFAULT_INTERVAL
from hottui.model.tracking import Tracked
from hottui.monitor.interface import Connection
from hottui.runtime.shutdown import cleanup_on_forced_exit, run_until_signal
from hottui.store.errors import StoreError
from hottui.store.store import Store
from hottui.tui.dashboard_options import DashboardOptions, Location

if TYPE_CHECKING:
    from hottui.demo.simulation import Simulation
    from hottui.log import Log
    from hottui.monitor.snapshot import Snapshot
    from hottui.service.client import Client

_GREETING: Final = "A simulated service; some updates fail on purpose. enter: detail, ?: help"
_PORT = number(int, 0, 65535, "a port number from 0 to 65535")


@click.command()
@click.option("--serve", "port", type=_PORT, default=None, metavar="PORT",
              help="Serve the embedded service on this loopback port instead (0: any free port).")  # fmt: skip
@dashboard_options
@log_option
def demo(port: int | None, flags: Flags, ascii_only: bool, log: "Log | None") -> int:
    """Open the dashboard on an embedded service, without credentials or network.

    The demo's bookmarks are in a temporary folder, which is removed at the end; yours are not changed.

    \b
    Examples:
      hottui demo
      hottui demo --serve 8000
    """
    if port is not None:
        return _serve(port)
    temporary = tempfile.TemporaryDirectory(prefix="hottui-demo-", ignore_cleanup_errors=True)
    with cleanup_on_forced_exit(partial(shutil.rmtree, temporary.name, ignore_errors=True)), temporary as folder:
        return _show(Path(folder), flags.theme, flags.interval or DEFAULT_INTERVAL, ascii_only, log)


def _show(folder: Path, theme: str, interval: float, ascii_only: bool, log: "Log | None") -> int:
    from hottui.demo.first_rows import first_rows  # noqa: PLC0415 - start-up time: `--help` needs none of it
    from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation  # noqa: PLC0415 - as above

    simulation = Simulation()
    store = Store.open(folder / "demo.db")
    tracked = first_rows(simulation, ENDPOINT_IN_PROCESS)
    first = tracked[0].ref

    def client() -> "Client":
        from hottui.demo.in_process import credentials, transport  # noqa: PLC0415 - start-up time: after the first frame
        from hottui.service.client import Client  # noqa: PLC0415 - as above

        key = credentials()
        return Client(lambda _: key, transport=transport(simulation))

    def connect() -> Connection:
        with suppress(StoreError):  # the monitor reports a store that cannot be written
            _seed(simulation, store)
        live = wiring.connection(tracked, client(), store, interval)
        return replace(live, run=partial(_run, live, simulation, tracked))

    return show(
        DashboardOptions(
            tracked=tracked,
            context=f"demo · {first.namespace}",
            connect=connect,
            location=Location(ENDPOINT_IN_PROCESS, first.workspace, first.namespace),
            theme=theme,
            ascii=ascii_only,
            theme_folders=wiring.theme_folders(),
            place_of=lambda ref: ref.namespace,
            greeting=_GREETING,
            shown=_without_holds,
        ),
        TableSource(client, store),
        log,
    )


def _without_holds(snapshot: "Snapshot") -> "Snapshot":
    """Return `snapshot` without the accounts that the demo denies: that is shown in their rows, and is no trouble."""
    return replace(snapshot, loop=replace(snapshot.loop, holds=()))


def _seed(simulation: "Simulation", store: Store) -> None:
    """Bookmark the simulated hot updates, with the history of a dashboard that was open all the time."""
    from hottui.demo.in_process import observations  # noqa: PLC0415 - start-up time: after the first frame
    from hottui.demo.simulation import ENDPOINT_IN_PROCESS  # noqa: PLC0415 - as above

    store.add_all(simulation.bookmarks(ENDPOINT_IN_PROCESS))
    for observation, transition in observations(simulation, ENDPOINT_IN_PROCESS):
        store.record(observation, transition)


async def _run(live: Connection, simulation: "Simulation", tracked: tuple[Tracked, ...]) -> None:
    """Run the monitor, and bookmark hot updates that the simulation starts, as a team's script would."""
    from hottui.demo.simulation import ENDPOINT_IN_PROCESS  # noqa: PLC0415 - start-up time: `--help` needs none of it

    async def arrivals() -> None:
        known = {one.ref for one in tracked}
        while True:
            await asyncio.sleep(1)
            for mark in simulation.bookmarks(ENDPOINT_IN_PROCESS):
                if mark.ref not in known:
                    known.add(mark.ref)
                    live.monitor.track([mark.ref], bookmark=True, label=mark.label)

    async with asyncio.TaskGroup() as group:
        group.create_task(live.run())
        group.create_task(arrivals())


def _serve(port: int) -> int:
    from hottui.demo.server import serve  # noqa: PLC0415 - start-up time: `--help` needs none of it

    run_until_signal(serve(port, emit))
    return 0
