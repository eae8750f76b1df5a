"""What a read returns: the answer, or that it repeats the last one.

The first frame is drawn with these types loaded, so this module must not import pydantic or httpx.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hottui.model.answer import Answer


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and when it was received, in seconds since the epoch by the local clock."""

    answer: "Answer"
    at: float
    request_id: str = ""
    digest: bytes = b""
    """The digest of the answer without the request ID; see `hottui.service.response.answer_digest`."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """An answer that differs from the last one only in the request ID: its text, which was not parsed."""

    text: str
    at: float
    request_id: str = ""
