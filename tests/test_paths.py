"""Paths, and that computing them creates nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hottui import paths


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG folders are Linux's")
def test_the_folders_follow_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    assert paths.config_path() == tmp_path / "CONFIG" / "hottui" / "config.toml"
    assert paths.user_themes_dir() == tmp_path / "CONFIG" / "hottui" / "themes"
    assert paths.store_path() == tmp_path / "DATA" / "hottui" / "hottui.db"
    assert paths.state_dir() == tmp_path / "STATE" / "hottui"
    assert list(tmp_path.iterdir()) == []


def test_paths_follow_the_environment_and_create_nothing(tmp_path: Path) -> None:
    program = "import os; from hottui import paths; os.environ['XDG_DATA_HOME'] = os.environ['HOME'] + '/moved'; "
    program += "print(paths.store_path(), paths.config_dir(), paths.state_dir(), paths.user_themes_dir())"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == 4
    assert list(tmp_path.iterdir()) == []


def test_themes_next_to_the_package_are_found() -> None:
    assert paths.bundled_themes_dir() == Path(__file__).parents[1] / "themes"


def test_themes_in_the_wheel_take_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hottui" / "themes").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "hottui")
    assert paths.bundled_themes_dir() == tmp_path / "hottui" / "themes"
