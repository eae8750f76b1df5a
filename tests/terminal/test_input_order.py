"""Keys typed in one write on real terminals with a real store act in order, in the right widget."""

from collections.abc import Callable
from pathlib import Path

from hottui.store.store import Store
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, Session
from tests.terminal.served import Restless, store_path, watched


def ids(path: Path) -> set[str]:
    with Store.open(path) as store:
        return {one.ref.id for one in store.tracked()}


def test_keys_of_one_write_act_in_order(open_on_terminal: Open, environment: dict[str, str]) -> None:
    with watched(Restless(4), environment) as home:
        path = store_path(environment)
        before = ids(path)

        def live() -> Session:
            return open_on_terminal(*HOTTUI, env={**home}).live()

        session = live()
        session.type(b"/xray\r?xbub\x1b")
        session.shows("filter: xray (0/4)")
        session.type(b"\x1b")
        session.watch(0.3)  # a single escape, not the start of a sequence
        session.type(b"axbu-1\raxbu-2\reqxu\rbxb\r")
        session.shows("xbu-2")
        session.until(lambda: ids(path) == before | {"xbu-1", "xbu-2"}, "both in the store")
        session.type(b"q/xxx")
        assert session.ends() == 0
        assert ids(path) == before | {"xbu-1", "xbu-2"}


def test_keys_right_after_the_start_act_in_order(open_on_terminal: Open, environment: dict[str, str]) -> None:
    with watched(Restless(4), environment) as home:
        path = store_path(environment)
        before = ids(path)
        for typed, after in (
            (b"axbu-1\raxbu-2\r/xub", before | {"xbu-1", "xbu-2"}),
            (b"q/xxxb", before | {"xbu-1", "xbu-2"}),
            (b"x", None),
        ):
            session = open_on_terminal(*HOTTUI, env={**home})
            session.sees("\x1b[?1049h")
            session.type(typed)
            if typed.startswith(b"q"):
                assert session.ends() == 0
                assert ids(path) == after
                continue
            if after is None:
                session.until(lambda: len(ids(path)) == len(before) + 1, "one is removed")
            else:
                session.until(_store_holds(path, after), "all in the store")
                session.shows("Filter")
                session.type(b"\x1b")  # a filter would be kept for the next session
                session.watch(0.3)
            session.type(b"q")
            assert session.ends() == 0


def _store_holds(path: Path, wanted: set[str]) -> Callable[[], bool]:
    return lambda: ids(path) == wanted


def test_a_long_unbracketed_paste_goes_into_its_prompt(open_on_terminal: Open, environment: dict[str, str]) -> None:
    with watched(Restless(4), environment) as home:
        path = store_path(environment)
        before = ids(path)
        wanted = {f"xbq-{n:04}" for n in range(100)}
        session = open_on_terminal(*HOTTUI, env={**home}).live()
        session.type(b"a" + " ".join(sorted(wanted)).encode())
        session.watch(0.2)
        session.type(b"\r")
        session.until(_store_holds(path, before | wanted), "all in the store")
        session.type(b"q")
        assert session.ends() == 0
