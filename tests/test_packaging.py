"""The content of the wheel, as built by the build backend."""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


def test_the_wheel_contains_themes_types_and_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with ZipFile(tmp_path / done.stdout.splitlines()[-1]) as wheel:
        names = set(wheel.namelist())
        (about,) = {name.partition("/")[0] for name in names if ".dist-info/" in name}
        commands = wheel.read(f"{about}/entry_points.txt").decode()
        metadata = wheel.read(f"{about}/METADATA").decode()
    assert {name for name in names if name.endswith(".toml")} == {
        f"hottui/themes/{path.name}" for path in (ROOT / "themes").glob("*.toml")
    }
    assert "hottui/themes/hottui-dark.toml" in names
    assert {"hottui/py.typed", "hottui/README.md"} <= names
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "hottui").rglob("*.py")} <= names
    data = f"{about.removesuffix('.dist-info')}.data"
    assert {name.partition("/")[0] for name in names} == {"hottui", about, data}
    assert {name for name in names if name.startswith(data)} == {f"{data}/data/share/man/man1/hottui.1"}
    assert f"{about}/licenses/LICENSE" in names
    assert "hottui = hottui.cli:main" in commands
    assert "\nRequires-Python: >=3.11\n" in metadata


def test_the_build_has_what_the_manual_page_needs() -> None:
    program = "import sys, hottui.cli.manual as m; m.manual(); print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    packages = {name for name in done.stdout.split() if not name.startswith("_")} - sys.stdlib_module_names
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    found = {path.name for path in ROOT.iterdir()} | {name.partition(">")[0] for name in required}
    assert packages & importlib.metadata.packages_distributions().keys() - {"hottui"} <= found
