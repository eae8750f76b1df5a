"""`config.toml` as people write it, and mistakes with the line they are on."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hottui.config.config_file import load
from hottui.config.settings import Profile, Settings, SettingsError

WHOLE = """
profile = "prod"
interval = 5
theme = "dusk"
history_days = 30.5
history_transitions = 500

[profiles.prod]
region = "cn-hangzhou"
network = "vpc"
workspace = "ws"
namespace = "team"
credentials = "aliyun:prod"

[profiles."with blank"]
endpoint = "HTTPS://Edge.Example/"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_no_file_gives_the_defaults(path: Path) -> None:
    assert load(path) == Settings(path)
    assert (Settings(path).interval, Settings(path).history_days, Settings(path).history_transitions) == (
        2.0,
        90,
        10_000,
    )


def test_a_whole_file_is_read(path: Path) -> None:
    path.write_text(WHOLE)
    assert load(path) == Settings(
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
        written={"profile", "interval", "theme", "history_days", "history_transitions"},
    )


def test_windows_ends_of_line_and_a_byte_order_mark_do_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load(path).default_profile == "prod"


@pytest.mark.parametrize(
    ("text", "line", "sentence", "hint"),
    [
        ("intervall = 2", 1, "intervall is no setting of hottui", 'nearest one is "interval"'),
        ("\n# x\n[profiles.a]\nregoin = 'x'", 4, "profiles.a.regoin is no setting", '"region"'),
        ("profiles.a.namespaze = 'x'", 1, "profiles.a.namespaze is no setting", '"namespace"'),
        ("[profiles]\na = {region = 'cn-hangzhou',\tworkspaze = 'x'}", 2, "profiles.a.workspaze", '"workspace"'),
        ("[profiles.'a b']\n'work space' = 1", 2, 'profiles."a b"."work space" is no setting', '"workspace"'),
        ("[profiles.a]\naccess_key_secret = 'hunter2'", 2, "profiles.a.access_key_secret is no", "keeps no keys"),
        ("[profiles.a]\ninterval = 2", 2, "profiles.a.interval is no", "above the first table"),
        ("region = 'cn-hangzhou'", 1, "region is no setting", "below [profiles.NAME]"),
        ("[profile.prod]\nregion = 'x'", 1, "profile must be text in quotes, not a table", "[profiles.NAME]"),
        ("profile = 'prdo'\n[profiles.prod]\nworkspace='w'", 1, 'profile names "prdo", which is no profile', '"prod"'),
        ("interval = '2'", 1, "interval must be a number, not text", ""),
        ("interval = true", 1, "interval must be a number, not true or false", ""),
        ("interval = 0.1", 1, "interval must be between 0.5 and 3,600", ""),
        ("interval = nan", 1, "interval must be between", ""),
        ("history_transitions = 1.5", 1, "history_transitions must be a whole number.", ""),
        ("theme = ['a']", 1, "theme must be text in quotes, not a list", ""),
        ("theme = 2026-01-01", 1, "theme must be text in quotes, not a date or time", ""),
        ("profiles = 3", 1, "profiles must hold tables, not a number", "[profiles.NAME]"),
        ("[[profiles]]\nregion = 'x'", 1, "profiles must hold tables, not a list", ""),
        ("[profiles]\nprod = 'x'", 2, "profiles.prod must be a table, not text", "[profiles.NAME]"),
        ("[profiles.a]\nnetwork = 'vcp'", 2, 'network must be "public" or "vpc", not "vcp"', ""),
        ("[profiles.a]\nendpoint = 'http://example.com'", 2, "endpoint is not usable: The endpoint", ""),
        ("[profiles.a]\nworkspace = 'a/b'", 2, "workspace is not usable: The workspace 'a/b' holds a slash", ""),
        ("[profiles.a]\ncredentials = 'LTAI5tSecret'", 2, 'must be "default", "environment" or "aliyun:PROFILE"', ""),
        ('theme = "a\n', 1, "this is not TOML", ""),
        ("interval = 2\n\nprofile = \n", 3, "this is not TOML", ""),
        ("[profiles.a]\nregion = 'x'\nregion = 'y'", 3, "this is not TOML", ""),
        ("a = [1,\n2,\n", 2, "this is not TOML", ""),
    ],
)
def test_a_mistake_is_named_with_its_line(path: Path, text: str, line: int, sentence: str, hint: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load(path)
    assert refused.value.sentence.startswith(f"{path}, line {line}: ")
    assert sentence in refused.value.sentence
    assert hint in refused.value.hint
    assert "hunter2" not in str(refused.value) + refused.value.hint
    assert "LTAI" not in str(refused.value) + refused.value.hint


def test_what_is_not_utf_8_is_named_with_its_line(path: Path) -> None:
    path.write_bytes("# one\ntheme = '更新'".encode("gbk"))
    with pytest.raises(SettingsError, match="line 2: the text is not UTF-8"):
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
def test_a_file_that_cannot_be_read_is_said(path: Path, make: Callable[[Path], object], reason: str) -> None:
    make(path)
    with pytest.raises(SettingsError, match="cannot be read") as refused:
        load(path)
    assert reason in refused.value.sentence


TOO_MUCH = (
    ("a = 1\nx = " + "[" * 100_000, "line 2: a value is nested too deeply."),
    ("x = " + "{a=" * 80_000, "line 1: a key has more than 32 parts."),
    ("x = " + "[{a=" * 60_000, "line 1: a value is nested too deeply."),
    ("\n" + "a." * 120_000 + "a = 1", "line 2: a key has more than 32 parts."),
    ("[" + "a." * 120_000 + "a]", "line 1: a key has more than 32 parts."),
    ("[[" + '"".' * 80_000 + "a]]", "line 1: a key has more than 32 parts."),
    ("a = 1\n\ninterval = " + "9" * 5_000, "line 3: a number in it has too many digits."),
    ("interval = -" + "1_" * 3_000 + "1", "line 1: "),
    ("interval = 0x" + "f" * 200_000, "line 1: interval must be between 0.5 and 3,600."),
    ("interval = 1e999999", "line 1: interval must be between 0.5 and 3,600."),
    ('"\\UFFFFFFFF" = 1', "line 1: this is not TOML:"),
    ("x = " + '"""' + '\\"""' * 60_000, "this is not TOML:"),
    ("x = [" + '"""\\' * 60_000, "this is not TOML:"),
    ("x = '''" + "''''''x" * 30_000, "this is not TOML:"),
    ("k" * 200_000 + " = 1", 'line 1: "' + "k" * 59 + '…" is no setting of hottui.'),
)


def test_what_would_take_too_long_is_refused(path: Path) -> None:
    for text, sentence in TOO_MUCH:
        path.write_text(text)
        with pytest.raises(SettingsError) as refused:
            load(path)
        assert sentence in refused.value.sentence
        assert len(refused.value.sentence) < 500


def test_the_largest_file_is_read(path: Path) -> None:
    path.write_text("".join(f"[profiles.p{n}]\nregion = 'r'\n" for n in range(8_000)))
    assert path.stat().st_size > 200_000
    assert len(load(path).profiles) == 8_000


def test_terminal_escapes_in_a_key_are_shown_as_symbols(path: Path) -> None:
    path.write_text('"\\u001b[31m" = 1')
    with pytest.raises(SettingsError) as refused:
        load(path)
    assert "\x1b" not in refused.value.sentence
    assert "␛[31m" in refused.value.sentence
