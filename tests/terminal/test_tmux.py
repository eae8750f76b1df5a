"""Inside tmux."""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator

import pytest

from tests.terminal.ptys import HOTTUI, PATIENCE

Tmux = Callable[..., str]

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture
def tmux(environment: dict[str, str]) -> Iterator[Tmux]:
    """The test's own tmux server; called with a command, it returns its output."""
    with tempfile.TemporaryDirectory(prefix="tmux-") as folder:  # the path of a socket must be short

        def run(*words: str) -> str:
            command = ("tmux", "-S", f"{folder}/socket", "-f", "/dev/null", *words)
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout

        yield run
        run("kill-server")


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


@pytest.mark.parametrize("setting", ["on", "external", "off"])
def test_copied_text_is_in_tmuxs_buffer_with_any_settings(tmux: Tmux, setting: str) -> None:
    tmux("new-session", "-d", "-x", "120", "-y", "40", ";", "set", "-s", "set-clipboard", setting)
    tmux("send-keys", " ".join(("exec", *HOTTUI, "demo")), "Enter")
    until(lambda: "live, every" in tmux("capture-pane", "-p"), "the dashboard in the pane")
    assert tmux("show-buffer") == ""
    tmux("send-keys", "y")
    until(lambda: tmux("show-buffer") != "", "something in the buffer")
    copied = tmux("show-buffer")
    assert re.fullmatch(r"[0-9a-f]{16}", copied)
    assert copied[:8] in tmux("capture-pane", "-p")


def test_tmux_has_the_title_until_the_end(tmux: Tmux) -> None:
    tmux("new-session", "-d", "-x", "120", "-y", "40")
    tmux("select-pane", "-T", "the title before")
    tmux("send-keys", " ".join((*HOTTUI, "demo")), "Enter")
    until(lambda: re.search(r"✖\d+ ◐\d+ hottui", tmux("display", "-p", "#{pane_title}")) is not None, "the title")
    until(lambda: "live, every" in tmux("capture-pane", "-p"), "the dashboard in the pane")
    tmux("send-keys", "q")
    until(lambda: tmux("display", "-p", "#{pane_title}").strip() == "the title before", "the title is restored")
