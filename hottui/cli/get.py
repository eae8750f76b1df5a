"""`hottui get`: read hot updates once and print them."""

import asyncio
from typing import TYPE_CHECKING, Any

import click

from hottui.cli import house
from hottui.cli.exits import DONE, code_of
from hottui.cli.listing import iso, json_line, table
from hottui.cli.options import output_option, place_options
from hottui.cli.stop import say
from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.service.errors import ServiceError
from hottui.settings import Flags, resolve

if TYPE_CHECKING:
    from hottui.service.client import Client, Reading

_AT_ONCE = 8
"""Reads under way at a time: the good guest's number."""


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@output_option
@place_options
def get(ids: tuple[str, ...], output: str, flags: Flags) -> int:
    """Read hot updates from the service once and print them, secrets masked.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input.
    """
    from hottui.cli.bookmarks import given_ids  # noqa: PLC0415 - a sibling command

    known = house.settings()
    context = resolve(known, flags)
    refs = [context.ref(one) for one in given_ids(ids)]
    outcomes = asyncio.run(_read_all(refs, house.client(known, context)))
    code = DONE
    good: list[tuple[Ref, Reading]] = []
    for ref, outcome in zip(refs, outcomes, strict=True):
        if isinstance(outcome, ServiceError):
            say(f"{ref.id}: {outcome.sentence}", outcome.hint)
            code = max(code, code_of(outcome))
        else:
            good.append((ref, outcome))
    _print(good, output)
    return code


async def _read_all(refs: list[Ref], client: "Client") -> "list[Reading | ServiceError]":
    gate = asyncio.Semaphore(_AT_ONCE)

    async def read(ref: Ref) -> "Reading | ServiceError":
        async with gate:
            try:
                return await client.read(ref)
            except ServiceError as error:
                return error

    async with client:
        return list(await asyncio.gather(*(read(ref) for ref in refs)))


def _print(good: "list[tuple[Ref, Reading]]", output: str) -> None:
    from hottui.model.answer import summarise  # noqa: PLC0415 - pydantic comes with it

    if output == "json":
        for ref, reading in good:
            click.echo(json_line(document(ref, reading)))
    elif good:
        rows = [Tracked(ref, summary=summarise(reading.answer), seen=reading.at) for ref, reading in good]
        click.echo(table(rows))


def document(ref: Ref, reading: "Reading") -> dict[str, Any]:
    """What `get -o json` prints of one answer. Secrets are masked; the plan stands as an object."""
    from hottui.model.changes import ABSENT, changes  # noqa: PLC0415
    from hottui.model.jsontext import read_json  # noqa: PLC0415
    from hottui.model.masking import mask_json, mask_value  # noqa: PLC0415

    answer = reading.answer
    envelope = read_json(answer.text)
    data = envelope.get("data") if isinstance(envelope, dict) else None
    if answer.plan.document is not None and isinstance(data, dict):
        data = _with_plan(data, answer.plan.document)
    return {
        "ref": {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id},
        "state": answer.result.state,
        "observed_at": iso(reading.at),
        "request_id": answer.envelope.request_id,
        "changes": [
            {
                "key": change.key,
                "kind": "conf" if change.is_conf else "parallelism",
                "asked": mask_value(change.key, change.asked),
                "target": None if change.target is ABSENT else mask_value(change.key, change.target),
            }
            for change in changes(answer.result)
        ],
        "result": mask_json(data),
        "plan_error": answer.plan.error or None,
    }


def _with_plan(data: dict[str, Any], plan: Any) -> dict[str, Any]:
    """A copy of the service's `data` in which the plan is the object it encodes."""
    target = data["targetResourceSetting"]
    streaming = target["streamingResourceSetting"]
    expert = {**streaming["expertResourceSetting"], "resourcePlan": plan}
    return {
        **data,
        "targetResourceSetting": {**target, "streamingResourceSetting": {**streaming, "expertResourceSetting": expert}},
    }
