"""The sizes of JobManager and TaskManagers as named values, for comparison."""

from collections.abc import Mapping
from typing import Any

from hottui.model.json_text import Json
from hottui.model.result import BatchResourceSetting, StreamingResourceSetting, TargetResourceSetting

ResourceSettings = StreamingResourceSetting | BatchResourceSetting | Mapping[str, Any] | None


def resource_values(*settings: ResourceSettings) -> dict[str, Json]:
    """`jobmanager cpu`, `taskmanager memory`, … of the first setting that has each; values are the service's.

    A mapping has the fields of the service's `targetResourceSetting`.
    """
    found: dict[str, Json] = {}
    for setting in settings:
        if isinstance(setting, Mapping):
            target = TargetResourceSetting.read(dict(setting))
            parts: tuple[Any, ...] = (target.streaming_resource_setting, target.batch_resource_setting)
        else:
            parts = (setting,)
        for part in parts:
            _collect(part, found)
    return found


def _collect(part: StreamingResourceSetting | BatchResourceSetting | None, found: dict[str, Json]) -> None:
    if part is None:
        return
    for holder in (part.basic_resource_setting, getattr(part, "expert_resource_setting", None)):
        for kind in ("jobmanager", "taskmanager"):
            spec = getattr(holder, f"{kind}_resource_setting_spec", None)
            if spec is not None and spec.cpu is not None:
                found.setdefault(f"{kind} cpu", spec.cpu)
            if spec is not None and spec.memory:
                found.setdefault(f"{kind} memory", spec.memory)
