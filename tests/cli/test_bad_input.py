"""Whatever is wrong, one clear message and the right exit code; never a traceback, never a lost bookmark."""

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
        ("a b", "holds a space"),
        ("a/b", "holds a slash"),
        ("a\\b", "holds a slash"),
        ("https://x.example/y", "holds a slash"),
        ("订单", "a letter outside ASCII"),
        ("x" * 10_000, "has 10,000 characters; at most 256 are accepted"),
        (".", "would be dropped from the address"),
        ("..", "would be dropped from the address"),
        ("", "The ID is empty"),
        ("a\x1b[31m", "a control character"),
        ("a\nb", "a control character"),
        ("a\u202eb", "a letter outside ASCII"),
        ("\udcff", "a letter outside ASCII"),
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
@pytest.mark.parametrize("command", [("add",), ("rm",), ("get",), ("watch",)], ids=" ".join)
def test_an_id_that_is_none(hottui: Command, command: tuple[str, ...], name: str, reason: str) -> None:
    said = hottui(*command, *HERE, "--", name)
    assert (said.code, said.out) == (2, "")
    assert reason in said.err
    assert len(said.err) < 300
    assert len(said.err.splitlines()) == 1
    assert not set("\x1b\u202e\udcff") & set(said.err)
    assert not paths.store_path().exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-r", "cn-hangzouh", "-w", "w"], "The region 'cn-hangzouh' is not known. Nearest: cn-hangzhou"),
        (["-r", "cn-hangzouh"], "The region 'cn-hangzouh' is not known."),
        (["--endpoint", "http://example.com", "-w", "w"], "is plain http to another machine: use https."),
        (["--endpoint", "https://x.example/api", "-w", "w"], "must be scheme, host and port alone"),
        (["--endpoint", "ftp://x.example", "-w", "w"], "must begin with https://."),
        (["-r", "cn-hangzhou", "-w", "a b"], "The workspace 'a b' holds a space"),
        (["-r", "cn-hangzhou", "-w", "w", "-n", "../x"], "The namespace '../x' holds a slash"),
        (["-p", "prdo"], 'No profile "prdo" in '),
        (
            ["-r", "cn-hangzhou", "-w", ""],
            "Invalid value for '-w' / '--workspace' (env var: 'HOTTUI_WORKSPACE'): must not be empty.",
        ),
        (["-r", "", "-w", "w"], "must not be empty."),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("command", [["get", "x1"], ["add", "x1"], ["watch"], ["watch", "x1"]], ids=" ".join)
def test_a_place_that_is_none(hottui: Command, command: list[str], options: list[str], message: str) -> None:
    said = hottui(*command, *options)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert not paths.store_path().exists()


@pytest.mark.parametrize("command", [["get", "x1"], ["add", "x1"], ["watch", "x1"]], ids=" ".join)
def test_no_place_at_all_says_how_to_give_one(hottui: Command, command: list[str]) -> None:
    said = hottui(*command)
    assert (said.code, said.out) == (2, "")
    assert "hottui: No region configured.\n        Pass --region cn-hangzhou (or --endpoint)" in said.err


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
@pytest.mark.parametrize("command", [["get", "x1"], ["add", "x1"], ["rm", "x1"], ["watch"], ["vacuum"]], ids=" ".join)
def test_a_broken_config(hottui: Command, home: Home, command: list[str], text: str, message: str) -> None:
    path = home.configure(text)
    said = hottui(*command)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"hottui: {path}, line ")
    assert message in said.err
    assert "hunter2" not in said.err


def test_a_config_that_is_no_file(hottui: Command) -> None:
    paths.config_path().mkdir(parents=True)
    said = hottui("get", "x1")
    assert said.code == 2
    assert f"{paths.config_path()} cannot be read (Is a directory)." in said.err


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
    "command", [["ls"], ["add", "x2", *HERE], ["rm", "x1"], ["watch"], ["export"], ["vacuum"]], ids=" ".join
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
def test_a_store_that_cannot_be_used_is_5(
    hottui: Command, command: list[str], break_it: Callable[[Path], None], message: str
) -> None:
    hottui("add", "x1", *HERE)
    break_it(paths.store_path())
    said = hottui(*command)
    assert (said.code, said.out) == (5, "")
    assert message in said.err


