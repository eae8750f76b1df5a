"""Which sequence each terminal accepts, also through tmux."""

from hottui.model.notify_settings import OSC_9, OSC_99, OSC_777
from hottui.runtime.desktop_notification import accepted_sequence


def test_terminals_are_told_apart_by_their_variables() -> None:
    for environment, expected in (
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, OSC_99),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, OSC_99),
        ({"TERM": "xterm-kitty", "VTE_VERSION": "7600"}, OSC_99),  # started in GNOME's terminal
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, OSC_9),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, OSC_9),  # passed on by SSH
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, OSC_777),
        ({"TERM": "xterm-ghostty"}, OSC_777),
        ({"TERM": "foot-extra"}, OSC_777),
        ({"TERM": "rxvt-unicode-256color"}, OSC_777),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, OSC_777),
        ({"TERM": "xterm-256color"}, ""),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, ""),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode", "KITTY_WINDOW_ID": "1"}, ""),  # started from kitty
        ({}, ""),
    ):
        assert accepted_sequence(environment) == expected, environment


def test_inside_tmux_the_terminal_around_it_counts() -> None:
    inside = {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "x", "KITTY_WINDOW_ID": "1"}
    for client, expected in (
        ("xterm-kitty kitty(0.36.4)", OSC_99),
        ("xterm-256color iTerm2 3.5.0", OSC_9),
        ("foot foot(1.16.2)", OSC_777),
        ("xterm-256color XTerm(370)", ""),  # the server was started in kitty
        ("", OSC_99),  # a tmux that does not answer
    ):
        assert accepted_sequence(inside, client) == expected, client
