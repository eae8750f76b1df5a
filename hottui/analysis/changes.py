"""The changes that a hot update requests, each with the value in the target setting.

The answer does not contain the values from before. While an update runs, the target setting may still have them, and
an earlier plan of the same job may contain more.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import Json, write_json
from hottui.model.masking import mask_value
from hottui.model.result import HotUpdateJobResult

PARALLELISM: Final = "parallelism"


class Absent(Enum):
    """The type of ABSENT: no value, as opposed to null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class ChangeKind(StrEnum):
    """What is changed."""

    CONF = "conf"
    PARALLELISM = "parallelism"
    VERTEX = "vertex parallelism"


@dataclass(frozen=True, slots=True)
class Change:
    """One requested change. `key` is a conf key, `parallelism` for that of the job, or the ID of a JobVertex."""

    key: str
    asked: Json
    target: Json | Absent = ABSENT
    kind: ChangeKind = ChangeKind.CONF

    @property
    def is_conf(self) -> bool:
        """Whether it changes the Flink configuration."""
        return self.kind is ChangeKind.CONF

    @property
    def name(self) -> str:
        """The name for users: the conf key, `parallelism`, or `vertex ID`."""
        return f"vertex {self.key}" if self.kind is ChangeKind.VERTEX else self.key

    @property
    def differs(self) -> bool:
        """Whether the target setting has another value than the requested one."""
        return self.target is not ABSENT and value_text(self.target) != value_text(self.asked)

    @property
    def arrow(self) -> str:
        """`4 → 10` if the target setting has another value, otherwise `→ 10`; secrets are masked."""
        old = f"{self._shown(self.target)} " if self.differs else ""
        return f"{old}→ {self._shown(self.asked)}"

    def _shown(self, value: Json | Absent) -> str:
        if value is ABSENT or not self.is_conf:
            return value_text(value)
        return value_text(mask_value(self.key, value))


def value_text(value: Any) -> str:
    """Return a conf value in Flink's notation: text unchanged, booleans in lower case, anything else as JSON."""
    if value is ABSENT:
        return ""
    return visible(value) if isinstance(value, str) else visible(write_json(value))


def changes(result: HotUpdateJobResult) -> tuple[Change, ...]:
    """Return the requested changes: the job's parallelism, then vertices and conf keys in the service's order."""
    found: list[Change] = []
    if result.asked_parallelism is not None:
        target = result.target.parallelism
        found.append(
            Change(PARALLELISM, result.asked_parallelism, ABSENT if target is None else target, ChangeKind.PARALLELISM)
        )
    found += [Change(vertex, asked, kind=ChangeKind.VERTEX) for vertex, asked in result.asked_vertices.items()]
    conf = result.flink_conf
    found += [Change(key, asked, conf.get(key, ABSENT)) for key, asked in result.asked_conf.items()]
    return tuple(found)


def headline(found: tuple[Change, ...]) -> str:
    """Return the changes in a few words for the table: `parallelism 4 → 10, 3 vertices, 2 conf keys`."""
    parts = [f"{PARALLELISM} {change.arrow}" for change in found if change.kind is ChangeKind.PARALLELISM]
    for kind, many in ((ChangeKind.VERTEX, "vertices"), (ChangeKind.CONF, "conf keys")):
        some = [change for change in found if change.kind is kind]
        if len(some) == 1:
            parts.append(f"{shorten(visible(some[0].name), 80)} {shorten(some[0].arrow, 40)}")
        elif some:
            parts.append(f"{len(some)} {many}")
    return ", ".join(parts)
