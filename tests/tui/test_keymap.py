"""Other keys for commands: what of `[keys]` takes effect, what is reported, and what is shown and done with them."""

import pytest

from hottui.tui.commands import COMMANDS
from hottui.tui.keymap import _TOGETHER, Keymap, key_name, read_keymap
from hottui.tui.screens.help import Help
from tests.tui.conftest import MakeStage
from tests.tui.stage import dashboard, drawn, foot, screen_text, until


def test_names_of_keys() -> None:
    for text, name in (
        ("P", "P"), ("shift+p", "P"), ("?", "question_mark"), (",", "comma"), (" ", "space"), ("+", "plus"),
        ("ctrl+T", "ctrl+t"), ("^t", "ctrl+t"), ("esc", "escape"), ("F5", "f5"), ("alt+x", "alt+x"),
        ("shift+up", "shift+up"), ("hello", None), ("ctl+x", None), ("ctrl+", None), ("^", "circumflex_accent"),
    ):  # fmt: skip
        assert key_name(text) == name, text


def test_no_two_usual_keys_clash() -> None:
    for together in _TOGETHER:
        keys = [key for command in COMMANDS if command.scope in together for key in command.keys]
        assert sorted(keys) == sorted(set(keys)), together
    assert read_keymap({command.id: command.keys for command in COMMANDS}) == Keymap()
    assert Keymap().bindings == {}


def test_what_cannot_work_is_reported_and_the_usual_keys_stay() -> None:
    for chosen, problem, keys in (
        ({"pauze": ("f9",)}, "keys.pauze is not a command. Did you mean pause?", ("p",)),
        ({"pause": ("ctl+x",)}, "keys.pause: ctl+x is not a key. Did you mean ctrl+x?", ("p",)),
        ({"pause": ("r",)}, "keys.pause: r is the key of refresh (Refresh now).", ("p",)),
        ({"pause": ("r", "f9")}, "keys.pause: r is the key of refresh (Refresh now).", ("f9",)),
        ({"refresh": ("ctrl+r",), "pause": ("r",)}, "", ("r",)),
        ({"pause": ("r",), "refresh": ("p",)}, "", ("r",)),
        ({"refresh": ("f5",), "pause": ("F5",)}, "keys.pause: f5 is the key of refresh (Refresh now).", ("p",)),
        ({"refresh": ("p",), "pause": ("f9", "hello")}, "keys.pause: hello is not a key.", ("f9",)),
        (
            {"refresh": ("p",), "pause": ("hello",)},
            "keys.pause: hello is not a key. keys.pause: it has no key now, since its usual one is taken.",
            (),
        ),
        ({"pause": ("j",)}, "keys.pause: j moves the cursor or opens a tab.", ("p",)),
        ({"pause": ("ctrl+i",)}, "keys.pause: terminals send tab for ctrl+i.", ("p",)),
        ({"pause": ("p", "p", "f6")}, "", ("p", "f6")),
        ({"plan-next-match": ("a",), "add": ("a",)}, "", ("p",)),
        ({"quit": ("é",)}, "keys.quit: é types a character; quit works everywhere and needs another key.", ("p",)),
        ({"help": ("enter",)}, "keys.help: enter is needed in lists and text.", ("p",)),
    ):  # fmt: skip
        keymap = read_keymap(chosen)
        assert (keymap.keys("pause"), " ".join(keymap.problems)) == (keys, problem), chosen
    assert read_keymap({"quit": ("é",)}).keys("quit") == ("ctrl+q", "ctrl+c")


@pytest.mark.slow
async def test_chosen_keys_work_and_are_shown(make_stage: MakeStage) -> None:
    keys = {"pause": ("r",), "refresh": ("p", "f5"), "help": ("é", "f2"), "undo": ("ü",), "pauze": ("x",)}
    stage = make_stage(size=3)
    async with stage.running((140, 40), keys=keys) as pilot:
        await until(pilot, lambda: "keys.pauze is not a command" in foot(pilot))
        stage.clock.now += 10
        dashboard(pilot).expire_message()
        assert "r pause" in foot(pilot)
        assert "é help" in foot(pilot)
        paused: list[bool] = []
        for key in ("p", "r"):
            await pilot.press(key)
            await drawn(pilot)
            paused.append(stage.monitor.loop.paused)
        assert paused == [False, True]
        await pilot.press("x")
        await until(pilot, lambda: "(ü: undo)" in foot(pilot))
        await pilot.press("question_mark", "f1", "slash", "é")
        await until(pilot, lambda: dashboard(pilot).table.filter_text == "é")
        assert pilot.app.screen is dashboard(pilot), "what is typed into the prompt is text"
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        await until(pilot, lambda: "ü       " in screen_text(pilot))
        await pilot.press("é")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Help))
        await pilot.press("escape", "ctrl+p", *"pause or")
        await until(pilot, lambda: "Pause or resume  r" in screen_text(pilot))
