"""The error classes match the tree in their docstring, and their texts are safe for a terminal."""

import re
import subprocess
import sys

import pytest

from hottui.errors import HottuiError
from hottui.model.masking.messages import LONGEST, redact
from hottui.service import errors
from hottui.service.errors import ClockSkewed, Throttled, Unavailable


def drawn() -> dict[str, str]:
    """Return the base class of each class in the docstring, by name."""
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"(?P<lead> {4}[ │├└─]*)(?P<name>[A-Z]\w+)", line)
        if match is None:
            continue
        depth = len(match["lead"])
        above = [(other, name) for other, name in above if other < depth]
        found[match["name"]] = above[-1][1] if above else "Exception"
        above.append((depth, match["name"]))
    return found


def test_the_class_tree_matches_the_docstring() -> None:
    classes = {
        name: kind.__base__.__name__
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, HottuiError) and kind.__base__
    }
    assert drawn() == classes


def test_texts_are_masked_and_control_characters_visible() -> None:
    error = Unavailable("a\x1b[2Jb\npassword=hush", hint="token: hush\u202e", request_id="r\x07", code="c\r")
    assert error.message.startswith("a␛[2Jb␊password=")
    assert "hush" not in repr(vars(error)) + str(error) + repr(error)
    assert (error.request_id, error.code) == ("r␇", "c␍")
    assert len(Unavailable("x" * 10_000).message) == LONGEST


def test_additional_attributes() -> None:
    assert Throttled("x").wait is None
    assert Throttled("x", wait=2.0).wait == 2.0
    assert ClockSkewed("x", offset=-3.0).offset == -3.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing to hide here", "nothing to hide here"),
        ("key secret-1 twice: secret-1.", "key •••••• twice: ••••••."),
        ("Signature=0123456789abcdef01, more", "Signature=••••••, more"),
        ("Authorization was Bearer abcdefgh.ijkl", "Authorization was Bearer ••••••"),
        ("StringToSign: GET\nall the rest", "StringToSign ••••••"),
        ("canonical-request is [GET|/|]", "canonical-request ••••••"),
    ],
)
def test_secrets_are_redacted(text: str, expected: str) -> None:
    assert redact(text, ("secret-1", "", "a")) == expected


@pytest.mark.parametrize("module", ["service.errors", "service.endpoints", "model.masking.messages"])
def test_modules_that_import_neither_httpx_nor_pydantic(module: str) -> None:
    code = f"import sys, hottui.{module}; print([m for m in ('httpx', 'pydantic', 'asyncio') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
