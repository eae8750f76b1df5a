"""From a theme's colours to the named styles that lines are written in."""

from collections.abc import Mapping

from rich.style import Style

STATES = ("init", "updating", "updated", "failed", "unknown", "waiting", "stale", "gone", "denied")
GROUPS = 8
"""How many colours the slot sharing groups of a plan take turns in."""


def build(colors: Mapping[str, str], *, plain_cursor: bool = False) -> dict[str, Style]:
    """Every style by its name.

    `colors` are a theme's variables by name (`foreground`, `background`, `state-failed`, `group-3`, …) as `#rrggbb`.
    With a plain cursor, rows are marked by reverse video and underline instead of a shade.
    """
    ink, paper = colors["foreground"], colors["background"]

    def on(color: str, *, bold: bool = False) -> Style:
        return Style(color=color, bgcolor=paper, bold=bold or None)

    dim = on(colors["muted"])
    bar = Style(color=ink, bgcolor=colors["bar"])
    styles = {
        "text": on(ink),
        "bold": on(ink, bold=True),
        "dim": dim,
        "rule": on(colors["line"]),
        "header": on(colors["muted"], bold=True),
        "title": on(colors["primary"], bold=True),
        "accent": on(colors["accent"]),
        "changed": on(colors["changed"], bold=True),
        "secret": on(colors["muted"]),
        "error": on(colors["error"]),
        "warning": on(colors["warning"]),
        "success": on(colors["success"]),
        "tab": dim,
        "tab.open": Style(color=colors["primary"], bgcolor=paper, bold=True, underline=True),
        "bar": bar,
        "bar.dim": Style(color=colors["muted"], bgcolor=colors["bar"]),
        "bar.key": Style(color=colors["accent"], bgcolor=colors["bar"], bold=True),
        "bar.title": Style(color=colors["primary"], bgcolor=colors["bar"], bold=True),
        "bar.error": Style(color=colors["error"], bgcolor=colors["bar"], bold=True),
        "bar.warning": Style(color=colors["warning"], bgcolor=colors["bar"], bold=True),
        "bar.success": Style(color=colors["success"], bgcolor=colors["bar"]),
        "cursor": Style(reverse=True) if plain_cursor else Style(bgcolor=colors["cursor"]),
        "cursor.away": Style(underline=True) if plain_cursor else Style(bgcolor=colors["cursor-away"]),
        "box": on(colors["line"]),
        "edge": on(colors["edge"]),
        "edge.lit": on(colors["lit"], bold=True),
        "box.selected": on(colors["lit"], bold=True),
        "strategy": on(colors["accent"], bold=True),
    }
    styles |= {state: on(colors[f"state-{state}"], bold=state in {"failed", "updating"}) for state in STATES}
    styles |= {f"bar.{state}": Style(color=colors[f"state-{state}"], bgcolor=colors["bar"]) for state in STATES}
    styles |= {f"group.{n}": on(colors[f"group-{n}"]) for n in range(GROUPS)}
    return styles
