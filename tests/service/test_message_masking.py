"""The masking of secrets does not change hottui's own messages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hottui
from hottui.model.masking.messages import for_display
from hottui.service.error_codes import gateway_error

ROOT = Path(hottui.__file__).parent
MODULES = sorted(
    {*ROOT.glob("service/*.py"), *ROOT.glob("cli/*.py"), *ROOT.glob("monitor/*.py")} - {ROOT / "service/signing.py"}
)
"""The modules whose messages become part of a ServiceError."""


def messages(path: Path) -> Iterator[str]:
    """Yield the strings in the code of a module; `x` replaces the fields of f-strings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            inside.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_own_messages_are_not_masked(path: Path) -> None:
    own = [text for text in messages(path) if " " in text and "\n" not in text and "(?" not in text]
    assert [text for text in own if for_display(text) != text] == []


ECHO = (
    b'{"Code": "SignatureDoesNotMatch", "RequestId": "r", "Message": "Specified signature is not matched with our '
    b'calculation. server CanonicalRequest GET\\n/x\\nhost:h\\nx-acs-security-token:hunter2"}'
)


def test_a_message_with_an_echoed_request_stays_complete() -> None:
    error = gateway_error(400, {}, ECHO, now=0)
    assert error.message.endswith("server CanonicalRequest ••••••).")
    assert "hunter2" not in error.message
    assert "•" not in error.hint


def test_a_message_stays_complete_wherever_the_echo_is_truncated() -> None:
    for length in range(0, 300, 7):
        body = ECHO.replace(b"Specified", b"S" * length)
        message = gateway_error(400, {}, body, now=0).message
        assert message.count("(") == message.count(")") == 1, length
        assert "hunter2" not in message, length
