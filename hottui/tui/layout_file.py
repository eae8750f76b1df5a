"""The file in the state folder that remembers the layout of each profile."""

import errno
import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, TypeVar

from hottui.files import read_regular, write_private
from hottui.model.control_characters import visible
from hottui.render.row_order import KEYS, RowOrder
from hottui.tui.layout import BELOW, BESIDE, SHARES, TABS, Layout

T = TypeVar("T")

_MOST_BYTES: Final = 256 * 1024
_LONGEST_TEXT: Final = 1_000
_CONFIGURED: Final = "configured_theme"


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """The layout of `profile`, which may be empty, in the file at `path`.

    A remembered theme counts only while the configured one is what it was: who changes `config.toml` expects an effect.
    """

    path: Path
    profile: str = ""
    configured_theme: str = ""

    def load(self) -> tuple[Layout, str]:
        """Return the remembered layout, and why the file is ignored if it is damaged."""
        try:
            fields = self._profiles().get(self.profile, {})
            layout = _parse(fields)
        except (OSError, ValueError, RecursionError) as error:
            if isinstance(error, FileNotFoundError):
                return Layout(), ""
            reason = (error.strerror or str(error)) if isinstance(error, OSError) else "it is damaged"
            return Layout(), visible(f"Layout file {self.path} ignored: {reason}.")
        return (layout if fields.get(_CONFIGURED) == self.configured_theme else replace(layout, theme="")), ""

    def save(self, layout: Layout) -> None:
        """Remember `layout`; those of other profiles stay. Raises OSError."""
        try:
            profiles = self._profiles()
        except (ValueError, RecursionError):
            profiles = {}
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.EFBIG}:
                raise
            profiles = {}
        profiles[self.profile] = asdict(layout) | {_CONFIGURED: self.configured_theme}
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self.path, json.dumps({"profiles": profiles}, indent=1, ensure_ascii=False) + "\n")

    def _profiles(self) -> dict[str, Any]:
        """Return the fields of each profile. Raises OSError, and ValueError or RecursionError for a damaged file."""
        document = json.loads(read_regular(self.path, _MOST_BYTES))
        return {profile: _object(fields) for profile, fields in _object(_object(document).get("profiles")).items()}


def _parse(fields: dict[str, Any]) -> Layout:
    """Return the layout of `fields`, with the default of each that is missing. Raises ValueError for other types."""
    default, order = Layout(), _object(fields.get("order", {}))
    column = _one_of(order.get("column", ""), ("", *KEYS))
    reverse, failures_first = (_one_of(order.get(name, False), (False, True)) for name in ("reverse", "failures_first"))
    return Layout(
        theme=_text(fields.get("theme", "")),
        tab=_one_of(fields.get("tab", default.tab), TABS),
        detail=_one_of(fields.get("detail", ""), ("", BESIDE, BELOW)),
        width=_one_of(fields.get("width", default.width), SHARES),
        height=_one_of(fields.get("height", default.height), SHARES),
        order=RowOrder(column, reverse, failures_first),
        filter=_text(fields.get("filter", "")),
    )


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError(value)
    return value


def _one_of(value: object, choices: Collection[T]) -> T:
    for choice in choices:
        if value == choice and type(value) is type(choice):
            return choice
    raise ValueError(value)


class LayoutSaver:
    """Saves the layout that was given last, in a thread of its own: a disk may hang, and quitting does not wait.

    `save` raises OSError, for which `failed` is called in that thread.
    """

    def __init__(self, save: Callable[[Layout], None], failed: Callable[[OSError], None]) -> None:
        self._save, self._failed = save, failed
        self._next: Layout | None = None
        self._thread: Thread | None = None
        self._lock = Lock()

    def save(self, layout: Layout) -> None:
        """Save `layout` soon."""
        with self._lock:
            self._next = layout
            if self._thread is None:
                self._thread = Thread(target=self._run, name="hottui-layout", daemon=True)
                self._thread.start()

    def wait(self, timeout: float) -> None:
        """Wait for at most `timeout` seconds until everything is saved."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _run(self) -> None:
        while True:
            with self._lock:
                layout, self._next = self._next, None
                if layout is None:
                    self._thread = None
                    return
            try:
                self._save(layout)
            except OSError as error:
                self._failed(error)
