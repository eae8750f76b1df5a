"""Paths of hottui's files. Nothing here creates a folder; the code that writes a file does.

The folders are the platform's (on Linux those of the XDG specification, set by `XDG_DATA_HOME` and the like).
"""

from pathlib import Path
from typing import Final

from platformdirs import user_config_path, user_data_path, user_state_path

_APP: Final = "hottui"
_PACKAGE: Final = Path(__file__).resolve().parent


def config_dir() -> Path:
    """Return the folder of `config.toml` and `themes/`."""
    return user_config_path(_APP, appauthor=False)


def config_path() -> Path:
    """Return the path of `config.toml`, which need not exist."""
    return config_dir() / "config.toml"


def user_themes_dir() -> Path:
    """Return the folder of the user's theme files, which need not exist."""
    return config_dir() / "themes"


def data_dir() -> Path:
    """Return the folder of bookmarks and history."""
    return user_data_path(_APP, appauthor=False)


def store_path() -> Path:
    """Return the path of the SQLite file."""
    return data_dir() / "hottui.db"


def state_dir() -> Path:
    """Return the folder of crash reports and the remembered layout."""
    return user_state_path(_APP, appauthor=False)


def readme_path() -> Path:
    """Return the path of the README: inside the package in a wheel, next to it in a checkout."""
    inside = _PACKAGE / "README.md"
    return inside if inside.is_file() else _PACKAGE.parent / "README.md"


def bundled_themes_dir() -> Path:
    """Return the folder of the theme files that ship with hottui.

    In a wheel, `themes/` is inside the package; in an editable install or a checkout it is next to it.
    """
    inside = _PACKAGE / "themes"
    return inside if inside.is_dir() else _PACKAGE.parent / "themes"
