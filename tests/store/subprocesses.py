"""Running Python in subprocesses, as an unprivileged user if the tests run as root."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NOBODY = 65534

_AS_PLAIN_USER = f"""
import os, sys, tempfile
from pathlib import Path
from hottui.store.errors import StoreError
from hottui.store.store import Store
from tests.store.samples import bookmark
# Interpreter and packages may lie where the plain user cannot read: what modules import on their first use is
# imported now, by using a store for everything that the programs do, failures included.
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "hottui", "hottui.db")
    with Store.open(path) as store:
        store.add(bookmark())
        store.answer(bookmark().ref)
    for blocked in (Path(folder), path / "below"):
        try:
            Store.open(blocked)
        except StoreError:
            pass
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({_NOBODY})
    os.setuid({_NOBODY})
"""


def give_away(folder: Path) -> None:
    """Make the unprivileged user of `as_plain_user` own `folder` and its content, if root runs the tests."""
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, _NOBODY, _NOBODY)


def as_plain_user(program: str, *arguments: object) -> str:
    """Return the output of `program`, run by a user to whom file modes apply."""
    return run(_AS_PLAIN_USER + program, *arguments)


def run(program: str, *arguments: object, signal: int = 0) -> str:
    """Return the output of `program` with `arguments` in `sys.argv[1:]`, until the `signal` that ends it, if any.

    A failure shows its error output.
    """
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal, done.stderr
    return done.stdout
