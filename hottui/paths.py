"""Where hottui keeps its files. Nothing here creates a folder; whoever writes a file does.

The user's folders are those of the platform (on Linux the XDG ones, which `XDG_DATA_HOME` and its sisters move).
"""

from pathlib import Path
from typing import Final

from platformdirs import user_config_path, user_data_path, user_state_path

_APP: Final = "hottui"
_PACKAGE: Final = Path(__file__).resolve().parent


def config_dir() -> Path:
    """The folder of what the user writes: `config.toml` and `themes/`."""
    return user_config_path(_APP, appauthor=False)


def config_path() -> Path:
    """The file with profiles and settings; it need not exist."""
    return config_dir() / "config.toml"


def user_themes_dir() -> Path:
    """The folder of the user's own theme files; it need not exist."""
    return config_dir() / "themes"


def data_dir() -> Path:
    """The folder of what hottui keeps for the user: bookmarks and their history."""
    return user_data_path(_APP, appauthor=False)


def store_path() -> Path:
    """The SQLite file with bookmarks and history."""
    return data_dir() / "hottui.db"


def state_dir() -> Path:
    """The folder of what may be lost without harm: crash reports."""
    return user_state_path(_APP, appauthor=False)


def bundled_themes_dir() -> Path:
    """The folder of the theme files that come with hottui.

    A wheel carries `themes/` inside the package; in an editable install and in a checkout it lies beside it.
    """
    inside = _PACKAGE / "themes"
    return inside if inside.is_dir() else _PACKAGE.parent / "themes"
