"""Answers of Flink's REST API (Flink 1.17 to 1.20), which `FlinkApiProxy` returns as text inside its envelope."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AliasChoices, Field

from hottui.model.control_characters import shorten, visible
from hottui.model.json_text import UnreadableJson, read_embedded
from hottui.model.lenient_parsing import Flag, Items, Lenient, LenientModel, OnError, Text, Time, Whole

_LONGEST_MESSAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class FlinkRestError:
    """Why the proxy's text is not an answer of Flink: `message` is one sentence, `errors` are those of Flink."""

    message: str
    errors: tuple[str, ...] = ()


def parse_proxy_text(text: Any) -> dict[str, Any] | FlinkRestError:
    """Return the object in the proxy's `data`, which is text in one or two layers, or an object. Raises nothing.

    An empty text, an HTML page, and Flink's `{"errors": […]}` are ordinary answers of the proxy.
    """
    value = _decoded(text) if isinstance(text, str) else text
    if isinstance(value, FlinkRestError):
        return value
    if value is None or value == "":
        return FlinkRestError("Flink's answer is empty.")
    if not isinstance(value, dict):
        return FlinkRestError("Flink's answer is not an object.")
    return _refusal(value["errors"]) if "errors" in value else value


def _decoded(text: str) -> Any:
    bare = text.strip()
    if not bare:
        return None
    if bare.startswith("<"):
        return FlinkRestError("The proxy answered with an HTML page instead of JSON.")
    try:
        return read_embedded(bare).value
    except UnreadableJson as error:
        return FlinkRestError(f"Flink's answer cannot be read: {error}.")


def _refusal(errors: Any) -> FlinkRestError:
    given = errors if isinstance(errors, list) else [errors]
    texts = tuple(each for each in given if isinstance(each, str) and each.strip())
    first = shorten(visible(texts[0].strip().splitlines()[0]), _LONGEST_MESSAGE) if texts else "no reason given"
    return FlinkRestError(f"Flink refused the request: {first}", texts)


def _named(*names: str) -> Any:
    return Field(default=None, validation_alias=AliasChoices(*names))


class FlinkVertex(LenientModel):
    """A running JobVertex; its `id` is a key of the plan's `vertices`."""

    id: Text = ""
    name: Text = ""
    parallelism: Whole = None
    max_parallelism: Whole = None
    """The maximum parallelism; -1 and None if Flink returns none."""
    status: Text = ""
    start_time: Time = _named("start-time", "startTime")


class FlinkJob(LenientModel):
    """`/jobs/:jid`. Times are seconds since the epoch, `duration` is in milliseconds."""

    jid: Text = ""
    name: Text = ""
    state: Text = ""
    start_time: Time = _named("start-time", "startTime")
    end_time: Time = _named("end-time", "endTime")
    duration: Whole = None
    now: Time = None
    timestamps: Lenient[dict[str, Time]] = None
    vertices: Items[FlinkVertex] = ()

    @property
    def entered(self) -> dict[str, float]:
        """State → when the job last entered it, without states that it never entered."""
        return {state: at for state, at in (self.timestamps or {}).items() if at is not None}

    @property
    def parallelism_by_vertex(self) -> dict[str, int]:
        """Vertex ID → number of subtasks."""
        return {v.id: v.parallelism for v in self.vertices if v.id and v.parallelism is not None}


class CheckpointConfig(LenientModel):
    """`/jobs/:jid/checkpoints/config`, times in milliseconds."""

    mode: Text = ""
    interval: Whole = None
    timeout: Whole = None
    min_pause: Whole = _named("min_pause", "minPause")
    unaligned_checkpoints: Flag = _named("unaligned_checkpoints", "unalignedCheckpoints")


class RestoredCheckpoint(LenientModel):
    """The checkpoint or savepoint that the job last started from."""

    id: Whole = None
    restore_timestamp: Time = _named("restore_timestamp", "restoreTimestamp")
    is_savepoint: Flag = _named("is_savepoint", "isSavepoint")
    external_path: Annotated[str, OnError(str)] = Field(
        default="", validation_alias=AliasChoices("external_path", "externalPath")
    )


class LatestCheckpoints(LenientModel):
    """The last checkpoints; hottui reads only the restored one."""

    restored: Lenient[RestoredCheckpoint] = None


class Checkpoints(LenientModel):
    """`/jobs/:jid/checkpoints`."""

    latest: Lenient[LatestCheckpoints] = None

    @property
    def restored(self) -> RestoredCheckpoint | None:
        """The checkpoint or savepoint that the job last started from."""
        return self.latest.restored if self.latest else None


class FlinkException(LenientModel):
    """One failure recorded by Flink, with its task."""

    exception_name: Text = ""
    stacktrace: Text = ""
    timestamp: Time = None
    task_name: Text = ""
    location: Text = ""


class ExceptionHistory(LenientModel):
    """The latest failures, newest first."""

    entries: Items[FlinkException] = ()
    truncated: Flag = None


class FlinkExceptions(LenientModel):
    """`/jobs/:jid/exceptions`."""

    root_exception: Text = Field(default="", validation_alias=AliasChoices("root-exception", "rootException"))
    timestamp: Time = None
    exception_history: Lenient[ExceptionHistory] = None

    @property
    def entries(self) -> tuple[FlinkException, ...]:
        """The latest failures; only the root exception in older versions of Flink."""
        if self.exception_history and self.exception_history.entries:
            return self.exception_history.entries
        if not self.root_exception:
            return ()
        return (FlinkException(stacktrace=self.root_exception, timestamp=self.timestamp),)
