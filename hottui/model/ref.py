"""The ref of a hot update: everything that finds it again."""

import re
from dataclasses import dataclass

from hottui.model.text import shorten, visible

MAX_NAME = 256
"""The longest ID, workspace or namespace accepted, in characters: the service's own are under 64."""

_PLAIN = re.compile(r"[!-~]+")


class InvalidName(ValueError):
    """A text that cannot be an ID, a workspace or a namespace; the message is a sentence for the user."""


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
