"""Parsing error responses: code, message and request ID from JSON or XML, waiting time and clock from headers."""

import html
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from hottui.model.json_text import Json, UnreadableJson, read_json
from hottui.model.lenient_parsing import unquoted

_LONGEST_BODY = 64 * 1024
"""Maximum number of bytes parsed; the gateway's error bodies are under 4 KiB unless they echo a request."""

REQUEST_ID: Final = "x-acs-request-id"
"""The header with the request ID, which the gateway also sets when the body has none."""

_PLAUSIBLE: Final = (1_577_836_800.0, 4_102_444_800.0)
"""The years 2020 and 2100: a `Date` outside of them is ignored, because requests are signed with the time it gives."""

_XML_FIELD = re.compile(r"<(Code|Message|RequestId)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The fields of an error response; each may be empty."""

    code: str = ""
    message: str = ""
    request_id: str = ""

    def __bool__(self) -> bool:
        """Return whether there is a code or a message."""
        return bool(self.code or self.message)


def read_error_body(body: bytes) -> ErrorBody:
    """Parse the gateway's JSON or XML, or the service's envelope; anything else gives an empty ErrorBody."""
    text = _text_of(body[:_LONGEST_BODY]).lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        fields = {name: html.unescape(value.strip()) for name, value in _XML_FIELD.findall(text)}
        return ErrorBody(fields.get("Code", ""), fields.get("Message", ""), fields.get("RequestId", ""))
    try:
        value = read_json(text)
    except UnreadableJson:
        return ErrorBody()
    if not isinstance(value, dict):
        return ErrorBody()

    def field(*names: str) -> str:
        found = (value.get(name) for name in names)
        return next((text for text in map(_text, found) if text is not None), "")

    return ErrorBody(
        field("Code", "errorCode", "code"),
        field("Message", "errorMessage", "message"),
        field("RequestId", "requestId"),
    )


def _text(value: Json) -> str | None:
    """Return a field as text, for codes may be numbers; None if it is neither a string nor an integer."""
    if isinstance(value, str):
        return str(unquoted(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _text_of(body: bytes) -> str:
    """Decode UTF-8, or GB 18030, which some gateways use; otherwise replace what cannot be decoded."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > len(body) - 4:  # truncated within a character
                return body[: error.start].decode(encoding)
    return body.decode("utf-8", "replace")


def looks_like_html(body: bytes) -> bool:
    """Return whether `body` is an HTML page."""
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<script"))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the waiting time in seconds from `x-acs-retry-after` (milliseconds) or `Retry-After`."""
    milliseconds = _number(headers.get("x-acs-retry-after"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is None and text and now:
        until = _time_of(text)
        seconds = None if until is None else max(until - now, 0.0)
    return seconds


def clock_offset(headers: Mapping[str, str], now: float) -> float | None:
    """Return the `Date` header minus local time `now`, in seconds; None without a plausible `Date`."""
    there = _time_of(headers.get("date", ""))
    earliest, latest = _PLAUSIBLE
    return there - now if there is not None and earliest < there < latest else None


def _time_of(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, ArithmeticError, LookupError, OSError):  # OSError: from the C library
        return None


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
