"""Terminal input split into tokens: strings are consumed, sequences are whole, and pastes are text."""

import random

from hottui.tui.terminal.input_tokenizer import PASTE_LIMIT, Pasted, Token, Tokenizer

ESCAPE_DELAY = 0.1
REPLIES = (
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x9c",
    "\x9d11;rgb:1e1e/1e1e/1e1e\x9c",
    "\x1bP>|tmux 3.3a\x1b\\",
    "\x90>|tmux 3.3a\x9c",
    "\x1b_Gi=31;OK\x1b\\",
    "\x9fGi=31;OK\x9c",
    "\x1b^private\x07",
    "\x9eprivate\x9c",
    "\x1bXqqq\r\x1b\\",
    "\x98qqq\r\n\x9c",
    "\x1b]52;c;" + "cXFx" * 10_000 + "\x1b\\",
    "\x1b]0;\x18",  # CAN aborts
    "\x1bPq\x1a",  # so does SUB
    "\x85\x8d",  # other 8-bit controls
)
"""What stands for no key."""


def tokens(*pieces: str, patience: float = 60.0) -> list[Token]:
    """All tokens of text that came in `pieces`, and of the silence after it."""
    tokenizer = Tokenizer(ESCAPE_DELAY)
    return [token for piece in pieces for token in tokenizer.feed(piece)] + tokenizer.wait(patience)


def test_control_strings_yield_nothing_wherever_they_are_split() -> None:
    for reply in REPLIES:
        assert tokens("j" + reply + "k") == ["j", "k"], reply[:40]
        for at in range(1, min(len(reply), 60)):
            assert tokens("j" + reply[:at], reply[at:] + "k") == ["j", "k"], (reply[:40], at)
    assert tokens(*"".join(REPLIES[:12]), "k") == ["k"]


def test_an_unterminated_string_is_given_up_after_a_silence_or_a_length() -> None:
    for start in ("\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x9d"):
        tokenizer = Tokenizer(ESCAPE_DELAY)
        assert tokenizer.feed(start + "11;rgb:") == []
        assert tokenizer.wait(1.0) == []
        assert tokenizer.feed("1e1e") == [], "it comes late"
        assert tokenizer.wait(1.5) == []
        assert tokenizer.feed("q") == ["q"]

        tokenizer.feed(start + "x" * 100_000)
        assert tokenizer.feed("xx") == [], "still the same burst"
        tokenizer.wait(0.3)
        assert tokenizer.feed("q") == ["q"]


def test_typing_into_an_unterminated_string_does_not_prolong_it() -> None:
    tokenizer = Tokenizer(ESCAPE_DELAY)
    tokenizer.feed("\x1b]")
    typed = []
    for _ in range(10):
        typed += tokenizer.feed("q") + tokenizer.wait(0.3)
    assert typed


def test_another_sequence_ends_a_string() -> None:
    assert tokens("\x1b]0;title\x1b[A") == ["\x1b[A"]
    assert tokens("\x1b]0;title\x1b", "[A") == ["\x1b[A"]
    assert tokens("\x1b]0;title\x1b]0;q\x07k") == ["k"]


def test_sequences_are_whole_however_they_are_split() -> None:
    for sequence in (
        "\x1b[A",
        "\x1b[1;5A",
        "\x1b[<0;10;20M",
        "\x1bOP",
        "\x1b[[A",
        "\x1b[M !!",
        "\x1b[?2026;1$y",
        "\x1b[97;5:3u",
    ):
        assert tokens(sequence) == tokens(*sequence) == [sequence]
        assert tokens("j" + sequence + "k") == ["j", sequence, "k"]
    assert tokens("\x9bA") == ["\x1b[A"]
    assert tokens("\x8fP") == ["\x1bOP"]
    assert tokens("\x1b[?62;4;22c") == ["\x1b[?62;4;22c"]


