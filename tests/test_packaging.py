"""The content of the wheel, as built by the build backend."""

import subprocess
import sys
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
    assert {name.partition("/")[0] for name in names} == {"hottui", about}
    assert f"{about}/licenses/LICENSE" in names
    assert "hottui = hottui.cli:main" in commands
    assert "\nRequires-Python: >=3.11\n" in metadata
