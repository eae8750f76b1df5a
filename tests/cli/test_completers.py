"""What the shell is offered, as click's protocol for bash and zsh."""

from collections.abc import Callable

import pytest

from hottui import paths
from hottui.cli.command_group import COMMANDS
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import Command, Home

Offered = Callable[..., list[str]]

PLACE = ("https://ververica.cn-hangzhou.aliyuncs.com", "w1", "n1")


@pytest.fixture
def offered(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """Return a function that gives what is offered at the end of a command line."""

    def complete(line: str, shell: str = "bash") -> list[str]:
        words = line.split()
        monkeypatch.setenv("COMP_WORDS", f"hottui {line}")
        monkeypatch.setenv("COMP_CWORD", str(len(words) + (line.endswith(" ") or not line)))
        monkeypatch.setenv("_HOTTUI_COMPLETE", f"{shell}_complete")
        outcome = hottui()
        assert (outcome.code, outcome.err) == (0, "")
        return [each.removeprefix("plain,") for each in outcome.out.splitlines() if each]

    return complete


@pytest.fixture
def bookmarked(home: Home) -> None:
    """Bookmark three hot updates, one with a label that a shell would interpret."""
    with home.store() as store:
        marks = {"98fe2c01": "Orders enrich", "41d7aa90": "checkout-fix", "5500": "$(touch /tmp/x)\x1b"}
        store.add_all([Bookmark(Ref(*PLACE, id_), label) for id_, label in marks.items()])


@pytest.mark.usefixtures("bookmarked")
def test_ids_are_found_by_their_beginning_and_by_their_label(offered: Offered) -> None:
    assert sorted(offered("get ")) == ["41d7aa90", "5500", "98fe2c01"]
    assert offered("get 41d7aa90 98") == ["98fe2c01"]
    assert offered("wait orders") == offered("rm enr") == offered("graph 9") == ["98fe2c01"]
    assert offered("get 98fe2c01 98") == [], "it was given"
    assert offered("add x1 --label ") == ["checkout-fix"], "others would need quotes"
    assert "\x1b" not in "".join(offered("get ", "zsh"))
    assert "Orders enrich" in offered("get 98", "zsh")


@pytest.mark.usefixtures("bookmarked")
def test_commands_are_offered_until_there_is_one(offered: Offered) -> None:
    assert set(offered("")) == {*COMMANDS, "41d7aa90", "5500", "98fe2c01"}
    assert offered("wa") == ["wait", "watch"]
    assert offered("-p prod wai") == ["wait"]
    assert offered("98fe2c01 wa") == offered("dashboard wa") == offered("lss wa") == []
    assert {"--effect", "--timeout", "--profile"} <= set(offered("wait --"))


def test_values_of_options(offered: Offered, home: Home) -> None:
    home.configure('[profiles.prod]\nregion = "cn-hangzhou"\n[profiles.staging]\nregion = "cn-beijing"\n')
    assert offered("-p ") == offered("ls --profile ") == ["prod", "staging"]
    assert {"hottui-dark", "hottui-light"} <= set(offered("--theme "))
    assert offered("--region cn-hangz") == ["cn-hangzhou"]
    assert offered("ls -o c") == ["csv"]
    assert offered("ls --columns id,st") == ["id,state"]
    assert offered("completion ") == ["bash", "zsh", "fish"]
    assert offered("import exp") == ["file,exp"]
    assert not paths.store_path().exists()


def test_nothing_is_printed_or_written_where_nothing_can_be_read(offered: Offered, home: Home) -> None:
    home.configure("not TOML")
    paths.store_path().parent.mkdir(parents=True)
    paths.store_path().write_bytes(b"not SQLite" * 1000)
    assert offered("-p ") == offered("get ") == []
    assert offered("--log hottui.log ") != []
    assert not (home.folder / "hottui.log").exists()
    assert paths.store_path().read_bytes().startswith(b"not SQLite")