def test_a_sequence_that_is_too_long_or_never_complete_is_dropped() -> None:
    assert tokens("\x1b[" + "1;" * 5_000 + "uq") == ["q"]
    assert tokens("\x1b[" + "1" * 300, "2" * 300, "uq") == ["q"]
    assert tokens("\x1b[1;") == tokens("\x1b[M !") == []
    assert tokens("\x1b[M !\x1b[A") == ["\x1b[A"]
    assert tokens("\x1b[1;\x03") == ["\x03"], "a key interrupts it"
    assert tokens("\x1b[1;\x1b[A") == ["\x1b[A"]
    assert tokens("\x1b[") == tokens("\x1bO") == [], "alt-[ and alt-O"
    tokenizer = Tokenizer(ESCAPE_DELAY)
    tokenizer.feed("\x1b[?1;")
    assert tokenizer.wait(1.0) == []
    assert tokenizer.feed("2c") == ["\x1b[?1;2c"]


def test_escape_is_a_key_when_nothing_follows() -> None:
    tokenizer = Tokenizer(ESCAPE_DELAY)
    assert tokenizer.feed("\x1b") == []
    assert tokenizer.timeout == ESCAPE_DELAY
    assert tokenizer.wait(0.05) == []
    assert tokenizer.wait(0.06) == ["\x1b"]
    assert tokenizer.feed("") == []
    assert tokens("\x1b\x1b") == ["\x1b", "\x1b"]
    assert tokens("\x1bq") == ["\x1bq"]


def test_what_comes_late_after_escape_is_no_key_when_nobody_can_have_typed_it() -> None:
    for rest in ("]11;rgb:1e1e/1e1e/1e1e\x07", "P>|tmux 3.3a\x1b\\", "_Gi=31;OK\x1b\\"):
        tokenizer = Tokenizer(ESCAPE_DELAY)
        assert tokenizer.feed("\x1b") + tokenizer.wait(0.2) == ["\x1b"]
        assert tokenizer.wait(0.5) + tokenizer.feed(rest) == []
        assert tokenizer.feed("]") == ["]"]
    tokenizer = Tokenizer(ESCAPE_DELAY)
    tokenizer.feed("\x1b")
    assert tokenizer.wait(0.2) + tokenizer.feed("]") == ["\x1b", "]"], "typed"
    tokenizer.feed("\x1b")
    tokenizer.wait(0.2)
    assert tokenizer.wait(2.0) + tokenizer.feed("[[") == ["[", "["], "long after"


def test_a_paste_is_text_whatever_is_in_it() -> None:
    start, end = "\x1b[200~", "\x1b[201~"
    for text in ("", "a\x1bqb", "\x1b[A\x1b]0;\x07", start + "x", "\x1b[201", "\x9b\x9d\x90", "\x1b\x1b\x1b", "\x03q"):
        whole = "j" + start + text + end + "k"
        assert tokens(whole) == tokens(*whole) == ["j", Pasted(text), "k"], repr(text)
    assert tokens("\x9b200~x\x9b201~k") == [Pasted("x"), "k"]


def test_a_paste_is_bounded_in_length_and_in_silence() -> None:
    tokenizer = Tokenizer(ESCAPE_DELAY)
    assert tokenizer.feed("\x1b[200~" + "x" * (PASTE_LIMIT + 1)) == []
    assert tokenizer.feed("y\x1b[201~q") == [Pasted("x" * PASTE_LIMIT, complete=False), "q"]
    tokenizer.feed("\x1b[200~abc\x1b[2")
    assert tokenizer.wait(4.0) == []
    tokenizer.feed("d" * 100)
    assert tokenizer.wait(4.0) == [], "a slow link"
    assert tokenizer.wait(4.0) == [Pasted("abc\x1b[2" + "d" * 100)]
    assert tokenizer.feed("q") == ["q"]


def test_any_text_is_consumed_and_nothing_is_kept() -> None:
    """Whatever came before, keys are keys again after a silence."""
    chance = random.Random(9)
    alphabet = "\x1b\x1b\x1b[[]]POX_^\\?;:0129~MuAqc$ \x07\x18\x1a\x9b\x9c\x9d\r\x03é漢"
    tokenizer = Tokenizer(ESCAPE_DELAY)
    for _ in range(3_000):
        tokenizer.feed("".join(chance.choices(alphabet, k=chance.randint(1, 40))))
        if chance.random() < 0.2:
            tokenizer.wait(60.0)
            assert tokenizer.timeout is None
            assert tokenizer.feed("q") == ["q"]
