"""The ref of a hot update: everything needed to address it."""

import re
from dataclasses import dataclass

from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import shorten, visible

MAX_NAME = 256
"""The longest ID, workspace or namespace accepted, in characters: the service's own are under 64."""

_PLAIN = re.compile(r"[!-~]+")
_NO_VALUE = frozenset(("null", "nil", "none", "undefined", "nan", "true", "false"))
"""What jq, templates and other tools print for a missing value, reduced to letters and digits."""
_NO_ID = re.compile(r"[^0-9A-Za-z]*|<.*|.*<(?:nil|null|none)>.*", re.IGNORECASE | re.DOTALL)
"""Table borders, markup, and Go's `<nil>`."""


class InvalidName(HottuiError):
    """Text that is not a valid ID, workspace or namespace; the message is for the user."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The address of one hot update.

    `endpoint` is an origin without a path (`https://ververica.cn-hangzhou.aliyuncs.com`); `id` is the
    `jobHotUpdateId` that `HotUpdateJob` returned.
    """

    endpoint: str
    workspace: str
    namespace: str
    id: str


@dataclass(frozen=True, slots=True, order=True)
class JobRef:
    """The address of one job: that of its hot updates, with the job's ID."""

    endpoint: str
    workspace: str
    namespace: str
    job_id: str

    @classmethod
    def of(cls, ref: Ref, job_id: str) -> "JobRef":
        """The address of the job `job_id` that the hot update `ref` belongs to."""
        return cls(ref.endpoint, ref.workspace, ref.namespace, job_id)


def check_name(text: str, what: str = "ID") -> str:
    """Return `text` if it is a valid `what` in a request.

    Raises InvalidName: the service's names are printable ASCII, a slash would start another path segment, and HTTP
    clients collapse `.` and `..`.
    """
    if not text:
        raise InvalidName(f"The {what} is empty.")
    shown = repr(visible(shorten(text, 40)))
    if len(text) > MAX_NAME:
        raise InvalidName(f"The {what} {shown} has {len(text):,} characters; at most {MAX_NAME} are accepted.")
    if not _PLAIN.fullmatch(text):
        raise InvalidName(f"The {what} {shown} contains a space, a control character or a non-ASCII character.")
    if "/" in text or "\\" in text:
        raise InvalidName(f"The {what} {shown} contains a slash. Pass only the {what}, not a path or a URL.")
    if text in {".", ".."}:
        raise InvalidName(f"The {what} {shown} is not valid: HTTP clients remove it from the URL.")
    return text


def check_new_id(text: str) -> str:
    """Return `text` if it can be the ID of a hot update that is not yet tracked.

    Raises InvalidName, also for what other tools print for a missing value: `null`, `<nil>`, `|`, `---`.
    """
    check_name(text)
    if _NO_ID.fullmatch(text) or re.sub("[^0-9A-Za-z]", "", text).lower() in _NO_VALUE:
        raise InvalidName(
            f"{visible(shorten(text, 40))!r} is not an ID but another tool's output for a missing value. "
            "Check that tool's query."
        )
    return text
