"""Mask secrets in JSON by its structure: the result is still JSON, with every other value unchanged."""

from functools import lru_cache
from operator import is_
from threading import Lock
from typing import Any, Final, overload

from hottui.model.json_text import Json, UnreadableJson, read_embedded, read_json, replace_surrogates, write_json
from hottui.model.masking.keys import looks_secret
from hottui.model.masking.pairs import MASK
from hottui.model.masking.text import mask_text

_EMPTY: Final[tuple[Json, ...]] = (None, "", [], {})
_HOLDERS: Final = (str, dict, list)
_NAMES: Final = ("key", "name", "k", "property", "header", "option", "field", "param", "parameter", "variable", "env")
_VALUES: Final = ("value", "v", "val", "values", "content", "currentvalue", "defaultvalue", "oldvalue", "newvalue")
_LOGINS: Final = ("-u", "-U", "--user", "--proxy-user")
"""Command-line options whose value is `user:password`."""

_LARGE: Final = 200_000
"""Characters of an answer from which masking takes tens of milliseconds."""
_EMBEDDED_LAYERS: Final = 2
"""Levels of JSON embedded as text that are masked: a plan in an answer, and a JSON value in the plan."""


def mask_value(key: str, value: Any) -> Any:
    """Return `value` masked: as a whole if `key` looks secret and `value` is not empty, otherwise its parts."""
    return _mask_value(key, value, _EMBEDDED_LAYERS)


@overload
def mask_json(value: dict[str, Json]) -> dict[str, Json]: ...
@overload
def mask_json(value: Json) -> Json: ...
def mask_json(value: Json) -> Json:
    """Return `value` with every part that looks secret masked, also within JSON embedded as text, such as a plan."""
    return _mask(value, _EMBEDDED_LAYERS)


def mask_answer(text: str) -> str:
    """Return the JSON text of an answer with secrets masked. Text that is not JSON is masked as plain text.

    The last large one is cached: the store and the screen need the same, each in its own thread.
    """
    if len(text) < _LARGE:
        return _mask_answer(text)
    with _one_at_a_time:
        return _mask_large_answer(text)


def _mask_answer(text: str) -> str:
    text = replace_surrogates(text)
    losses: list[str] = []
    try:
        value = read_json(text, lambda: losses.append(text))
    except UnreadableJson:
        return mask_text(text)
    masked = mask_json(value)
    return text if masked is value and not losses else write_json(masked)


_one_at_a_time: Final = Lock()
_mask_large_answer = lru_cache(maxsize=1)(_mask_answer)


def _mask(value: Json, layers: int) -> Json:
    """Return `value` masked; the same object if there is nothing to mask."""
    if isinstance(value, str):
        return _mask_leaf(value, layers)
    if isinstance(value, dict):
        masked = _mask_entry({key: _mask_value(key, part, layers) for key, part in value.items()})
        renamed = _mask_keys(masked)
        return value if renamed is masked and all(map(is_, masked.values(), value.values())) else renamed
    if isinstance(value, list):
        if value and all(isinstance(part, list) and len(part) == 2 and isinstance(part[0], str) for part in value):
            items: list[Json] = [_mask_pair(part, layers) for part in value]
        else:
            items = _mask_arguments([_mask(part, layers) if isinstance(part, _HOLDERS) else part for part in value])
        return value if all(map(is_, items, value)) else items
    return value


def _mask_pair(pair: Any, layers: int) -> Json:
    """Mask one pair of a list of `[name, value]`, a notation for HTTP headers."""
    masked = [_mask(pair[0], layers), _mask_value(pair[0], pair[1], layers)]
    return pair if all(map(is_, masked, pair)) else masked


def _mask_value(key: str, value: Any, layers: int) -> Any:
    if value not in _EMPTY and looks_secret(key):
        return _masked(value)
    return _mask(value, layers) if isinstance(value, _HOLDERS) else value


def _masked(value: Any) -> Any:
    return value if value == MASK else MASK


def _mask_entry(entry: dict[str, Json]) -> dict[str, Json]:
    """Mask one entry of a list of `{key, value}`, the notation of Flink's REST API for a conf."""
    names = [part for key, part in entry.items() if key.lower() in _NAMES and isinstance(part, str)]
    if names and any(looks_secret(name) for name in names):
        return {key: _mask_named(key, part) for key, part in entry.items()}
    return entry


def _mask_named(key: str, part: Json) -> Json:
    return _masked(part) if key.lower() in _VALUES and part not in _EMPTY else part


def _mask_keys(entry: dict[str, Json]) -> dict[str, Json]:
    """Mask keys that contain a secret, such as a URL with a password; keys that become equal are numbered."""
    if not any("=" in key or ":" in key for key in entry):
        return entry
    masked = {mask_text(key): part for key, part in entry.items()}
    if masked.keys() == entry.keys():
        return entry
    return masked if len(masked) == len(entry) else {f"{mask_text(k)} {n}": p for n, (k, p) in enumerate(entry.items())}


def _mask_arguments(items: list[Json]) -> list[Json]:
    """Mask a command line given as a list: the item after `--password`, and the password in the item after `--user`."""
    for place, flag in enumerate(items[:-1]):
        following = items[place + 1]
        if not isinstance(flag, str) or not flag.startswith("-") or len(flag) > 200 or not isinstance(following, str):
            continue
        if flag in _LOGINS and ":" in following:
            login = f"{following.partition(':')[0]}:{MASK}"
            items[place + 1] = following if following == login else login
        elif "=" not in flag and following and not following.startswith("--") and looks_secret(flag):
            items[place + 1] = _masked(following)
    return items


def _mask_leaf(text: str, layers: int) -> str:
    losses: list[str] = []
    if layers and text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", '"'):
        try:
            embedded = read_embedded(text, lambda: losses.append(text))
        except UnreadableJson:
            return _mask_plain(text)
        if isinstance(embedded.value, dict | list):
            masked = _mask(embedded.value, layers - 1)
            return text if masked is embedded.value and not losses else embedded.write(masked)
    return _mask_plain(text)


def _mask_plain(text: str) -> str:
    masked = mask_text(text)
    return text if masked == text else masked
