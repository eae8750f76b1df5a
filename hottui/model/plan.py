"""Decode the `resourcePlan` of EXPERT mode: operators, edges, JobVertices and slot sharing groups."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain
from typing import Annotated, Any, Final, TypeVar

from pydantic import AliasChoices, Field, TypeAdapter, ValidationError

from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import Json, UnreadableJson, json_type_name, read_embedded, write_json
from hottui.model.lenient_parsing import Identity, LenientModel, Number, Object, OnError, Text, Whole

FORWARD: Final = "FORWARD"
T = TypeVar("T", bound=LenientModel)

_MEMBERS: Final = TypeAdapter(tuple[Identity, ...])
_PARTS: Final = frozenset({"ssgProfiles", "nodes", "edges", "vertices"})
_AT_A_TIME: Final = 500
"""Parts validated at a time, in about a millisecond: other threads cannot run meanwhile."""
_MOST_PROBLEMS: Final = 20
"""Maximum number of messages for each kind of part; the others are only counted."""


class Group(LenientModel):
    """A slot sharing group (`ssgProfiles`) with the resources of one slot. `cpu` in cores, sizes as text (`1 gb`)."""

    name: Text = ""
    cpu: Number = None
    heap: Text = ""
    off_heap: Text = ""
    managed: Object = None
    extended: Object = None


class NodeProfile(LenientModel):
    """Parallelism, its bounds, and the slot sharing group of one operator."""

    group: Text = ""
    parallelism: Whole = None
    max_parallelism: Whole = None
    min_parallelism: Whole = None


class Node(LenientModel):
    """An operator. `id` is text: the service uses numbers in nodes, and sometimes text in edges."""

    id: Identity
    type: Text = ""
    desc: Text = ""
    profile: Annotated[NodeProfile, OnError(NodeProfile)] = Field(default_factory=NodeProfile)

    @property
    def parallelism(self) -> int | None:
        """The number of subtasks."""
        return self.profile.parallelism

    @property
    def group(self) -> str:
        """The name of its slot sharing group; empty if it has none."""
        return self.profile.group


class Edge(LenientModel):
    """A connection between two operators; `strategy` is the ship strategy, `mode` the exchange mode."""

    source: Identity = Field(validation_alias=AliasChoices("source", "from"))
    target: Identity = Field(validation_alias=AliasChoices("target", "to"))
    mode: Text = ""
    strategy: Text = ""


@dataclass(frozen=True)
class Plan:
    """A decoded plan, in the service's order.

    It is not validated: two nodes may have the same ID, and an edge may refer to a missing node. `problems` are
    messages about parts that could not be parsed.
    """

    groups: tuple[Group, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    vertices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """ID of each JobVertex and the IDs of its chained operators, in the service's order."""
    problems: tuple[str, ...] = ()

    @cached_property
    def node_by_id(self) -> dict[str, Node]:
        """The first node with each ID."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            found.setdefault(node.id, node)
        return found

    @cached_property
    def group_by_name(self) -> dict[str, Group]:
        """The first group with each name."""
        found: dict[str, Group] = {}
        for group in self.groups:
            found.setdefault(group.name, group)
        return found

    @cached_property
    def parallelism_by_vertex(self) -> dict[str, int]:
        """The largest parallelism among the operators of each vertex, by vertex ID; without vertices that have none."""
        found: dict[str, int] = {}
        for vertex, members in self.vertices:
            nodes = [self.node_by_id[member] for member in members if member in self.node_by_id]
            subtasks = [node.parallelism for node in nodes if node.parallelism is not None]
            if subtasks:
                found[vertex] = max(subtasks)
        return found


@dataclass(frozen=True, slots=True)
class PlanReading:
    """The result of decoding a `resourcePlan`: a plan, nothing, or an error with the original text."""

    plan: Plan | None = None
    document: Json = None
    """The plan as an object, including unknown fields; None if there is none."""
    text: str = ""
    error: str = ""

    @property
    def absent(self) -> bool:
        """Whether the answer has no plan, as in BASIC mode."""
        return self.plan is None and not self.error


def read_plan(raw: Any) -> PlanReading:
    """Decode a `resourcePlan` given as an object or as text in one or two layers of JSON encoding."""
    if raw in (None, "", {}):
        return PlanReading()
    if not isinstance(raw, str):
        return _read_value(raw, write_json(raw) if not isinstance(raw, dict) else "")
    if not raw.strip():
        return PlanReading()
    try:
        value = read_embedded(raw).value
    except UnreadableJson as error:
        return PlanReading(text=raw, error=str(error))
    return PlanReading() if value in (None, "", {}) else _read_value(value, raw)


def _read_value(value: Json, text: str) -> PlanReading:
    if not isinstance(value, dict):
        return PlanReading(text=text, error=f"the plan is {json_type_name(value)}, not an object")
    if not _PARTS & value.keys():
        return PlanReading(document=value, text=text or write_json(value), error="it contains no nodes")
    problems: list[str] = []
    plan = Plan(
        groups=_read_each(Group, value.get("ssgProfiles"), "group", problems),
        nodes=_read_each(Node, value.get("nodes"), "node", problems),
        edges=_read_each(Edge, value.get("edges"), "edge", problems),
        vertices=tuple(_read_vertices(value.get("vertices"), problems)),
        problems=(),
    )
    return PlanReading(plan=replace(plan, problems=tuple(problems)), document=value)


def _read_each(kind: type[T], items: Json, name: str, problems: list[str]) -> tuple[T, ...]:
    if items is None:
        return ()
    if not isinstance(items, list):
        problems.append(f"The {name}s are {json_type_name(items)}, not a list.")
        return ()
    try:
        some = (_all_of(kind).validate_python(items[at : at + _AT_A_TIME]) for at in range(0, len(items), _AT_A_TIME))
        return tuple(chain.from_iterable(some))
    except ValidationError:
        return tuple(_read_what_can_be(kind, items, name, problems))


@cache
def _all_of(kind: type[T]) -> TypeAdapter[tuple[T, ...]]:
    return TypeAdapter(tuple[kind, ...])  # type: ignore[valid-type]


def _read_what_can_be(kind: type[T], items: list[Json], name: str, problems: list[str]) -> Iterable[T]:
    broken = 0
    for position, item in enumerate(items, start=1):
        try:
            yield kind.model_validate(item)
        except ValidationError as error:
            broken += 1
            if broken <= _MOST_PROBLEMS:
                problems.append(f"{name.capitalize()} {position} of {len(items)} cannot be read: {_why(error)}.")
    if broken > _MOST_PROBLEMS:
        problems.append(f"{broken - _MOST_PROBLEMS:,} more {name}s cannot be read.")


def _why(error: ValidationError) -> str:
    field = ".".join(str(part) for part in error.errors()[0]["loc"][:1])
    return f"its {field} is missing or wrong" if field else "it is not an object"


def _read_vertices(items: Json, problems: list[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    if items is None:
        return
    if not isinstance(items, dict):
        problems.append(f"The vertices are {json_type_name(items)}, not an object.")
        return
    broken = []
    for vertex, members in items.items():
        try:
            yield vertex, _MEMBERS.validate_python(members)
        except ValidationError:
            broken.append(vertex)
    problems += [f"Vertex {shorten(visible(v), 40)} does not list node ids." for v in broken[:_MOST_PROBLEMS]]
    if len(broken) > _MOST_PROBLEMS:
        problems.append(f"{len(broken) - _MOST_PROBLEMS:,} more vertices do not list node ids.")
