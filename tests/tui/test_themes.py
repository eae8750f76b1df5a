"""Themes: the shipped ones, the user's own, and files that cannot be used."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandList
from textual.theme import Theme

from hottui import paths
from hottui.tui import themes
from hottui.tui.appearance import STATES, build_styles
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded
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


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two `#rrggbb` colours."""

    def light(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_a_dark_and_a_light_theme_are_shipped_and_whole() -> None:
    assert SHIPPED.failures == ()
    assert {(theme.name, theme.dark) for theme in SHIPPED.themes} >= {("hottui-dark", True), ("hottui-light", False)}
    assert themes.DEFAULT in {theme.name for theme in SHIPPED.themes}


@pytest.mark.parametrize("theme", SHIPPED.themes, ids=lambda theme: theme.name)
def test_every_shipped_colour_can_be_read(theme: Theme) -> None:
    colors = themes.colors_of(theme)
    on_paper = ("foreground", "muted", "primary", "accent", "changed", "error", "warning", "success", "lit",
                *(f"state-{state}" for state in STATES), *(f"group-{n}" for n in range(8)))  # fmt: skip
    for name in on_paper:
        assert contrast(colors[name], colors["background"]) >= 4.0, name
    for name in ("foreground", "muted", "accent", "error", "warning", "success"):
        assert contrast(colors[name], colors["bar"]) >= 3.0, name
    for name in ("foreground", "muted", *(f"state-{state}" for state in STATES)):
        assert contrast(colors[name], colors["cursor"]) >= 3.0, name


def test_every_style_has_its_colours() -> None:
    for theme in SHIPPED.themes:
        for name, style in build_styles(themes.colors_of(theme)).items():
            assert style.color or style.bgcolor, name


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
    "no colour": (lambda text: text.replace('"#5fd7ff"', '"blue"', 1), "must be a colour such as #5fafff"),
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


async def test_another_theme_recolours_everything_at_once(make_stage: MakeStage) -> None:
    stage = make_stage()
    async with stage.running((120, 40)) as pilot:
        await pilot.press("enter")
        await loaded(pilot)
        text, dark = screen_text(pilot), papers(pilot)
        await pilot.press("T")
        await drawn(pilot)
        assert not dark & papers(pilot)
        assert screen_text(pilot).splitlines()[:-1] == text.splitlines()[:-1]


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
