"""The ref of a hot update: everything that finds it again."""

import re
from dataclasses import dataclass

from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import shorten, visible

MAX_NAME = 256
"""The longest ID, workspace or namespace accepted, in characters: the service's own are under 64."""

_PLAIN = re.compile(r"[!-~]+")
_NO_VALUE = frozenset(("null", "nil", "none", "undefined", "nan", "true", "false"))
"""What jq, templates and other tools print in place of a value, letters and digits alone."""
_NO_ID = re.compile(r"[^0-9A-Za-z]*|<.*|.*<(?:nil|null|none)>.*", re.IGNORECASE | re.DOTALL)
"""Rules and bars of tables, markup, and the `<nil>` of Go."""


class InvalidName(HottuiError):
    """A text that cannot be an ID, a workspace or a namespace; the message is for the user."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One hot update at one place.

    `endpoint` is an origin without a path (`https://ververica.cn-hangzhou.aliyuncs.com`); `id` is the
    `jobHotUpdateId` that `HotUpdateJob` returned.
    """

    endpoint: str
    workspace: str
    namespace: str
    id: str


def check_name(text: str, what: str = "ID") -> str:
    """Return `text` when it can stand in a request as `what`.

    Raises InvalidName: the service's names are printable ASCII, a slash would start another path part, and HTTP
    stacks collapse `.` and `..` before a request leaves the machine.
    """
    if not text:
        raise InvalidName(f"The {what} is empty.")
    shown = repr(visible(shorten(text, 40)))
    if len(text) > MAX_NAME:
        raise InvalidName(f"The {what} {shown} has {len(text):,} characters; at most {MAX_NAME} are accepted.")
    if not _PLAIN.fullmatch(text):
        raise InvalidName(f"The {what} {shown} holds a space, a control character or a letter outside ASCII.")
    if "/" in text or "\\" in text:
        raise InvalidName(f"The {what} {shown} holds a slash; give the {what} alone, not a path or an address.")
    if text in {".", ".."}:
        raise InvalidName(f"The {what} {shown} would be dropped from the address by HTTP.")
    return text


def check_new_id(text: str) -> str:
    """Return `text` when it can be the ID of a hot update that is met for the first time.

    Raises InvalidName, also for what other tools print where they found nothing: `null`, `<nil>`, `|`, `---`.
    """
    check_name(text)
    if _NO_ID.fullmatch(text) or re.sub("[^0-9A-Za-z]", "", text).lower() in _NO_VALUE:
        raise InvalidName(
            f"{visible(shorten(text, 40))!r} is not an ID but the empty output of another tool; "
            "check what it was asked for."
        )
    return text
