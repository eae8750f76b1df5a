"""hottui's own messages pass the masking of secrets as they were written."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hottui
from hottui.model.masking.messages import for_display
from hottui.service.error_codes import gateway_error

ROOT = Path(hottui.__file__).parent
SPEAKING = sorted(
    {*ROOT.glob("service/*.py"), *ROOT.glob("cli/*.py"), *ROOT.glob("monitor/*.py")} - {ROOT / "service/signing.py"}
)
"""The modules whose messages end in an error of the service, or beside one; a signature is written for no user."""


def messages(path: Path) -> Iterator[str]:
    """The texts in the code of a module that hold several words; `x` stands where something is filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            inside.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_message_of_hottui_looks_like_a_secret(path: Path) -> None:
    own = [text for text in messages(path) if " " in text and "\n" not in text and "(?" not in text]
    assert [text for text in own if for_display(text) != text] == []


ECHO = (
    b'{"Code": "SignatureDoesNotMatch", "RequestId": "r", "Message": "Specified signature is not matched with our '
    b'calculation. server CanonicalRequest GET\\n/x\\nhost:h\\nx-acs-security-token:hunter2"}'
)


def test_a_message_around_an_echoed_request_is_whole() -> None:
    refused = gateway_error(400, {}, ECHO, now=0)
    assert refused.message.endswith("server CanonicalRequest ••••••).")
    assert "hunter2" not in refused.message
    assert "•" not in refused.hint


def test_the_message_is_whole_wherever_the_echo_is_cut() -> None:
    for length in range(0, 300, 7):
        body = ECHO.replace(b"Specified", b"S" * length)
        message = gateway_error(400, {}, body, now=0).message
        assert message.count("(") == message.count(")") == 1, length
        assert "hunter2" not in message, length
