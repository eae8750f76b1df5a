"""Copying through the terminal: the text cannot escape from its sequence, in tmux and GNU screen, too."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.tui.terminal.clipboard import LIMIT, TooLong, osc52
from tests.terminal.conftest import Open

_BARE = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
_TMUX = re.compile(r"(\x1b\]52;c;[A-Za-z0-9+/=]*\x07)\x1bPtmux;\x1b(\x1b\]52;c;[A-Za-z0-9+/=]*\x07)\x1b\\")
_SCREEN = re.compile(r"\x1bP([^\x1b]{0,252}|\x1b\][^\x1b]{0,250})\x1b\\")


def content(sequence: str) -> str:
    """Return what a terminal copies to its clipboard; the sequence contains nothing else."""
    whole = _BARE.fullmatch(sequence)
    assert whole is not None
    return base64.b64decode(whole[1], validate=True).decode()


@given(st.text())
def test_any_text_is_encoded_for_each_terminal(text: str) -> None:
    expected = text.encode("utf-8", "replace").decode()
    assert content(osc52(text, {})) == expected

    inner = _TMUX.fullmatch(osc52(text, {"TMUX": "/tmp/socket,1,0"}))
    assert inner is not None
    assert content(inner[1]) == content(inner[2]) == expected

    wrapped = osc52(text, {"STY": "1.pts-0.host"})
    assert _SCREEN.sub("", wrapped) == ""
    assert content("".join(_SCREEN.findall(wrapped))) == expected


def test_copied_text_is_limited() -> None:
    assert len(osc52("x" * LIMIT, {})) < 100_010
    with pytest.raises(TooLong, match="exceed the terminal clipboard's limit"):
        osc52("x" * (LIMIT + 1), {})


def test_the_id_is_copied_through_the_terminal(open_on_terminal: Open) -> None:
    session = open_on_terminal().live()
    session.type(b"y")
    session.sees("\x1b]52;c;")
    session.until(lambda: _BARE.search(session.output.decode(errors="replace")) is not None, "the whole sequence")
    found = _BARE.search(session.output.decode(errors="replace"))
    assert found is not None
    copied = content(found[0])
    assert re.fullmatch(r"[0-9a-f]{16}", copied)
    session.shows(copied[:8])
