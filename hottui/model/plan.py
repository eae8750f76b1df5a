"""The expert `resourcePlan`: operators, edges, JobVertices and slot sharing groups, decoded from what came."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pydantic import AliasChoices, Field, ValidationError

from hottui.model.jsontext import Json, UnreadableJson, read_json, write_json
from hottui.model.wire import Lenient, Text, Wire

FORWARD = "FORWARD"
T = TypeVar("T", bound=Wire)
_LAYERS = 2
"""How often the service encodes a plan at the most: its own example page shows two layers."""


class Group(Wire):
    """A slot sharing group (`ssgProfiles`): what one slot gets. `cpu` in cores, sizes as text (`1 gb`)."""

    name: Text = ""
    cpu: Lenient[float] = None
    heap: Text = ""
    off_heap: Text = ""
    managed: Lenient[dict[str, Any]] = None
    extended: Lenient[dict[str, Any]] = None


class Profile(Wire):
    """How one operator runs."""

    group: Text = ""
    parallelism: Lenient[int] = None
    max_parallelism: Lenient[int] = None
    min_parallelism: Lenient[int] = None


class Node(Wire):
    """An operator. `id` is its text form: the service numbers them, an edge may name them as text."""

    id: str
    type: Text = ""
    desc: Text = ""
    profile: Profile = Field(default_factory=Profile)

    @property
    def parallelism(self) -> int | None:
        """Subtasks of this operator."""
        return self.profile.parallelism

    @property
    def group(self) -> str:
        """The name of its slot sharing group; empty when none is named."""
        return self.profile.group


class Edge(Wire):
    """A connection of two operators; `strategy` is the ship strategy, `mode` the exchange mode."""

    source: str = Field(validation_alias=AliasChoices("source", "from"))
    target: str = Field(validation_alias=AliasChoices("target", "to"))
    mode: Text = ""
    strategy: Text = ""


@dataclass(frozen=True)
class Plan:
    """A decoded plan, in the order it came.

    It holds what the service said, faults included: two nodes may share an id and an edge may end nowhere.
    `problems` are sentences about parts that could not be read at all.
    """

    groups: tuple[Group, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    vertices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """JobVertex id and the ids of its chained operators, in the service's order."""
    problems: tuple[str, ...] = ()

    @cached_property
    def node_by_id(self) -> dict[str, Node]:
        """The first node of each id."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            found.setdefault(node.id, node)
        return found

    @cached_property
    def group_by_name(self) -> dict[str, Group]:
        """The first group of each name."""
        found: dict[str, Group] = {}
        for group in self.groups:
            found.setdefault(group.name, group)
        return found


@dataclass(frozen=True, slots=True)
class PlanReading:
    """What became of a `resourcePlan`: a plan, nothing at all, or the text as it came with the reason."""

    plan: Plan | None = None
    document: Json = None
    """The plan as an object, unknown fields included; None when there is none."""
    text: str = ""
    error: str = ""

    @property
    def absent(self) -> bool:
        """Whether the answer simply has no plan, as in BASIC mode."""
        return self.plan is None and not self.error


def read_plan(raw: Any) -> PlanReading:
    """Decode a `resourcePlan` given as an object or as text in one or two layers of JSON encoding."""
    if raw is None or raw == {}:
        return PlanReading()
    if isinstance(raw, str):
        return _read_text(raw)
    if isinstance(raw, dict):
        return _read_object(raw, "")
    text = write_json(raw)
    return PlanReading(text=text, error=f"the plan is {_kind(raw)}, not an object")


def _read_text(raw: str) -> PlanReading:
    if raw.strip() in {"", '""', "{}", "null"}:
        return PlanReading()
    try:
        value = _unfold(raw)
    except UnreadableJson as error:
        return PlanReading(text=raw, error=str(error))
    if value in (None, "", {}):
        return PlanReading()
    if not isinstance(value, dict):
        return PlanReading(text=raw, error=f"the plan is {_kind(value)}, not an object")
    return _read_object(value, raw)


def _unfold(raw: str) -> Json:
    """Undo up to two layers of encoding.

    The outer quotes of the second layer are not sent: the text then begins with `{\\"` and becomes JSON again
    once it is put between quotes.
    """
    text = raw.strip()
    if text.startswith('{\\"'):
        inner = read_json(f'"{text}"')
        return read_json(inner) if isinstance(inner, str) else inner
    value = read_json(text)
    for _ in range(_LAYERS - 1):
        if not isinstance(value, str):
            break
        value = read_json(value)
    return value


def _read_object(document: dict[str, Json], text: str) -> PlanReading:
    problems: list[str] = []
    plan = Plan(
        groups=tuple(_read_each(Group, document.get("ssgProfiles"), "group", problems)),
        nodes=tuple(_read_each(Node, document.get("nodes"), "node", problems)),
        edges=tuple(_read_each(Edge, document.get("edges"), "edge", problems)),
        vertices=tuple(_read_vertices(document.get("vertices"), problems)),
    )
    if not {"ssgProfiles", "nodes", "edges", "vertices"} & document.keys():
        return PlanReading(document=document, text=text or write_json(document), error="it holds no nodes")
    return PlanReading(
        plan=Plan(plan.groups, plan.nodes, plan.edges, plan.vertices, tuple(problems)), document=document
    )


def _read_each(kind: type[T], items: Json, name: str, problems: list[str]) -> Iterable[T]:
    if items is None:
        return
    if not isinstance(items, list):
        problems.append(f"The {name}s are {_kind(items)}, not a list.")
        return
    for position, item in enumerate(items, start=1):
        try:
            yield kind.model_validate(item)
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "it"
            problems.append(
                f"{name.capitalize()} {position} of {len(items)} cannot be read: {field} is missing or wrong."
            )


def _read_vertices(items: Json, problems: list[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    if items is None:
        return
    if not isinstance(items, dict):
        problems.append(f"The vertices are {_kind(items)}, not an object.")
        return
    for vertex, members in items.items():
        if isinstance(members, list) and all(isinstance(m, str | int) for m in members):
            yield vertex, tuple(str(m) for m in members)
        else:
            problems.append(f"Vertex {vertex} does not list node ids.")


def _kind(value: Json) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
    return "empty"
