"""Completion in real shells: the tab key in bash and zsh, and fish's own command for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark
from hottui.store.store import Store
from tests.terminal.conftest import Open

STARTUP = {
    "bash": (".bashrc", 'eval "$(hottui completion bash)"'),
    "zsh": (".zshrc", 'autoload -U compinit; compinit -u -D; eval "$(hottui completion zsh)"'),
    "fish": (".config/fish/completions/hottui.fish", ""),
}


@pytest.fixture(params=list(STARTUP))
def shell(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> str:
    """Return the name of a shell, set up as the help says, with one bookmark in the store."""
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} here")
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment["ZDOTDIR"] = str(tmp_path)
    environment["XDG_CONFIG_HOME"] = str(tmp_path / ".config")
    file, text = STARTUP[name]
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if not text:
        script = subprocess.run(["hottui", "completion", name], env=environment, capture_output=True, check=True)
        text = script.stdout.decode()
    prompt = "" if name == "fish" else "PS1='ready> '\n"
    path.write_text(f"{text}\n{prompt}", encoding="utf-8")
    data = tmp_path / "data" / "hottui"
    data.mkdir(parents=True, mode=0o700)
    probe = "from hottui import paths; print(paths.store_path())"
    found = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, check=True)
    store = Store.open(Path(found.stdout.decode().strip()))
    store.add_all([Bookmark(Ref("https://e", "w", "n", "98fe2c01d5"), "orders-enrich")])
    store.close()
    return name


def test_the_tab_key(shell: str, open_on_terminal: Open, environment: dict[str, str]) -> None:
    if shell == "fish":  # at its prompt it asks the terminal for capabilities, which a plain pty does not have
        for line, expected in (("hottui wai", "wait"), ("hottui get 98", "98fe2c01d5")):
            asked = ["fish", "-c", f"complete -C '{line}'"]
            done = subprocess.run(asked, env=environment, capture_output=True, check=True, timeout=120)
            assert done.stdout.decode().split()[0] == expected, done
        return
    options = ("--noprofile",) if shell == "bash" else ()
    session = open_on_terminal(shell, *options, "-i")
    session.shows("ready>")
    session.type(b"hottui wai\t98\t")
    session.shows("ready> hottui wait 98fe2c01d5")
    session.type(b"\x15hottui get orders\t--exi\t")
    session.shows("ready> hottui get 98fe2c01d5 --exit-status")
