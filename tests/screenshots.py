"""Take the pictures of the README: `python -m tests.screenshots [NAME...]` draws the real app on the demo.

It needs the extra `screenshots`. Clocks are fixed: the same code gives the same files, but for what is known of jobs by
then.
"""

import asyncio
import hashlib
import html
import importlib
import io
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len

FOLDER = Path(__file__).parents[1] / "screenshots"
SNAPSHOTS = Path(__file__).parent / "tui" / "__snapshots__"
WIDE, SMALL = (120, 40), (80, 24)

_CELL = 12.2
"""Width of a cell in the units of Textual's SVG."""
_PNG_WIDTH, _PNG_COLOURS, _OCTREE = 1_000, 255, 2
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


@dataclass(frozen=True)
class Picture:
    """A file name without its end, a scene, the size of the terminal, and the theme instead of that of the scene."""

    name: str
    scene: str
    size: tuple[int, int] = WIDE
    theme: str = ""

    @property
    def snapshot(self) -> Path | None:
        """The picture of the same scene that the tests compare with the app; None if there is none."""
        if self.scene == "job":
            return SNAPSHOTS / "test_job_screen" / "test_snapshot[orders-enrich noon-120x40].svg"
        path = SNAPSHOTS / "test_snapshots" / f"test_scene[{self.scene}-{self.size[0]}x{self.size[1]}].svg"
        return path if path.exists() else None


THEMES = tuple(sorted(path.stem for path in (FOLDER.parent / "themes").glob("*.toml")))
PICTURES = (
    Picture("table", "effects"),
    Picture("overview", "effect"),
    *(Picture(name, name) for name in (
        "failure", "conf", "batch", "streaming", "plan", "timeline", "answer", "help", "comparison", "comparison-plans",
        "job",
    )),
    *(Picture(f"{name}-80x24", name, SMALL) for name in ("table", "plan")),
    *(Picture(f"theme-{theme.removeprefix('hottui-')}", "overview", WIDE, theme) for theme in THEMES),
    Picture("plan-light", "plan", WIDE, "hottui-light"),
)  # fmt: skip


async def draw(picture: Picture, folder: Path) -> str:
    """Return the SVG of a picture."""
    from hottui.model.job_insight import Insight
    from tests.tui.scenes import SCENES, WITH_JOBS
    from tests.tui.stage import START, Stage, StubStage
    from tests.tui.test_job_screen import LABEL, know_job, opened

    if picture.scene == "job":
        stub = StubStage(size=None, denied=False)
        for row in stub.monitor.hot_updates_of(know_job(stub, LABEL)):
            stub.monitor.insights[row.ref] = Insight(row.ref, START)
        app = stub.app(theme=picture.theme)
        async with app.run_test(size=picture.size) as pilot:
            await stub.settle(pilot)
            await opened(pilot, LABEL)
            return standalone(app.export_screenshot(title="hottui", simplify=True))
    scene = next(scene for scene in (*SCENES, *WITH_JOBS) if scene.name == picture.scene)
    stage = Stage(folder, size=None, bookmarked=not scene.empty, denied=scene.denied, insight=scene.seconds > 0)
    app = stage.app(theme=picture.theme or scene.theme, ascii=scene.ascii)
    app.get_line_filters = list  # type: ignore[method-assign]  # the 16 colours of xterm instead of Rich's
    async with app.run_test(size=picture.size) as pilot:
        await scene.play(stage, pilot)
        return standalone(app.export_screenshot(title="hottui", simplify=True))


def digest(svg: str) -> str:
    """Return what a PNG keeps of the SVG that it was made of."""
    return hashlib.sha256(svg.encode()).hexdigest()


def to_png(svg: str) -> bytes:
    """Return a small PNG of an SVG. It is drawn with DejaVu Sans Mono; Chinese needs WenQuanYi Zen Hei."""
    resvg, image_module, png = (
        importlib.import_module(name) for name in ("resvg_py", "PIL.Image", "PIL.PngImagePlugin")
    )
    fonts = svg.replace(f"font-family: {_FONTS}", "font-family: DejaVu Sans Mono, WenQuanYi Zen Hei")
    image = image_module.open(io.BytesIO(bytes(resvg.svg_to_bytes(svg_string=fonts, width=_PNG_WIDTH))))
    about = png.PngInfo()
    about.add_text("source", digest(svg))
    file = io.BytesIO()
    image.convert("RGB").quantize(_PNG_COLOURS, method=_OCTREE, dither=0).save(
        file, "PNG", optimize=True, pnginfo=about
    )
    return file.getvalue()


def main(folder: Path, names: list[str]) -> None:
    """Draw the pictures called `names`, or all, into `folder`."""
    os.environ |= {"TZ": "UTC", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    time.tzset()
    folder.mkdir(exist_ok=True)
    for picture in PICTURES:
        if names and picture.name not in names:
            continue
        with tempfile.TemporaryDirectory() as own:
            for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
                os.environ[variable] = own
            svg = asyncio.run(draw(picture, Path(own)))
        (folder / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
        (folder / f"{picture.name}.png").write_bytes(to_png(svg))
        sys.stderr.write(f"{picture.name}\n")


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    main(FOLDER, sys.argv[1:])
