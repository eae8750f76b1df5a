"""Themes: the shipped ones, the user's own, and files that cannot be used."""

import itertools
import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.color import Color
from rich.style import Style
from textual.command import CommandList

from hottui import paths
from hottui.render.glyphs import severity_style
from hottui.tui import themes
from hottui.tui.appearance import PALETTE, build_styles
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import AppPilot, drawn, foot, screen_text, table, until

SHIPPED = themes.load([paths.bundled_themes_dir()])


def text_of(name: str) -> str:
    """The shipped theme as text."""
    return (paths.bundled_themes_dir() / f"{name}.toml").read_text(encoding="utf-8")


def write(name: str, text: str) -> Path:
    """A theme file of the user's."""
    folder = paths.user_themes_dir()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def linear(color: str) -> list[float]:
    """Red, green and blue of a `#rrggbb` colour, linear, from 0 to 1."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two `#rrggbb` colours."""

    def light(color: str) -> float:
        red, green, blue = linear(color)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_a_dark_and_a_light_theme_are_shipped_and_whole() -> None:
    assert SHIPPED.failures == ()
    assert {(theme.name, theme.dark) for theme in SHIPPED.themes} >= {("hottui-dark", True), ("hottui-light", False)}
    assert themes.DEFAULT in {theme.name for theme in SHIPPED.themes}


LINES = {"rule", "box", "edge", "edge.lit", "box.selected"}
"""Styles of lines, for which WCAG asks for 3:1."""
CURSORS = ("cursor", "cursor.away")


def hex_of(color: Color | None, number: int) -> str:
    """The colour as `#rrggbb`; one of the terminal's own has xterm's value."""
    assert color is not None
    if color.number is not None:
        return list(PALETTE.values())[color.number]
    assert color.triplet is not None, number
    return color.triplet.hex


def drawn_contrast(style: Style) -> float:
    """The contrast of a text in `style`; reverse video has the same."""
    return contrast(hex_of(style.color, 7), hex_of(style.bgcolor, 0))


def test_every_text_can_be_read_on_every_background() -> None:
    for theme in SHIPPED.themes:
        styles = build_styles(themes.colors_of(theme))
        least = 7.0 if theme.name == "hottui-high-contrast" else 4.5
        for name, style in styles.items():
            if name in CURSORS:
                continue
            over = () if name.startswith("bar") else tuple(styles[cursor] for cursor in CURSORS)
            for whole in (style, *(style + cursor for cursor in over)):
                assert drawn_contrast(whole) >= (3.0 if name in LINES else least), (theme.name, name, str(whole))


def test_a_low_severity_is_not_bold() -> None:
    for theme in SHIPPED.themes:
        styles = build_styles(themes.colors_of(theme))
        assert styles[severity_style("CRITICAL")].bold
        assert not styles[severity_style("LOW")].bold


