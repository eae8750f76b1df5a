"""Finding the command in a command line, wherever its options are."""

import re

import click
import pytest

from hottui import __version__, paths
from hottui.cli.command_group import COMMANDS, VALUED, cli, command_first
from hottui.cli.output import CommandError

from .conftest import Command, Home


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], ["dashboard"]),
        (["ls"], ["ls"]),
        (["0a1b"], ["dashboard", "0a1b"]),
        (["-p", "prod", "ls"], ["ls", "-p", "prod"]),
        (["-pprod", "ls", "-o", "json"], ["ls", "-pprod", "-o", "json"]),
        (["--profile=prod", "-o", "json", "ls"], ["ls", "--profile=prod", "-o", "json"]),
        (["-p", "ls"], ["dashboard", "-p", "ls"]),
        (["--label", "get", "add", "x1"], ["add", "--label", "get", "x1"]),
        (["--serve", "0", "demo"], ["demo", "--serve", "0"]),
        (["--ascii", "demo"], ["demo", "--ascii"]),
        (["--", "ls"], ["dashboard", "--", "ls"]),
        (["-w", "w", "--", "add"], ["dashboard", "-w", "w", "--", "add"]),
        (["get", "--", "ls"], ["get", "--", "ls"]),
        (["0a1b", "ls"], ["dashboard", "0a1b", "ls"]),
        (["dashboard", "ls"], ["dashboard", "ls"]),
        (["-"], ["dashboard", "-"]),
        (["--help"], ["--help"]),
        (["-h"], ["-h"]),
        (["--version"], ["--version"]),
        (["-w", "w", "--help"], ["dashboard", "-w", "w", "--help"]),
        (["ls", "--help"], ["ls", "--help"]),
        (["--help", "ls"], ["ls", "--help"]),
    ],
    ids=" ".join,
)
def test_the_command_is_moved_to_the_front(args: list[str], expected: list[str]) -> None:
    assert command_first(args) == expected


@pytest.mark.parametrize(("word", "near"), [("lss", "ls"), ("Get", "get"), ("exprot", "export"), ("dem", "demo")])
def test_a_mistyped_command_is_not_taken_for_an_id(word: str, near: str) -> None:
    with pytest.raises(CommandError, match=f"Did you mean {near}"):
        command_first([word])
    assert command_first(["--", word]) == ["dashboard", "--", word]


@pytest.mark.parametrize(
    ("word", "near"),
    [("help", "--help"), ("version", "--version"), ("remove", "rm"), ("delete", "rm"), ("show", "get")],
)
def test_a_command_of_other_tools_is_not_taken_for_an_id(word: str, near: str) -> None:
    with pytest.raises(CommandError, match=f"No such command: {word}. Use: hottui {near}"):
        command_first([word, "x1"])
    assert command_first(["--", word]) == ["dashboard", "--", word]


@pytest.mark.parametrize("word", ["abc", "orders", "addendum-1", "ls2", "e0c0c4c74b3db602", "getgetget"])
def test_other_words_are_ids(word: str) -> None:
    assert command_first([word]) == ["dashboard", word]


def commands() -> dict[str, click.Command]:
    context = click.Context(cli)
    return {name: command for name in COMMANDS if (command := cli.get_command(context, name))}


def test_every_command_exists_and_has_help() -> None:
    assert list(commands()) == list(COMMANDS)
    for name, command in commands().items():
        assert command.name == name
        assert command.help
        assert COMMANDS[name].help.endswith(".")


def test_the_list_of_options_with_a_value_is_complete() -> None:
    nested = [
        each for group in commands().values() if isinstance(group, click.Group) for each in group.commands.values()
    ]
    taking = {
        spelling
        for command in (*commands().values(), *nested)
        for option in command.params
        if isinstance(option, click.Option) and not option.is_flag
        for spelling in option.opts
    }
    assert taking == VALUED


def test_every_location_option_has_a_variable() -> None:
    dashboard = commands()["dashboard"]
    variables = {option.name: option.envvar for option in dashboard.params if isinstance(option, click.Option)}
    for name in ("profile", "region", "network", "endpoint", "workspace", "namespace", "theme", "interval"):
        assert variables[name] == f"HOTTUI_{name.upper()}"


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_the_commands(hottui: Command, flag: str) -> None:
    shown = hottui(flag)
    assert (shown.code, shown.err) == (0, "")
    for name in COMMANDS:
        assert f"\n  {name} " in shown.out
        help_ = hottui(name, flag).out
        assert help_.startswith(f"Usage: hottui {name} ")
        assert re.search(r"\n  Examples?:\s+\S.*hottui|\n  Examples?:\s+hottui", help_), name
        assert all(len(line) <= 80 for line in help_.splitlines()), name


