"""Bell and desktop notifications on a terminal: nothing in them is interpreted, and tmux passes them on."""

import re
from functools import partial
from pathlib import Path

from hottui.model.notify_settings import OSC_9, OSC_99, OSC_777
from hottui.tui.terminal.desktop_notification import notify_sequence
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, Session
from tests.terminal.served import Restless, watched

_OSC = re.compile(rb"\x1b\][^\x07\x1b]*\x07|\x1bPtmux;(?:[^\x1b]|\x1b\x1b)*\x1b\\")


def test_each_sequence_has_only_the_text() -> None:
    hostile = "4;1;a\x1b]52;c;eA==\x07b\x1b\\\x9c;é"
    shown = hostile.replace("\x1b", "␛").replace("\x07", "␇").replace("\x9c", "⟨U+009C⟩")
    for how, bare in (
        (OSC_9, f"\x1b]9;hottui: {shown}\x07"),
        (OSC_99, f"\x1b]99;i=hottui-7:d=0;hottui\x07\x1b]99;i=hottui-7:p=body;{shown}\x07"),
        (OSC_777, f"\x1b]777;notify;hottui;{shown.replace(';', ',')}\x07"),
    ):
        assert notify_sequence(how, hostile, 7, {}) == bare
        doubled = bare.replace("\x1b", "\x1b\x1b")
        assert notify_sequence(how, hostile, 7, {"TMUX": "/tmp/socket,1,0"}) == f"\x1bPtmux;{doubled}\x1b\\"
        pieces = re.findall(r"\x1bP([^\x1b]*|\x1b\][^\x1b]*)\x1b\\", notify_sequence(how, hostile, 7, {"STY": "1.x"}))
        assert "".join(pieces) == bare or how == OSC_99  # its second sequence begins within a piece


def test_transitions_reach_the_terminal(open_on_terminal: Open, environment: dict[str, str], tmp_path: Path) -> None:
    """Each dashboard has other settings; the one with tmux finds no server at its address."""
    ways: tuple[tuple[str, dict[str, str | None], bytes], ...] = (
        ('bell = true\ndesktop = "osc9"', {}, rb"\x1b\]9;hottui: [^\x07]*(?:INIT|HOT_UPDATING)[^\x07]*\x07"),
        ('desktop = "auto"', {"TMUX": "/nowhere,1,0", "KITTY_WINDOW_ID": "1"},
         rb"\x1bPtmux;\x1b\x1b\]99;i=hottui-1:d=0;hottui\x07\x1b\x1b\]99;i=hottui-1:p=body;[^\x07\x1b]+\x07\x1b\\"),
        ('desktop = "auto"', {"VTE_VERSION": "7600"}, rb"\x1b\]777;notify;hottui;[^\x07;]+\x07"),
    )  # fmt: skip
    with watched(Restless(size=3), environment) as place:
        sessions = []
        for number, (settings, variables, _) in enumerate(ways):
            config = tmp_path / f"config-{number}"
            (config / "hottui").mkdir(parents=True)
            (config / "hottui" / "config.toml").write_text(f'[notify]\non = ["INIT", "HOT_UPDATING"]\n{settings}\n')
            sessions.append(open_on_terminal(*HOTTUI, env={**place, **variables, "XDG_CONFIG_HOME": str(config)}))
        for session, (_, _, sequence) in zip(sessions, ways, strict=True):
            session.until(partial(_has, session, sequence), repr(sequence))
    bells = [b"\x07" in _OSC.sub(b"", session.output) for session in sessions]
    assert bells == [True, False, False]


def _has(session: Session, sequence: bytes) -> bool:
    return re.search(sequence, session.output) is not None
