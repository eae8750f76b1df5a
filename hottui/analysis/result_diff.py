"""Compare two settings of a job: conf, resources, vertices and plans. Values are compared by meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hottui.analysis.changes import ABSENT, PARALLELISM, Absent
from hottui.analysis.compare_values import same_value
from hottui.analysis.effect_document import cost_document
from hottui.analysis.job_setting import EdgeKey, Setting
from hottui.model.control_characters import visible
from hottui.model.json_text import Json
from hottui.model.masking import MASK, mask_value


class Section(StrEnum):
    """The section of a difference; the values are field names of a setting."""

    PARALLELISM = "parallelism"
    CONF = "conf"
    RESOURCES = "resources"
    VERTICES = "vertices"
    NODES = "nodes"
    EDGES = "edges"


_WITH_TEXT: Final = (Section.CONF, Section.RESOURCES, Section.NODES)
"""Sections whose values may have a secret."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs: `old` in the first setting, `new` in the second, absent where it is not there.

    A node's value is its fields by name; an edge's is how often it is there.
    """

    section: Section
    key: str | EdgeKey
    old: Json | Absent = ABSENT
    new: Json | Absent = ABSENT

    @property
    def name(self) -> str:
        """The key as text; an edge as `source → target STRATEGY`."""
        if isinstance(self.key, str):
            return visible(self.key)
        source, target, strategy, _ = self.key
        return visible(f"{source} → {target} {strategy}".rstrip())

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields in which a node differs; empty where it was added or removed."""
        if not isinstance(self.old, dict) or not isinstance(self.new, dict):
            return ()
        old, new = self.old, self.new
        return tuple(
            name for name in new if new[name] != old.get(name) and not _masked_alike(name, old.get(name), new[name])
        )

    def shown(self, value: Json | Absent) -> Json:
        """`old` or `new` as it may be shown: null where absent, secrets masked."""
        if value is ABSENT:
            return None
        masked: Json = mask_value(self.key, value) if isinstance(self.key, str) else value
        return masked


@dataclass(frozen=True, slots=True)
class SettingDiff:
    """All differences, section by section.

    `unknown` are sections of which only one of the two has all keys, `masked` the keys whose value is masked in one
    of them and otherwise the same: not compared.
    """

    differences: tuple[Difference, ...] = ()
    unknown: tuple[Section, ...] = ()
    masked: tuple[tuple[Section, str], ...] = ()

    @property
    def same(self) -> bool:
        """Whether there are no differences in the sections that both have."""
        return not self.differences

    def of(self, section: Section) -> tuple[Difference, ...]:
        """Return the differences of one section."""
        return tuple(each for each in self.differences if each.section is section)


def diff(old: Setting, new: Setting) -> SettingDiff:
    """Return the differences from `old` to `new`."""
    found: list[Difference] = []
    unknown = []
    masked: list[tuple[Section, str]] = []
    for section in Section:
        left, right = _values(old, section), _values(new, section)
        if left is None or right is None:
            if left is not right:
                unknown.append(section)
            continue
        if section is Section.VERTICES and not (old.all_vertices and new.all_vertices):
            shared = left.keys() & right.keys()
            if len(shared) < len(left.keys() | right.keys()):
                unknown.append(section)
            left, right = ({key: side[key] for key in side if key in shared} for side in (left, right))
        found += _differences(section, left, right)
        differing = {each.key for each in found if each.section is section}
        masked += [
            (section, key)
            for key in (left if section in _WITH_TEXT else ())
            if key in right and key not in differing and _masked_alike(key, left[key], right[key])
        ]
    return SettingDiff(tuple(found), tuple(unknown), tuple(masked))


def diff_document(old: Setting, new: Setting, changed: SettingDiff) -> dict[str, Json]:
    """What `hottui diff -o json` writes: whether they are the same, the differences, what was not compared, costs."""
    return {
        "same": changed.same,
        "differences": [
            {
                "section": each.section.value,
                "key": each.name,
                "old": each.shown(each.old),
                "new": each.shown(each.new),
            }
            for each in changed.differences
        ],
        "not_compared": [section.value for section in changed.unknown],
        "masked": [{"section": section.value, "key": visible(key)} for section, key in changed.masked],
        "cost": {"old": cost_document(old.cost), "new": cost_document(new.cost)},
    }


def _values(setting: Setting, section: Section) -> Mapping[Any, Any] | None:
    """Return the values of a section by key; None if it is unknown."""
    if section is Section.PARALLELISM:
        return None if setting.parallelism is None else {PARALLELISM: setting.parallelism}
    values: Mapping[Any, Any] | None = getattr(setting, section.value)
    return values


def _differences(section: Section, left: Mapping[Any, Any], right: Mapping[Any, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*left, *right)):
        old, new = left.get(key, ABSENT), right.get(key, ABSENT)
        if not _same(section, key, old, new):
            yield Difference(section, key, old, new)


def _same(section: Section, key: Any, old: Any, new: Any) -> bool:
    if section in (Section.CONF, Section.RESOURCES) and same_value(key, old, new):
        return True
    if section is Section.NODES and isinstance(old, dict) and isinstance(new, dict):
        return not Difference(section, key, old, new).fields
    return bool(old == new) or (section in _WITH_TEXT and _masked_alike(key, old, new))


def _masked_alike(key: str, old: Any, new: Any) -> bool:
    """Whether a part of a value is masked in either, and both are the same once masked."""
    if old is ABSENT or new is ABSENT:
        return False
    return (_is_masked(old) or _is_masked(new)) and bool(mask_value(key, old) == mask_value(key, new))


def _is_masked(value: Any) -> bool:
    if isinstance(value, str):
        return MASK in value
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(_is_masked, parts))