DICHROMACY = {
    "hottui-deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "hottui-tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What is seen of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1)."""


def perceived(color: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """The CIE L*a*b* (D65) of a colour as it is seen."""
    own = linear(color)
    red, green, blue = (min(max(sum(a * b for a, b in zip(row, own, strict=True)), 0.0), 1.0) for row in matrix)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_states_are_told_apart_without_seeing_all_colours() -> None:
    for name, matrix in DICHROMACY.items():
        theme = SHIPPED.find(name)
        assert theme is not None
        colors = themes.colors_of(theme)
        wanted = (
            "state-init",
            "state-updating",
            "state-updated",
            "state-failed",
            "state-unknown",
            "state-stale",
            "muted",
        )
        for one, other in itertools.combinations(wanted, 2):
            apart = math.dist(perceived(colors[one], matrix), perceived(colors[other], matrix))
            assert apart >= 20, (name, one, other)


def test_every_style_has_its_colours() -> None:
    for theme in SHIPPED.themes:
        for name, style in build_styles(themes.colors_of(theme)).items():
            assert style.color or style.bgcolor or style.reverse or style.underline, name


def test_a_users_theme_replaces_the_shipped_one_of_the_same_name() -> None:
    write("mine.toml", text_of("hottui-dark").replace('primary = "#5fafff"', 'primary = "#123456"'))
    shelf = themes.load([paths.bundled_themes_dir(), paths.user_themes_dir()])
    theme = shelf.find("hottui-dark")
    assert theme is not None
    assert theme.primary == "#123456"
    assert len(shelf.themes) == len(SHIPPED.themes)


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "not toml": (lambda text: "name = ", "Invalid value"),
    "unknown key": (lambda text: text.replace("muted =", "mutted ="), "unknown key `mutted`; did you mean `muted`?"),
    "missing key": (lambda text: text.replace('lit = "#5fd7ff"', ""), "is missing `lit`"),
    "missing table": (lambda text: text.partition("[groups]")[0], "is missing `groups`"),
    "no colour": (lambda text: text.replace('"#5fd7ff"', '"bleu"', 1), "must be a colour such as #5fafff or bright"),
    "a name among values": (lambda text: text.replace('"#5fd7ff"', '"blue"', 1), "either all colours have names"),
    "a cursor's word elsewhere": (lambda text: text.replace('"#5fd7ff"', '"reverse"', 1), "must be a colour"),
    "colour of another type": (lambda text: text.replace('lit = "#5fd7ff"', "lit = 7"), "must be a colour"),
    "table of another type": (lambda text: "groups = 3\n" + text.partition("[groups]")[0], "`groups` must be a table"),
    "name": (lambda text: text.replace('name = "hottui-dark"', 'name = "a b\\u001b[2J"'), "`name` must be"),
    "dark": (lambda text: text.replace("dark = true", 'dark = "yes"'), "`dark` must be true or false"),
}


@pytest.mark.parametrize(("spoil", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_the_reason(spoil: Callable[[str], str], reason: str) -> None:
    path = write("broken.toml", spoil(text_of("hottui-dark")))
    shelf = themes.load([paths.bundled_themes_dir(), paths.user_themes_dir()])
    assert shelf.themes == SHIPPED.themes
    (failure,) = shelf.failures
    assert str(path) in failure
    assert reason in failure


def test_a_file_that_is_no_text_or_cannot_be_read_is_named() -> None:
    write("binary.toml", "").write_bytes(b"\xff\xfe\x00")
    (paths.user_themes_dir() / "folder.toml").mkdir()
    shelf = themes.load([paths.user_themes_dir()])
    assert len(shelf.failures) == 2


async def test_no_theme_stops_the_dashboard(make_stage: MakeStage) -> None:
    texts = {
        "deep": "x = " + "[" * 60_000,
        "digits": "groups = " + "9" * 5_000,
        "keys": "".join(f"k{n} = 1\n" for n in range(200_000)),
        "parts": "a." * 30_000 + "a = 1",
        "long": "k" * 60_000 + " = 1",
        "escape": '"\\UFFFFFFFF" = 1',
    }
    folder = write("deep.toml", "").parent
    for name, text in texts.items():
        write(f"{name}.toml", text)
    os.mkfifo(folder / "pipe.toml")
    (folder / "device.toml").symlink_to("/dev/zero")
    (folder / "loop.toml").symlink_to("loop.toml")
    shelf = themes.load([paths.bundled_themes_dir(), folder])
    assert shelf.themes == SHIPPED.themes
    assert len(shelf.failures) == len(texts) + 3
    assert all(len(failure) < 400 for failure in shelf.failures)
    assert any("it is a pipe, not a file" in failure for failure in shelf.failures)
    stage = make_stage(size=2)
    async with stage.running((120, 24), theme="deep") as pilot:
        assert pilot.app.theme == themes.DEFAULT


def test_a_folder_of_many_themes_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "_MOST_FILES", 2)
    for number in range(3):
        write(f"t{number}.toml", text_of("hottui-dark").replace("hottui-dark", f"t{number}"))
    shelf = themes.load([paths.user_themes_dir()])
    assert [theme.name for theme in shelf.themes] == ["t0", "t1"]
    assert "more than 2 theme files" in shelf.failures[0]


async def test_the_dashboard_names_a_broken_theme_and_opens_with_the_others(make_stage: MakeStage) -> None:
    write("broken.toml", "name = 3\n")
    stage = make_stage(size=2)
    async with stage.running((200, 24), theme="hottui-light") as pilot:
        assert "broken.toml skipped" in foot(pilot)
        assert pilot.app.theme == "hottui-light"


@pytest.mark.parametrize("wanted", ["", "no-such-theme"])
async def test_an_unknown_theme_gives_the_default(make_stage: MakeStage, wanted: str) -> None:
    stage = make_stage(size=1)
    async with stage.running(theme=wanted) as pilot:
        assert pilot.app.theme == themes.DEFAULT
        assert (foot(pilot) == "No theme named no-such-theme; using hottui-dark.") == bool(wanted)


def papers(pilot: AppPilot) -> set[object]:
    """Every background colour on screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return {segment.style.bgcolor for strip in strips for segment in strip if segment.style}