def test_the_version(hottui: Command) -> None:
    assert hottui("--version").out == f"hottui {__version__}\n"


def where(spelling: str) -> str:
    """Return the hint that names the commands with this option."""
    *most, last = [name for name, each in commands().items() if any(spelling in param.opts for param in each.params)]
    return f"Commands with {spelling}: {', '.join(most)} and {last}." if most else f"Commands with {spelling}: {last}."


@pytest.mark.parametrize(
    ("args", "message", "option"),
    [
        (["-p", "prod", "export"], "`hottui export` has no option -p: it applies to the whole store.", "-p"),
        (["import", "-pprod", "-"], "`hottui import` has no option -p: it applies to the whole store.", "-p"),
        (
            ["-w", "w", "vacuum"],
            "`hottui vacuum` has no option -w: it applies to the whole store.",
            "-w",
        ),
        (
            ["--region=cn-hangzhou", "export", "-"],
            "`hottui export` has no option --region: it applies to the whole store.",
            "--region",
        ),
        (["-p", "prod", "demo"], "`hottui demo` has no option -p: it has its own service.", "-p"),
        (["export", "-o", "json"], "`hottui export` has no option -o.", "-o"),
        (["--label", "x", "0a1b"], "`hottui dashboard` has no option --label.", "--label"),
        (["ls", "--theme", "x"], "`hottui ls` has no option --theme.", "--theme"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_of_other_commands_names_them(
    hottui: Command, home: Home, args: list[str], message: str, option: str
) -> None:
    home.configure('[profiles.prod]\nregion = "cn-hangzhou"\nworkspace = "w"\n')
    outcome = hottui(*args)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"hottui: {message}\n        {where(option)}\n")
    assert not paths.store_path().exists()


def test_commands_without_a_location_ignore_its_variables(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROFILE", "REGION", "NETWORK", "ENDPOINT", "WORKSPACE", "NAMESPACE"):
        monkeypatch.setenv(f"HOTTUI_{name}", "no such")
    for command in ("ls", "export", "vacuum"):
        assert hottui(command).code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--foo"], "No such option '--foo'."),
        (["ls", "x1"], "Got unexpected extra argument (x1)"),
        (["get"], "Missing argument 'ID...'."),
        (["get", "x1", "-o", "xml"], "'xml' is not one of 'table', 'text', 'json', 'jsonl', 'csv'."),
        (["--network", "vcp"], "'vcp' is not one of 'public', 'vpc'."),
        (["--interval", "0"], "'0' is not a number of seconds from 0.5 to 3600."),
        (["--interval", "nan"], "'nan' is not a number of seconds from 0.5 to 3600."),
        (["demo", "--interval", "2s"], "'2s' is not a number of seconds from 0.5 to 3600."),
        (["demo", "--interval", "1e400"], "'1e400' is not a number of seconds from 0.5 to 3600."),
        (["demo", "--serve", "70000"], "'70000' is not a port number from 0 to 65535."),
        (["demo", "--serve", ""], "'' is not a port number from 0 to 65535."),
        (["graph", "x1", "--detail", "3"], "'3' is not 0, 1 or 2."),
        (["graph", "x1", "--width", "-1"], "'-1' is not a number of cells from 0 to 1,000,000."),
        (["graph", "x1", "--width", "9" * 5_000], "99…' is not a number of cells from 0 to 1,000,000."),
        (["--log", ""], "Invalid value for '--log' (env var: 'HOTTUI_LOG'): must not be empty."),
        (["ls", "--endpoint", "https://x.example", "-r", "cn-hangzhou"], "--endpoint replaces region and network"),
        (["add", "x1", "--lable", "y"], "No such option '--lable'."),
        (["--\x1b[31m"], "No such option '--"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_usage_errors_print_one_message(hottui: Command, args: list[str], message: str) -> None:
    outcome = hottui(*args)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.startswith("hottui: ")
    assert "--help`." in outcome.err
    assert "\x1b" not in outcome.err


def test_the_help_of_every_command_has_an_example() -> None:
    for name, command in commands().items():
        run = "hottui" if name == "dashboard" else f"hottui {name}"
        assert re.search(rf"^ *Examples?:\n +.*{run}\b", command.help or "", re.MULTILINE), name
