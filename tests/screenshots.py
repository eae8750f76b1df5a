"""Take the pictures of the README: `python -m tests.screenshots [FOLDER]` draws the real app on the demo.

Clocks are fixed, so that the same code gives identical files.
"""

import asyncio
import html
import os
import re
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len

FOLDER = Path(__file__).parents[1] / "screenshots"
WIDE, SMALL = (120, 40), (80, 24)

_CELL = 12.2
"""Width of a cell in the units of Textual's SVG."""
_FONTS = "Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace"
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TEXT = re.compile(r'<text class="(\S+-r\d+)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>(.*?)</text>')
_RUN = re.compile(r"[^\xa0 ]+")


def standalone(svg: str) -> str:
    """Return Textual's SVG without web fonts, with every word placed at its cells, so that any font is aligned."""
    svg = without_fonts(svg).replace("font-family: Fira Code, monospace", f"font-family: {_FONTS}")
    svg = svg.replace("font-variant-east-asian: full-width;", "")
    return _TEXT.sub(_words, svg) + "\n"


def without_fonts(svg: str) -> str:
    """Return Textual's SVG without web fonts."""
    return _FONT_FACE.sub("", svg)


def _words(match: re.Match[str]) -> str:
    style, x, y, rest, text = match[1], float(match[2]), match[3], match[4], html.unescape(match[5])
    placed = []
    for run in _RUN.finditer(text):
        left, length = x + cell_len(text[: run.start()]) * _CELL, cell_len(run[0]) * _CELL
        placed.append(
            f'<text class="{style}" x="{left:g}" y="{y}" textLength="{length:g}" lengthAdjust="spacingAndGlyphs"'
            f"{rest}>{html.escape(run[0])}</text>"
        )
    return "".join(placed)


def scenes() -> list[tuple[str, "Scene", tuple[int, int]]]:
    """The files, their scenes, and the size of the terminal."""
    from tests.tui.scenes import SCENES

    by_name = {scene.name: scene for scene in SCENES}
    wide = ("table", "overview", "failure", "conf", "batch", "streaming", "plan", "timeline", "answer", "help")
    return [
        *((name, by_name[name], WIDE) for name in wide),
        *((f"{name}-light", replace(by_name[name], theme="hottui-light"), WIDE) for name in ("table", "plan")),
        *((f"{name}-80x24", by_name[name], SMALL) for name in ("table", "plan")),
    ]


async def draw(scene: "Scene", size: tuple[int, int], folder: Path) -> str:
    """Return the SVG of one scene."""
    from tests.tui.stage import Stage

    stage = Stage(folder, size=None, bookmarked=not scene.empty, denied=scene.denied)
    app = stage.app(theme=scene.theme, ascii=scene.ascii)
    async with app.run_test(size=size) as pilot:
        await scene.play(stage, pilot)
        svg = app.export_screenshot(title="hottui", simplify=True)
    return standalone(svg)


def main(folder: Path) -> None:
    """Draw everything into `folder`."""
    os.environ |= {"TZ": "UTC", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    time.tzset()
    folder.mkdir(exist_ok=True)
    for name, scene, size in scenes():
        with tempfile.TemporaryDirectory() as own:
            for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
                os.environ[variable] = own
            svg = asyncio.run(draw(scene, size, Path(own)))
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        sys.stderr.write(f"{name}.svg\n")


if __name__ == "__main__":
    from tests.tui.scenes import Scene

    os.environ.pop("NO_COLOR", None)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
