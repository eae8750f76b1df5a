"""The first run on a terminal: from an empty home folder to the demo, and to a saved profile."""

from pathlib import Path

from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, left_on


def test_the_demo_replaces_the_empty_dashboard_and_is_redrawn_on_request(open_on_terminal: Open) -> None:
    session = open_on_terminal(*HOTTUI)
    session.shows("No region and no workspace configured.")
    session.type(b"O")
    session.shows("demo · default-namespace")
    session.shows("live, every 2s")
    session.overwrite("\x1b[30;1HBroadcast message")
    session.shows("Broadcast message")
    session.type(b"\x0c")
    session.until(lambda: not any("Broadcast" in row for row in session.screen().rows()), "redrawn")
    session.type(b"q")
    assert session.ends() == 0
    assert left_on(bytes(session.output)) == []


def test_the_form_saves_a_profile_that_works(open_on_terminal: Open, tmp_path: Path) -> None:
    world = Simulation(1, size=3)
    place = world.updates[0].spec.job.namespace
    key = {"ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ACCESS_KEY_SECRET}
    with serving(DemoService(world)) as origin:
        session = open_on_terminal(*HOTTUI, env={**key, "HOTTUI_NAMESPACE": place.name})
        session.shows("set up a connection")
        session.type(b"a")
        session.shows("Profile name")
        session.type(f"{origin}\r\r{place.workspace}".encode())
        session.shows(place.workspace)
        session.type(b"\r\r\r\r")
        session.shows(f"prod · {origin.removeprefix('http://')}")
        session.type(b"q")
        assert session.ends() == 0
    (written,) = tmp_path.rglob("config.toml")
    assert f'endpoint = "{origin}"\nworkspace = "{place.workspace}"\n' in written.read_text()
