"""A JSON schema of `config.toml`, for editors and for checks in a repository of dotfiles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from hottui.config.settings import (
    COLUMNS,
    CREDENTIALS_PATTERN,
    DEFAULT_CREDENTIALS,
    DEFAULT_HISTORY_DAYS,
    DEFAULT_HISTORY_TRANSITIONS,
    DEFAULT_NAMESPACE,
    MAX_HISTORY_DAYS,
    MAX_HISTORY_TRANSITIONS,
)
from hottui.model.notify_settings import DEFAULT_EVENTS, DESKTOP, EVENTS, OFF
from hottui.model.times import DEFAULT_INTERVAL, MAX_INTERVAL, MIN_INTERVAL
from hottui.service.endpoints import NETWORKS, PUBLIC, REGIONS

_PROFILE: Final[dict[str, dict[str, Any]]] = {
    "region": {"type": "string", "examples": list(REGIONS), "description": "Region of the workspace."},
    "network": {
        "enum": ["", *NETWORKS],
        "default": PUBLIC,
        "description": "Network of the endpoint: vpc from inside the VPC.",
    },
    "endpoint": {"type": "string", "description": "Endpoint URL, instead of region and network."},
    "workspace": {"type": "string", "description": "Workspace ID."},
    "namespace": {"type": "string", "default": DEFAULT_NAMESPACE},
    "credentials": {
        "type": "string",
        "pattern": f"^{CREDENTIALS_PATTERN}$",
        "default": DEFAULT_CREDENTIALS,
        "description": "Where the access key comes from; hottui stores none.",
    },
}
_TOP_LEVEL: Final[dict[str, dict[str, Any]]] = {
    "profile": {"type": "string", "description": "The profile used without -p."},
    "interval": {
        "type": "number",
        "minimum": MIN_INTERVAL,
        "maximum": MAX_INTERVAL,
        "default": DEFAULT_INTERVAL,
        "description": "Seconds between two reads of a hot update in progress.",
    },
    "theme": {"type": "string", "default": "hottui-dark", "description": "Name of a theme."},
    "history_days": {
        "type": "number",
        "minimum": 1,
        "maximum": MAX_HISTORY_DAYS,
        "default": DEFAULT_HISTORY_DAYS,
        "description": "Days for which the store keeps observed transitions.",
    },
    "history_transitions": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_HISTORY_TRANSITIONS,
        "default": DEFAULT_HISTORY_TRANSITIONS,
        "description": "Transitions of each hot update that the store keeps.",
    },
    "insight": {
        "type": "boolean",
        "default": True,
        "description": "Whether the job behind a hot update is read.",
    },
    "columns": {
        "type": "array",
        "items": {"enum": list(COLUMNS)},
        "uniqueItems": True,
        "minItems": 1,
        "default": list(COLUMNS),
        "description": "The columns of the dashboard's table, from left to right.",
    },
}
_NOTIFY: Final[dict[str, dict[str, Any]]] = {
    "on": {
        "type": "array",
        "items": {"enum": list(EVENTS)},
        "default": list(DEFAULT_EVENTS),
        "description": "What is notified: states, or slow for an update that takes longer than usual.",
    },
    "bell": {"type": "boolean", "default": False, "description": "Whether the terminal's bell is rung."},
    "desktop": {
        "enum": list(DESKTOP),
        "default": OFF,
        "description": "How the terminal is asked for a desktop notification: auto detects the sequence.",
    },
    "command": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "description": "A program and its arguments, run without a shell; it gets the events as JSON lines.",
    },
}


def json_schema(commands: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """Return the schema, in JSON Schema 2020-12. The validation in `config_file` remains the one that counts.

    `commands` are the descriptions of the dashboard's commands by ID.
    """
    one = {"type": "string", "minLength": 1}
    key = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hottui's config.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **_TOP_LEVEL,
            "profiles": {
                "type": "object",
                "additionalProperties": {"type": "object", "additionalProperties": False, "properties": _PROFILE},
            },
            "notify": {"type": "object", "additionalProperties": False, "properties": _NOTIFY},
            "keys": {
                "type": "object",
                "additionalProperties": False,
                "properties": {name: {**key, "description": about} for name, about in commands.items()},
                "description": "Keys of the dashboard's commands, instead of the usual ones.",
            },
        },
    }
