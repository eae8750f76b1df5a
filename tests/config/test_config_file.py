"""`config.toml` files, and errors with their line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hottui.config.config_file import load
from hottui.config.settings import Config, Profile, SettingsError

COMPLETE = """
profile = "prod"
interval = 5
theme = "dusk"
history_days = 30.5
history_transitions = 500
insight = false
columns = ["label", "state"]

[profiles.prod]
region = "cn-hangzhou"
network = "vpc"
workspace = "ws"
namespace = "team"
credentials = "aliyun:prod"

[profiles."with blank"]
endpoint = "HTTPS://Edge.Example/"

[notify]
on = ["FAILED", "slow"]
bell = true
desktop = "auto"
command = ["~/bin/to-chat", "a b"]

[keys]
pause = "P"
"plan-more" = ["+", "f6"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_a_missing_file_sets_nothing(path: Path) -> None:
    assert load(path) == Config(path)


def test_a_complete_file_is_read(path: Path) -> None:
    path.write_text(COMPLETE)
    assert load(path) == Config(
        path,
        {
            "prod": Profile("prod", "cn-hangzhou", "vpc", "", "ws", "team", "aliyun:prod"),
            "with blank": Profile("with blank", endpoint="https://edge.example"),
        },
        default_profile="prod",
        interval=5,
        theme="dusk",
        history_days=30.5,
        history_transitions=500,
        insight=False,
        columns=("label", "state"),
        notify={
            "on": ("FAILED", "slow"),
            "bell": True,
            "desktop": "auto",
            "command": (os.path.expanduser("~/bin/to-chat"), "a b"),
        },
        keys={"pause": ("P",), "plan-more": ("+", "f6")},
    )


def test_windows_line_ends_and_a_byte_order_mark_are_accepted(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + COMPLETE.replace("\n", "\r\n").encode())
    assert load(path).default_profile == "prod"


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("intervall = 2", 1, "intervall is not a setting of hottui", 'Did you mean "interval"?'),
        ("\n# x\n[profiles.a]\nregoin = 'x'", 4, "profiles.a.regoin is not a setting", '"region"'),
        ("profiles.a.namespaze = 'x'", 1, "profiles.a.namespaze is not a setting", '"namespace"'),
        ("[profiles]\na = {region = 'cn-hangzhou',\tworkspaze = 'x'}", 2, "profiles.a.workspaze", '"workspace"'),
        ("[profiles.'a b']\n'work space' = 1", 2, 'profiles."a b"."work space" is not a setting', '"workspace"'),
        ("[profiles.a]\naccess_key_secret = 'hunter2'", 2, "profiles.a.access_key_secret is not", "stores no keys"),
        ("[profiles.a]\ninterval = 2", 2, "profiles.a.interval is not", "above the first table"),
        ("region = 'cn-hangzhou'", 1, "region is not a setting", "below [profiles.NAME]"),
        ("[profile.prod]\nregion = 'x'", 1, "profile must be text in quotes, not a table", "[profiles.NAME]"),
        (
            "profile = 'prdo'\n[profiles.prod]\nworkspace='w'",
            1,
            'profile is "prdo", but there is no such profile',
            '"prod"',
        ),
        ("interval = '2'", 1, "interval must be a number, not text", ""),
        ("interval = true", 1, "interval must be a number, not true or false", ""),
        ("interval = 0.1", 1, "interval must be between 0.5 and 3,600", ""),
        ("interval = nan", 1, "interval must be between", ""),
        ("history_transitions = 1.5", 1, "history_transitions must be a whole number.", ""),
        ('insight = "no"', 1, "insight must be true or false, not text.", ""),
        ("columns = 'id'", 1, 'columns must be a list such as ["state", "label"]', ""),
        ("columns = []", 1, 'columns must be a list such as ["state", "label"]', ""),
        ("columns = ['id', 'lable']", 1, 'columns contains "lable", which is not a column', 'Did you mean "label"?'),
        ("columns = ['']", 1, 'columns contains "", which is not a column', "Columns: state, for,"),
        ("columns = ['id', 'id']", 1, "columns contains a column twice", ""),
        ("theme = ['a']", 1, "theme must be text in quotes, not a list", ""),
        ("theme = 2026-01-01", 1, "theme must be text in quotes, not a date or time", ""),
        ("profiles = 3", 1, "profiles must contain tables, not a number", "[profiles.NAME]"),
        ("[[profiles]]\nregion = 'x'", 1, "profiles must contain tables, not a list", ""),
        ("[profiles]\nprod = 'x'", 2, "profiles.prod must be a table, not text", "[profiles.NAME]"),
        ("[profiles.a]\nnetwork = 'vcp'", 2, 'network must be "public" or "vpc", not "vcp"', ""),
        ("[profiles.a]\nendpoint = 'http://example.com'", 2, "endpoint is invalid: The endpoint", ""),
        ("[profiles.a]\nworkspace = 'a/b'", 2, "workspace is invalid: The workspace 'a/b' contains a slash", ""),
        ("[profiles.a]\ncredentials = 'LTAI5tSecret'", 2, 'must be "default", "environment" or "aliyun:PROFILE"', ""),
        ("[notify]\non = ['UPDATED']", 2, 'notify.on contains "UPDATED", which is neither a state', '"HOT_UPDATED"'),
        ("[notify]\non = 'FAILED'", 2, 'notify.on must be a list such as ["FAILED"], not text', ""),
        ("[notify]\non = [1]", 2, "notify.on must be text in quotes, not a number", ""),
        ("[notify]\ndesktop = 'osc8'", 2, 'desktop must be one of "auto", "off", "osc9"', ""),
        ("[notify]\ncommand = 'curl x'", 2, 'command must be a list such as ["notify-send"], not text', ""),
        ("[notify]\ncommand = ['', 'x']", 2, "notify.command must have a program first", ""),
        ('[notify]\ncommand = ["x", "a\\u0000b"]', 2, "notify.command must have a program first", ""),
        ("[notify]\nbel = true", 2, "notify.bel is not a setting", '"bell"'),
        ("notify = true", 1, "notify must be a table", "[notify]"),
        ("keys = 'p'", 1, "keys must be a table, not text", "[keys]"),
        ("[keys]\npause = []", 2, 'keys.pause must name at least one key, such as "f9"', ""),
        ("[keys]\npause = ['p', 1]", 2, "keys.pause must be text in quotes, not a number", ""),
        ("bell = true", 1, "bell is not a setting", "below [notify]"),
        ('theme = "a\n', 1, "invalid TOML", ""),
        ("interval = 2\n\nprofile = \n", 3, "invalid TOML", ""),
        ("[profiles.a]\nregion = 'x'\nregion = 'y'", 3, "invalid TOML", ""),
        ("a = [1,\n2,\n", 2, "invalid TOML", ""),
    ],
)
def test_an_error_names_its_line(path: Path, text: str, line: int, message: str, hint: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as raised:
        load(path)
    assert raised.value.message.startswith(f"{path}, line {line}: ")
    assert message in raised.value.message
    assert hint in raised.value.hint
    assert "hunter2" not in str(raised.value) + raised.value.hint
    assert "LTAI" not in str(raised.value) + raised.value.hint


def test_invalid_utf_8_is_reported_with_its_line(path: Path) -> None:
    path.write_bytes("# one\ntheme = '更新'".encode("gbk"))
    with pytest.raises(SettingsError, match="line 2: not UTF-8 text"):
        load(path)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Path.mkdir, "Is a directory"),
        (os.mkfifo, "it is a pipe, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a file"),
        (
            lambda path: path.write_text("".join(f"k{n} = 1\n" for n in range(200_000))),
            "it is larger than 262,144",
        ),
    ],
    ids=["folder", "pipe", "device", "200,000 keys"],
)
def test_an_unreadable_file_is_reported(path: Path, make: Callable[[Path], object], reason: str) -> None:
    make(path)
    with pytest.raises(SettingsError, match="cannot be read") as raised:
        load(path)
    assert reason in raised.value.message