@pytest.mark.parametrize(("command", "wanted"), [(["add", "x1", *HERE], 5), (["ls"], 5), (["info"], 0)], ids=str)
def test_a_place_that_takes_no_files_is_said(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, command: list[str], wanted: int
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/sys/hottui")  # not even root may make a folder there
    said = hottui(*command)
    assert said.code == wanted
    assert "/sys/hottui/hottui/hottui.db" in said.err + said.out


NO_ROOM = """
import resource
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
from hottui.cli import main
main()
"""
"""hottui where no file may grow, so that it opens its store for reading alone."""
EXPORT = b'{"format": "hottui", "version": 1, "bookmarks": []}'


@pytest.mark.parametrize("command", [["add", "x2", *HERE], ["rm", "x1"], ["vacuum"], ["import", "-"]], ids=" ".join)
def test_a_store_that_takes_no_change_is_said_by_what_would_change_it(hottui: Command, command: list[str]) -> None:
    hottui("add", "x1", *HERE)
    said = process(*command, program=("-c", NO_ROOM), given=EXPORT if "-" in command else b"")
    assert (said.code, said.out) == (5, "")
    assert said.err == (
        f"hottui: No space left to write the store {paths.store_path()}.\n"
        "        Free disk space, or raise the quota.\n"
    )


@pytest.mark.parametrize(
    ("command", "told"), [(["ls"], ""), (["export"], "hottui: Exported 1 bookmark.\n")], ids=["ls", "export"]
)
def test_what_only_reads_has_all_it_needs_of_such_a_store(hottui: Command, command: list[str], told: str) -> None:
    hottui("add", "x1", *HERE)
    said = process(*command, program=("-c", NO_ROOM))
    assert (said.code, said.err) == (0, told)
    assert "x1" in said.out


@pytest.mark.parametrize("command", [["add", "x2", *HERE], ["ls"]], ids=" ".join)
def test_what_is_no_database_is_set_aside(hottui: Command, command: list[str]) -> None:
    path = paths.store_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"my only letter to her\n" * 100)
    said = hottui(*command)
    assert said.code == 0
    (aside,) = path.parent.glob("hottui.db.broken-*")
    assert aside.read_bytes().startswith(b"my only letter")
    assert aside.name in said.err


def test_a_locked_store_is_said_and_nothing_is_lost(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hottui("add", "x1", *HERE)
    monkeypatch.setitem(vars(Store)["open"].__func__.__kwdefaults__, "timeout", 0.2)  # seconds
    holder = sqlite3.connect(paths.store_path(), isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        said = hottui("add", "x2", *HERE)
        listed = hottui("ls", "-o", "json")
    finally:
        holder.close()
    assert said.code == 5
    assert "is locked by another process" in said.err
    assert (listed.code, len(listed.out.splitlines())) == (0, 1)
    assert hottui("add", "x2", *HERE).code == 0


def test_a_fault_in_hottui_leaves_a_report_and_no_traceback(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("hottui.cli.wiring.open_store", broken)
    said = hottui("ls")
    assert (said.code, said.out) == (1, "")
    assert "A fault in hottui ended it (RuntimeError)." in said.err
    assert "Traceback" not in said.err
    (report,) = paths.state_dir().iterdir()
    assert str(report) in said.err
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
def test_what_names_no_file_is_said(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch, command: list[str], message: str
) -> None:
    monkeypatch.chdir(home.folder)
    said = hottui(*command)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"hottui: {message}\n")
    assert not (home.folder / "new").exists()


def test_a_file_that_is_no_text_is_no_plan_and_no_export(hottui: Command, home: Home) -> None:
    binary = home.folder / "binary"
    binary.write_bytes(b"\x7fELF\xff")
    said = hottui("graph", str(binary))
    assert (said.code, said.err) == (6, f"hottui: {binary} is not UTF-8 text (byte 5).\n")
    said = hottui("import", str(binary))
    assert said.code == 2
    assert f"{binary} is not a hottui export: it is not UTF-8 text: byte 5 cannot be read." in said.err


@pytest.mark.parametrize(("command", "code"), [(["add", *HERE, "-"], 2), (["graph", "-"], 6)], ids=str)
def test_input_without_an_end_is_given_up(hottui: Command, command: list[str], code: int) -> None:
    said = hottui(*command, given=b"x" * (MAX_INPUT + 1))
    assert said.code == code
    assert "is larger than 67,108,864 bytes, the limit." in said.err


@pytest.mark.parametrize("command", ["graph", "import"])
def test_what_is_no_file_is_refused(hottui: Command, command: str) -> None:
    for path, reason in {"/dev/zero": "it is a device, not a file", "/.": "Is a directory"}.items():
        said = hottui(command, path)
        assert said.code == 2
        assert f"cannot be read: {reason}.\n" in said.err


@pytest.mark.parametrize(("value", "ascii_alone"), [("1", True), ("yes", True), ("0", False), ("off", False)])
def test_a_variable_that_is_a_switch(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, value: str, ascii_alone: bool
) -> None:
    hottui("add", "x1", "--label", "é", *HERE)
    monkeypatch.setenv("HOTTUI_ASCII", value)
    assert hottui("ls").out.isascii() is ascii_alone


def test_a_variable_that_is_no_switch_is_said(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTTUI_ASCII", "maybe")
    said = hottui("ls")
    assert said.code == 2
    assert "(env var: 'HOTTUI_ASCII'): 'maybe' is not 1 or 0." in said.err


def test_a_label_that_is_a_text_is_refused(hottui: Command) -> None:
    said = hottui("add", "x1", "--label", "x" * 257, *HERE)
    assert said.code == 2
    assert "has 257 characters; the limit is 256. Use --note for longer text." in said.err
    assert hottui("add", "x1", "--label", "x" * 256, *HERE).code == 0
