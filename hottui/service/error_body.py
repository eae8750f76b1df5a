"""What a refusal says, read from whatever came: JSON, XML, a page, or headers alone."""

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
"""Bytes of a refusal that are read; the gateway's are under 4 KiB unless they echo a request."""

REQUEST_ID: Final = "x-acs-request-id"
"""The header in which the gateway names the request, also where the body does not."""

_PLAUSIBLE: Final = (1_577_836_800.0, 4_102_444_800.0)
"""Times of 2020 and of 2100, between which a `Date` is believed: requests are signed with the clock that it tells."""

_XML_FIELD = re.compile(r"<(Code|Message|RequestId)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What a refusal says of itself; any part may be empty."""

    code: str = ""
    message: str = ""
    request_id: str = ""

    def __bool__(self) -> bool:
        """Whether there is a reason in it."""
        return bool(self.code or self.message)


def read_error_body(body: bytes) -> ErrorBody:
    """The words of a refusal: the gateway's JSON or XML, or the service's envelope; empty for anything else."""
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
    """A field of the body as text: codes may be bare numbers. None for what is neither text nor a whole number."""
    if isinstance(value, str):
        return str(unquoted(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _text_of(body: bytes) -> str:
    """UTF-8 as it should be, else the Chinese encoding that some gateways speak, else as much as can be read."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > len(body) - 4:  # cut within a character
                return body[: error.start].decode(encoding)
    return body.decode("utf-8", "replace")


def looks_like_html(body: bytes) -> bool:
    """Whether a page for people came in place of an answer."""
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<script"))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The pause that a refusal asks for, in seconds: `x-acs-retry-after` (milliseconds) or `Retry-After`."""
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
    """The service's clock minus the local one in seconds, by the `Date` header; None without a plausible one."""
    there = _time_of(headers.get("date", ""))
    earliest, latest = _PLAUSIBLE
    return there - now if there is not None and earliest < there < latest else None


def _time_of(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, ArithmeticError, LookupError, OSError):  # OSError: from the C library's calendar
        return None


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