HOSTILE = (
    ("a = 1\nx = " + "[" * 100_000, "line 2: a value is nested too deeply."),
    ("x = " + "{a=" * 80_000, "line 1: a key has more than 32 parts."),
    ("x = " + "[{a=" * 60_000, "line 1: a value is nested too deeply."),
    ("\n" + "a." * 120_000 + "a = 1", "line 2: a key has more than 32 parts."),
    ("[" + "a." * 120_000 + "a]", "line 1: a key has more than 32 parts."),
    ("[[" + '"".' * 80_000 + "a]]", "line 1: a key has more than 32 parts."),
    ("a = 1\n\ninterval = " + "9" * 5_000, "line 3: a number has too many digits."),
    ("interval = -" + "1_" * 3_000 + "1", "line 1: "),
    ("interval = 0x" + "f" * 200_000, "line 1: interval must be between 0.5 and 3,600."),
    ("interval = 1e999999", "line 1: interval must be between 0.5 and 3,600."),
    ('"\\UFFFFFFFF" = 1', "line 1: invalid TOML:"),
    ("x = " + '"""' + '\\"""' * 60_000, "invalid TOML:"),
    ("x = [" + '"""\\' * 60_000, "invalid TOML:"),
    ("x = '''" + "''''''x" * 30_000, "invalid TOML:"),
    ("k" * 200_000 + " = 1", 'line 1: "' + "k" * 59 + '…" is not a setting of hottui.'),
)


def test_hostile_files_are_rejected_quickly(path: Path) -> None:
    for text, message in HOSTILE:
        path.write_text(text)
        with pytest.raises(SettingsError) as raised:
            load(path)
        assert message in raised.value.message
        assert len(raised.value.message) < 500


def test_the_largest_file_is_read(path: Path) -> None:
    path.write_text("".join(f"[profiles.p{n}]\nregion = 'r'\n" for n in range(8_000)))
    assert path.stat().st_size > 200_000
    assert len(load(path).profiles) == 8_000


def test_terminal_escapes_in_a_key_are_shown_as_symbols(path: Path) -> None:
    path.write_text('"\\u001b[31m" = 1')
    with pytest.raises(SettingsError) as raised:
        load(path)
    assert "\x1b" not in raised.value.message
    assert "␛[31m" in raised.value.message
