"""Themes: TOML files shipped in `themes/`, and the user's own in the config folder, which take precedence by name.

`themes/README.md` describes the format. Invalid files are skipped and reported with the reason.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.theme import Theme

from hottui.config.toml_reader import TomlError
from hottui.config.toml_reader import parse as parse_toml
from hottui.errors import ExitCode, HottuiError
from hottui.files import read_regular
from hottui.model.control_characters import shorten, visible
from hottui.render.glyphs import GROUPS
from hottui.tui.appearance import PALETTE, PLAIN_CURSORS, STATES

DEFAULT = "hottui-dark"
FEW_COLORS = "hottui-16-dark"
"""The default theme in a terminal with no more than 16 colours."""

_MOST_BYTES = 64 * 1024
"""Maximum size of one theme file: twenty times a complete one."""
_MOST_FILES = 100
"""Maximum number of theme files in one folder."""

_COLORS = (
    "foreground", "background", "muted", "bar", "line", "primary", "accent", "changed", "error", "warning", "success",
    "cursor", "cursor-away", "edge", "lit",
)  # fmt: skip
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_CURSORS = ("cursor", "cursor-away")
_TABLES = {
    "colors": _COLORS,
    "states": STATES,
    "groups": tuple(str(n) for n in range(GROUPS)),
}
_TOP = ("name", "dark", *_TABLES)


class ThemeError(HottuiError):
    """What is wrong with a theme file, phrased to follow `Theme file PATH skipped: `."""

    exit_code = ExitCode.USAGE


class PaletteTheme(Theme):
    """A theme of the terminal's own 16 colours."""


@dataclass(frozen=True, slots=True)
class LoadedThemes:
    """The loaded themes, and a message for each skipped file."""

    themes: tuple[Theme, ...]
    failures: tuple[str, ...]

    def find(self, name: str) -> Theme | None:
        """Return the theme called `name`, or None."""
        return next((theme for theme in self.themes if theme.name == name), None)


def load(folders: Iterable[Path]) -> LoadedThemes:
    """Load every `*.toml` in `folders`; a theme in a later folder replaces one of the same name."""
    themes: dict[str, Theme] = {}
    failures: list[str] = []
    for folder in folders:
        paths = sorted(folder.glob("*.toml"))
        if len(paths) > _MOST_FILES:
            failures.append(visible(f"{folder} has more than {_MOST_FILES} theme files; the rest are skipped."))
        for path in paths[:_MOST_FILES]:
            try:
                theme = parse(read_regular(path, _MOST_BYTES).decode("utf-8-sig"))
            except (OSError, UnicodeDecodeError, TomlError, ThemeError) as error:
                failures.append(visible(f"Theme file {path} skipped: {_reason(error)}."))
            else:
                themes[theme.name] = theme
    return LoadedThemes(tuple(themes.values()), tuple(failures))


def _reason(error: Exception) -> str:
    match error:
        case OSError():
            return error.strerror or str(error)
        case UnicodeDecodeError():
            return "it is not UTF-8 text"
        case TomlError(line=int(line)):
            return f"line {line:,}: {error}"
    return str(error)


def parse(text: str) -> Theme:
    """Return the theme described by a TOML text. Raises ThemeError or TomlError."""
    document = parse_toml(text)
    _check_keys(document, _TOP, "the file")
    name, dark = document["name"], document["dark"]
    if not isinstance(name, str) or not re.fullmatch(r"[\w.-]{1,40}", name):
        raise ThemeError("`name` must be 1 to 40 letters, digits, dots, dashes or underscores")
    if not isinstance(dark, bool):
        raise ThemeError("`dark` must be true or false")
    colors: dict[str, dict[str, str]] = {}
    for table, keys in _TABLES.items():
        part = document[table]
        if not isinstance(part, dict):
            raise ThemeError(f"`{table}` must be a table")
        _check_keys(part, keys, f"[{table}]")
        for key, value in part.items():
            if not _is_color(value) and not (key in _CURSORS and value in PLAIN_CURSORS):
                raise ThemeError(f"`{key}` in [{table}] must be a colour such as #5fafff{_alternatives(key)}")
        colors[table] = part
    used = {value for part in colors.values() for value in part.values() if value not in PLAIN_CURSORS}
    if 0 < sum(value in PALETTE for value in used) < len(used):
        raise ThemeError("either all colours have names, or none")
    return _theme(name, dark, colors, PaletteTheme if used <= PALETTE.keys() else Theme)


def _is_color(value: object) -> bool:
    return isinstance(value, str) and (value in PALETTE or _HEX.fullmatch(value) is not None)


def _alternatives(key: str) -> str:
    return f", or `{'` or `'.join(PLAIN_CURSORS)}`" if key in _CURSORS else " or bright-blue"


def _check_keys(table: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key[:40], known, 1)
            raise ThemeError(
                f"{where} has an unknown key `{shorten(key, 40)}`" + (f"; did you mean `{near[0]}`?" if near else "")
            )
    for key in known:
        if key not in table:
            raise ThemeError(f"{where} is missing `{key}`")


def _theme(name: str, dark: bool, tables: dict[str, dict[str, str]], kind: type[Theme]) -> Theme:
    tables = {table: {key: PALETTE.get(color, color) for key, color in part.items()} for table, part in tables.items()}
    colors = tables["colors"]
    variables = {key: colors[key] for key in _COLORS if key not in {"foreground", "background", "primary"}}
    variables |= {f"state-{state}": color for state, color in tables["states"].items()}
    variables |= _widget_colors(colors)
    variables |= {f"group-{n}": color for n, color in tables["groups"].items()}
    return kind(
        name=name,
        dark=dark,
        primary=colors["primary"],
        accent=colors["accent"],
        warning=colors["warning"],
        error=colors["error"],
        success=colors["success"],
        foreground=colors["foreground"],
        background=colors["background"],
        surface=colors["background"],
        panel=colors["bar"],
        variables=variables,
    )


def _widget_colors(colors: dict[str, str]) -> dict[str, str]:
    """Return variables of Textual's own widgets whose default colours have too little contrast."""
    shaded = colors["cursor"] not in PLAIN_CURSORS
    return {
        "text-muted": colors["muted"],
        "text-disabled": colors["muted"],
        "block-cursor-blurred-foreground": colors["foreground"],
        "block-cursor-blurred-background": colors["cursor" if shaded else "background"],
        "block-cursor-blurred-text-style": "none" if shaded else "underline",
    }


def colors_of(theme: Theme) -> dict[str, str]:
    """Return a theme's colours by the names that `build_styles` expects."""
    return {
        "foreground": theme.foreground or "",
        "background": theme.background or "",
        "primary": theme.primary,
        **theme.variables,
    }
