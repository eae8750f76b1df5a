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
from hottui.model.result import EXPERT, HotUpdateJobResult

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


def target_parallelism(result: HotUpdateJobResult) -> int | None:
    """Return the job parallelism of the target setting: streaming first, then batch.

    None in EXPERT mode without a basic setting: then each operator has its own.
    """
    for setting in (result.streaming, result.batch):
        if setting and setting.basic_resource_setting and setting.basic_resource_setting.parallelism is not None:
            return setting.basic_resource_setting.parallelism
    return None


def changes(result: HotUpdateJobResult) -> tuple[Change, ...]:
    """Return the requested changes: the job's parallelism, then vertices and conf keys in the service's order."""
    found: list[Change] = []
    if result.asked_parallelism is not None:
        target = target_parallelism(result)
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


def mode_of(result: HotUpdateJobResult) -> str:
    """Return `EXPERT`, `BASIC`, an unknown mode unchanged, or empty if the answer has no streaming setting."""
    streaming = result.streaming
    if streaming is None:
        return ""
    return streaming.resource_setting_mode or (EXPERT if streaming.expert_resource_setting else "")
