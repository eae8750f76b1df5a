"""The pictures show what the app shows now. They are compared with the snapshots, which are compared with the app.

After a wanted change: `python -m tests.screenshots`, and look at what changed.
"""

import html
import re
import tomllib
from pathlib import Path

from hottui.tui.appearance import PALETTE
from tests.screenshots import FOLDER, PICTURES, SNAPSHOTS, Picture, digest

_TEXT = re.compile(r'<text class="\S+-r\d+"[^>]*>(.*?)</text>', re.DOTALL)
_COLOR = re.compile(r"-r\d+ \{ fill: (#[0-9a-f]{6})")

_LINE_END = "#c5c8c6"
"""The colour that Textual gives to line ends."""


def text_of(svg: str) -> str:
    """Return the text of a picture without spaces: the pictures place each word, the snapshots do not."""
    return "".join(html.unescape("".join(_TEXT.findall(svg))).split())


def file(picture: Picture, end: str) -> Path:
    return FOLDER / f"{picture.name}.{end}"


def read(picture: Picture) -> str:
    return file(picture, "svg").read_text(encoding="utf-8")


def test_there_is_an_svg_and_a_png_of_it_for_each_picture() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{each.name}.{end}" for each in PICTURES for end in ("svg", "png")
    }
    for picture in PICTURES:
        png = file(picture, "png").read_bytes()
        assert b"tEXtsource\x00" + digest(read(picture)).encode() in png, picture.name
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6_000_000


def test_a_picture_shows_what_the_snapshot_of_its_scene_shows() -> None:
    for picture in PICTURES:
        if picture.snapshot is not None:
            assert text_of(read(picture)) == text_of(picture.snapshot.read_text(encoding="utf-8")), picture.name


def test_the_pictures_with_jobs_have_the_columns_and_keys_of_today() -> None:
    for picture, scene in zip(PICTURES[:2], ("table", "overview"), strict=True):
        assert picture.snapshot is None
        snapshot = SNAPSHOTS / "test_snapshots" / f"test_scene[{scene}-120x40].svg"
        footer = text_of(snapshot.read_text(encoding="utf-8"))[-60:]
        assert text_of(read(picture)).endswith(footer), picture.name
        assert "STATEFORLABELCHANGEEFFECTJOBIDSEEN" in text_of(read(picture))


def test_a_picture_of_a_theme_has_its_colours() -> None:
    for picture in PICTURES:
        if picture.name.startswith("theme-"):
            theme = tomllib.loads((FOLDER.parent / "themes" / f"{picture.theme}.toml").read_text(encoding="utf-8"))
            known = {
                PALETTE.get(color, color)
                for table in theme.values()
                if isinstance(table, dict)
                for color in table.values()
            }
            assert set(_COLOR.findall(read(picture))) - {_LINE_END} <= known, picture.name