async def test_a_theme_is_shown_while_it_is_chosen_and_restored_by_escape(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await pilot.press("enter")
        await loaded(pilot)
        text, dark = screen_text(pilot), papers(pilot)
        await pilot.press("T", *["down"] * len(SHIPPED.themes))
        await until(pilot, lambda: pilot.app.theme == "hottui-tritanopia")
        await pilot.press("up", "up")
        await until(pilot, lambda: pilot.app.theme == "hottui-light")
        await drawn(pilot)
        assert not dark & papers(pilot)
        assert "hottui-16-light        light, the terminal's own 16 colours" in screen_text(pilot)
        await pilot.press("escape")
        await drawn(pilot)
        assert pilot.app.theme == "hottui-dark"
        assert papers(pilot) == dark
        await pilot.press("T", "up", "enter")
        await drawn(pilot)
        assert foot(pilot) == "Theme: hottui-16-light"
        assert screen_text(pilot).splitlines()[:-1] == text.splitlines()[:-1]
        assert not dark & papers(pilot)


def unreadable(pilot: AppPilot) -> list[tuple[str, float]]:
    """Every text on screen, Textual's own widgets included, with less contrast than 4.5:1."""
    return [
        (segment.text.strip(), round(found, 2))
        for strip in pilot.app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None
        and any(char.isalnum() for char in segment.text)
        and ((found := drawn_contrast(segment.style)) < 4.5 or segment.style.dim)
    ]


OPENED = {
    "plan": (tab("plan"), "t"),
    "hint": ("a",),
    "selection": ("x", "shift+left"),
}
"""What is opened, and by which keys, each after the one before."""


async def test_every_text_on_screen_can_be_read_in_every_theme(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    async with stage.running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        pilot.app.notify("A note", severity="warning", timeout=100_000)
        for name, keys in OPENED.items():
            await pilot.press(*keys)
            await loaded(pilot)
            for theme in SHIPPED.themes:
                pilot.app.theme = theme.name
                await drawn(pilot)
                assert not unreadable(pilot), (name, theme.name, unreadable(pilot))
        for theme in SHIPPED.themes:  # the palette caches its texts
            await pilot.press("escape")
            pilot.app.theme = theme.name
            await pilot.press("ctrl+p")
            await until(pilot, lambda: len(pilot.app.screen.query_one(CommandList).options) > 10)
            await drawn(pilot)
            assert "Open the detail" in screen_text(pilot)
            assert not unreadable(pilot), ("palette", theme.name, unreadable(pilot))


async def test_textuals_own_themes_are_not_offered(make_stage: MakeStage) -> None:
    stage = make_stage(size=1)
    async with stage.running() as pilot:
        assert set(pilot.app.available_themes) == {theme.name for theme in SHIPPED.themes}


async def test_cursor_and_states_are_distinct_without_colour(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        y = table(pilot).region.y + 1 + [one.ref for one in table(pilot).rows].index(table(pilot).cursor)  # type: ignore[arg-type]
        strip = pilot.app.screen._compositor.render_strips()[y]
        assert all(segment.style and segment.style.reverse for segment in strip if segment.text.strip())
        assert "◐ UPDATING" in screen_text(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: len(pilot.app.screen.query_one(CommandList).options) > 10)
        await pilot.press("down", "down")
        await pilot.pause()
        options = pilot.app.screen.query_one(CommandList)
        assert options.highlighted == 2
        underlined = [
            any(segment.style is not None and bool(segment.style.underline) for segment in options.render_line(y))
            for y in range(options.size.height)
        ]
        assert any(underlined)
        assert not all(underlined)
