"""The bytes of an answer, taken in with a limit.

httpx would unpack without one, and returns a truncated gzip body without an error; so the packed bytes are taken and
unpacked here.
"""

import time
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Final

from hottui.service.errors import Unreadable

LIMIT: Final = 32 * 1024 * 1024
"""Bytes of the largest answer read, packed or not: over ten times a plan of 5,000 nodes."""

MEMBERS: Final = 100
"""Gzip members in one answer, at most: servers send one, those that compress piece by piece a few."""

UNPACK_WITHIN: Final = 5.0
"""Seconds that unpacking may take; two megabytes take ten milliseconds."""

ENCODING: Final = "gzip"
"""The one content encoding that is asked for."""

INLINE: Final = 64 * 1024
"""Bytes of the largest answer that is decoded on the event loop: about a millisecond."""

_PASSES = "Usually temporary. If it persists, a proxy may modify answers: check the proxy."

NO_HOT_UPDATE: Final = (
    "Not a plausible hot update: another server may answer at this address. Check endpoint and proxy."
)

_CHUNK = 16 * 1024

_INLINE_PACKED = 2 * 1024  # unpacks to 2 MiB at the most, because deflate gains a thousandfold at best


@dataclass(frozen=True, slots=True)
class Body:
    """An answer's bytes as they came."""

    packed: bytes
    encoding: str = ""

    @property
    def small(self) -> bool:
        """Whether unpacking and reading it is quick enough to be done on the event loop."""
        return len(self.packed) <= (_INLINE_PACKED if self.encoding else INLINE)

    def unpack(self) -> bytes:
        """The plain bytes. Raises Unreadable."""
        if self.encoding in {"", "identity"}:
            return self.packed
        if self.encoding not in {"gzip", "x-gzip"}:
            raise Unreadable(
                f"The answer has the content encoding {self.encoding[:40]!r}, which hottui did not request.",
                hint="A proxy may modify answers: check the proxy.",
            )
        return _gunzip(self.packed)


async def receive(chunks: AsyncIterator[bytes], encoding: str) -> Body:
    """Take in the raw chunks of an answer. Raises Unreadable beyond the limit."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise _too_large()
        parts.append(chunk)
    return Body(parts[0] if len(parts) == 1 else b"".join(parts), encoding.strip().lower())


def _gunzip(packed: bytes) -> bytes:
    """The content of every gzip member in `packed`, one after another. Raises Unreadable."""
    until = time.monotonic() + UNPACK_WITHIN
    parts: list[bytes] = []
    room, members = LIMIT, 0
    member: Any = None  # between two members there is none
    try:
        for chunk in _chunks(packed):
            rest = chunk
            while rest := rest if member else rest.lstrip(b"\0"):
                if time.monotonic() > until:
                    raise _too_slow()
                if member is None:
                    members += 1
                    if members > MEMBERS:
                        raise _too_many()
                    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
                part = member.decompress(rest, room + 1)
                room -= len(part)
                if room < 0:
                    raise _too_large()
                parts.append(part)
                rest = member.unused_data
                if member.eof:
                    member = None
    except zlib.error:
        raise Unreadable("The answer is labelled gzip but is not gzip data.", hint=_PASSES) from None
    if member is not None:
        raise Unreadable("The answer was truncated: its gzip stream is incomplete.", hint=_PASSES)
    return b"".join(parts)


def _chunks(packed: bytes) -> Iterator[bytes]:
    """`packed` in pieces: what follows a member is copied, and a copy of all the rest for each would take minutes."""
    for start in range(0, len(packed), _CHUNK):
        yield packed[start : start + _CHUNK]


def _too_many() -> Unreadable:
    return Unreadable(
        f"The answer has more than {MEMBERS} gzip members; hottui stopped reading it.", hint=NO_HOT_UPDATE
    )


def _too_slow() -> Unreadable:
    return Unreadable(
        f"Decompressing the answer took longer than {UNPACK_WITHIN:g} s; hottui stopped reading it.", hint=NO_HOT_UPDATE
    )


def _too_large() -> Unreadable:
    return Unreadable(
        f"The answer is larger than {LIMIT // 1024**2} MiB; hottui stopped reading it.",
        hint=NO_HOT_UPDATE,
    )
