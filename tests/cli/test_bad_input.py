"""Invalid input gives one clear message and the right exit code; never a traceback or a lost bookmark."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hottui import paths
from hottui.cli.inputs import MAX_INPUT
from hottui.store.schema import SCHEMA_VERSION
from hottui.store.store import Store

from .conftest import Command, Home, process

HERE = ("-r", "cn-hangzhou", "-w", "w1")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a b", "contains a space"),
        ("a/b", "contains a slash"),
        ("a\\b", "contains a slash"),
        ("https://x.example/y", "contains a slash"),
        ("订单", "a non-ASCII character"),
        ("x" * 10_000, "has 10,000 characters; at most 256 are accepted"),
        (".", "is not valid: HTTP clients remove it"),
        ("..", "is not valid: HTTP clients remove it"),
        ("", "The ID is empty"),
        ("a\x1b[31m", "a control character"),
        ("a\nb", "a control character"),
        ("a\u202eb", "a non-ASCII character"),
        ("\udcff", "a non-ASCII character"),
    ],
    ids=[
        "space",
        "slash",
        "backslash",
        "url",
        "chinese",
        "long",
        "dot",
        "dots",
        "empty",
        "escape",
        "line",
        "bidi",
        "byte",
    ],
)
@pytest.mark.parametrize("command", [("add",), ("rm",), ("get",), ("dashboard",)], ids=" ".join)
def test_an_invalid_id_is_rejected(hottui: Command, command: tuple[str, ...], name: str, reason: str) -> None:
    outcome = hottui(*command, *HERE, "--", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert reason in outcome.err
    assert len(outcome.err) < 300
    assert len(outcome.err.splitlines()) == 1
    assert not set("\x1b\u202e\udcff") & set(outcome.err)
    assert not paths.store_path().exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-r", "cn-hangzouh", "-w", "w"], "Unknown region 'cn-hangzouh'. Did you mean cn-hangzhou"),
        (["-r", "cn-hangzouh"], "Unknown region 'cn-hangzouh'."),
        (["--endpoint", "http://example.com", "-w", "w"], "uses plain http to another machine. Use https."),
        (["--endpoint", "https://x.example/api", "-w", "w"], "must consist of scheme, host and port only"),
        (["--endpoint", "ftp://x.example", "-w", "w"], "must begin with https://."),
        (["-r", "cn-hangzhou", "-w", "a b"], "The workspace 'a b' contains a space"),
        (["-r", "cn-hangzhou", "-w", "w", "-n", "../x"], "The namespace '../x' contains a slash"),
        (["-p", "prdo"], 'No profile "prdo" in '),
        (
            ["-r", "cn-hangzhou", "-w", ""],
            "Invalid value for '-w' / '--workspace' (env var: 'HOTTUI_WORKSPACE'): must not be empty.",
        ),
        (["-r", "", "-w", "w"], "must not be empty."),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("command", [["get", "x1"], ["add", "x1"], ["dashboard"], ["dashboard", "x1"]], ids=" ".join)
def test_an_invalid_location_is_rejected(hottui: Command, command: list[str], options: list[str], message: str) -> None:
    outcome = hottui(*command, *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert not paths.store_path().exists()


@pytest.mark.parametrize("command", [["get", "x1"], ["add", "x1"], ["dashboard", "x1"]], ids=" ".join)
def test_a_missing_location_is_reported_with_a_hint(hottui: Command, command: list[str]) -> None:
    outcome = hottui(*command)
    assert (outcome.code, outcome.out) == (2, "")
    assert (
        "hottui: No region and no workspace configured.\n        Pass --region cn-hangzhou (or --endpoint)"
        in outcome.err
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[profiles.p]\nregoin = "cn-hangzhou"', 'line 2: profiles.p.regoin is not a setting of hottui.'),
        ("interval = 2\nthemes = 'x'", 'Did you mean "theme"?'),
        ('interval = "fast"', "line 1: interval must be a number, not text."),
        ("[profiles.p\n", "line 1: invalid TOML"),
        ('[profiles.p]\nendpoint = "http://example.com"', "line 2: profiles.p.endpoint is invalid"),
        ('profile = "q"\n[profiles.p]\n', "line 1: profile is \"q\", but there is no such profile."),
        ('[profiles.p]\naccess_key_secret = "hunter2"', "hottui stores no keys"),
    ],
    ids=["typo", "top", "type", "toml", "http", "default", "secret"],
)  # fmt: skip
@pytest.mark.parametrize(
    "command", [["get", "x1"], ["add", "x1"], ["rm", "x1"], ["dashboard"], ["vacuum"]], ids=" ".join
)
def test_an_invalid_config_is_reported(
    hottui: Command, home: Home, command: list[str], text: str, message: str
) -> None:
    path = home.configure(text)
    outcome = hottui(*command)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"hottui: {path}, line ")
    assert message in outcome.err
    assert "hunter2" not in outcome.err


def test_a_config_that_is_a_directory_is_reported(hottui: Command) -> None:
    paths.config_path().mkdir(parents=True)
    outcome = hottui("get", "x1")
    assert outcome.code == 2
    assert f"{paths.config_path()} cannot be read (Is a directory)." in outcome.err


def too_new(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    raw.close()


def another_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def under_a_file(path: Path) -> None:
    for each in path.parent.iterdir():
        each.unlink()
    path.parent.rmdir()
    path.parent.write_text("a file")


@pytest.mark.parametrize(
    "command", [["ls"], ["add", "x2", *HERE], ["rm", "x1"], ["dashboard"], ["export"], ["vacuum"]], ids=" ".join
)
@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (too_new, "was created by a newer version of hottui; it was not changed."),
        (another_folder, "is a folder, not a file."),
        (under_a_file, "cannot be opened (Not a directory)."),
    ],
    ids=["newer", "folder", "under-a-file"],
)  # fmt: skip
def test_an_unusable_store_is_exit_code_5(
    hottui: Command, command: list[str], break_it: Callable[[Path], None], message: str
) -> None:
    hottui("add", "x1", *HERE)
    break_it(paths.store_path())
    outcome = hottui(*command)
    assert (outcome.code, outcome.out) == (5, "")
    assert message in outcome.err


@pytest.mark.parametrize(("command", "wanted"), [(["add", "x1", *HERE], 5), (["ls"], 5), (["info"], 0)], ids=str)
def test_an_unwritable_data_folder_is_reported(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, command: list[str], wanted: int
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/sys/hottui")  # not even root may make a folder there
    outcome = hottui(*command)
    assert outcome.code == wanted
    assert "/sys/hottui/hottui/hottui.db" in outcome.err + outcome.out


NO_ROOM = """
import resource
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
from hottui.cli import main
main()
"""
"""hottui under a file size limit of zero, so that its store is read-only."""
EXPORT = b'{"format": "hottui", "version": 1, "bookmarks": []}'


@pytest.mark.parametrize("command", [["add", "x2", *HERE], ["rm", "x1"], ["vacuum"], ["import", "-"]], ids=" ".join)
def test_a_read_only_store_is_reported_by_commands_that_write(hottui: Command, command: list[str]) -> None:
    hottui("add", "x1", *HERE)
    outcome = process(*command, program=("-c", NO_ROOM), given=EXPORT if "-" in command else b"")
    assert (outcome.code, outcome.out) == (5, "")
    assert outcome.err == (
        f"hottui: No space left to write the store {paths.store_path()}.\n"
        "        Free disk space, or raise the quota.\n"
    )


@pytest.mark.parametrize(
    ("command", "printed"), [(["ls"], ""), (["export"], "hottui: Exported 1 bookmark.\n")], ids=["ls", "export"]
)
def test_commands_that_read_work_with_a_read_only_store(hottui: Command, command: list[str], printed: str) -> None:
    hottui("add", "x1", *HERE)
    outcome = process(*command, program=("-c", NO_ROOM))
    assert (outcome.code, outcome.err) == (0, printed)
    assert "x1" in outcome.out


@pytest.mark.parametrize("command", [["add", "x2", *HERE], ["ls"]], ids=" ".join)
def test_a_file_that_is_not_a_database_is_moved_aside(hottui: Command, command: list[str]) -> None:
    path = paths.store_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"my only letter to her\n" * 100)
    outcome = hottui(*command)
    assert outcome.code == 0
    (aside,) = path.parent.glob("hottui.db.broken-*")
    assert aside.read_bytes().startswith(b"my only letter")
    assert aside.name in outcome.err


def test_a_locked_store_is_reported_and_nothing_is_lost(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hottui("add", "x1", *HERE)
    monkeypatch.setitem(vars(Store)["open"].__func__.__kwdefaults__, "timeout", 0.2)  # seconds
    holder = sqlite3.connect(paths.store_path(), isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        outcome = hottui("add", "x2", *HERE)
        listed = hottui("ls", "-o", "json")
    finally:
        holder.close()
    assert outcome.code == 5
    assert "is locked by another process" in outcome.err
    assert (listed.code, len(listed.out.splitlines())) == (0, 1)
    assert hottui("add", "x2", *HERE).code == 0


def test_an_internal_error_writes_a_report_and_no_traceback(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("hottui.cli.wiring.open_store", broken)
    outcome = hottui("ls")
    assert (outcome.code, outcome.out) == (1, "")
    assert "Internal error (RuntimeError); hottui stopped." in outcome.err
    assert "Traceback" not in outcome.err
    (report,) = paths.state_dir().iterdir()
    assert str(report) in outcome.err
    assert "RuntimeError" in report.read_text()
    assert "hunter2" not in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["import", ""], "The file name is empty."),
        (["export", ""], "The file name is empty."),
        (["export", "new/"], "new/ is a folder, not a file."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_invalid_file_name_is_reported(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch, command: list[str], message: str
) -> None:
    monkeypatch.chdir(home.folder)
    outcome = hottui(*command)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"hottui: {message}\n")
    assert not (home.folder / "new").exists()


def test_a_binary_file_is_neither_a_plan_nor_an_export(hottui: Command, home: Home) -> None:
    binary = home.folder / "binary"
    binary.write_bytes(b"\x7fELF\xff")
    outcome = hottui("graph", str(binary))
    assert (outcome.code, outcome.err) == (6, f"hottui: {binary} is not UTF-8 text (byte 5).\n")
    outcome = hottui("import", str(binary))
    assert outcome.code == 2
    assert f"{binary} is not a hottui export: it is not UTF-8 text: byte 5 cannot be read." in outcome.err


@pytest.mark.parametrize(("command", "code"), [(["add", *HERE, "-"], 2), (["graph", "-"], 6)], ids=str)
def test_endless_input_is_rejected(hottui: Command, command: list[str], code: int) -> None:
    outcome = hottui(*command, given=b"x" * (MAX_INPUT + 1))
    assert outcome.code == code
    assert "is larger than 67,108,864 bytes, the limit." in outcome.err


@pytest.mark.parametrize("command", ["graph", "import"])
def test_devices_and_directories_are_rejected(hottui: Command, command: str) -> None:
    for path, reason in {"/dev/zero": "it is a device, not a file", "/.": "Is a directory"}.items():
        outcome = hottui(command, path)
        assert outcome.code == 2
        assert f"cannot be read: {reason}.\n" in outcome.err


@pytest.mark.parametrize(("value", "ascii_alone"), [("1", True), ("yes", True), ("0", False), ("off", False)])
def test_a_boolean_variable(hottui: Command, monkeypatch: pytest.MonkeyPatch, value: str, ascii_alone: bool) -> None:
    hottui("add", "x1", "--label", "é", *HERE)
    monkeypatch.setenv("HOTTUI_ASCII", value)
    assert hottui("ls").out.isascii() is ascii_alone


def test_an_invalid_boolean_variable_is_reported(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTTUI_ASCII", "maybe")
    outcome = hottui("ls")
    assert outcome.code == 2
    assert "(env var: 'HOTTUI_ASCII'): 'maybe' is not 1 or 0." in outcome.err


def test_a_label_that_is_too_long_is_rejected(hottui: Command) -> None:
    outcome = hottui("add", "x1", "--label", "x" * 257, *HERE)
    assert outcome.code == 2
    assert "has 257 characters; the limit is 256. Use --note for longer text." in outcome.err
    assert hottui("add", "x1", "--label", "x" * 256, *HERE).code == 0
