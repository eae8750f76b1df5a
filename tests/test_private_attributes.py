"""Every private name of a library that hottui uses is listed here, so that a release without it fails one test."""

import ast
import importlib
import inspect
import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import hottui.tui

ATTRIBUTES: dict[str, frozenset[str]] = {
    "textual.app:App": frozenset(
        {"_close_messages_no_wait", "_display", "_driver", "_fatal_error", "_handle_exception"}
    ),
    "textual.drivers.linux_driver:LinuxDriver": frozenset(
        {
            "_app", "_get_terminal_size", "_loop", "_must_signal_resume", "_query_in_band_window_resize",
            "_run_input_thread", "_sigcont_application",
        }
    ),
    "textual.message_pump:MessagePump": frozenset({"_dispatch_message"}),
}  # fmt: skip
"""Attributes that hottui calls, reads or overrides, by class."""
MODULES: dict[str, frozenset[str]] = {
    "textual._ansi_sequences": frozenset({"ANSI_SEQUENCES_KEYS", "IgnoredSequence"}),
    "textual._keyboard_protocol": frozenset({"FUNCTIONAL_KEYS", "MODIFIER_FUNCTIONAL_KEYS"}),
}
"""Names imported from private modules."""
REPLACED: dict[str, frozenset[str]] = {
    "alibabacloud_credentials.provider.ecs_ram_role": frozenset({"BackgroundScheduler"}),
    "alibabacloud_credentials.provider.external": frozenset({"subprocess"}),
}
"""Undocumented module attributes that `service.credentials_library` replaces."""

PACKAGE = Path(hottui.tui.__file__).parents[1]
LISTED = frozenset().union(*ATTRIBUTES.values())
DOCUMENTED = frozenset({"_asdict", "_replace"})
"""Of named tuples: public in spite of their names."""


@cache
def attributes_of(cls: type[Any]) -> set[str]:
    """The private attributes of a class of Textual: those of the class and those set on `self` in its source."""
    names = {name for name in dir(cls) if re.fullmatch(r"_[a-z]\w*", name)}
    for base in cls.__mro__:
        if base.__module__.startswith("textual"):
            names |= _set_on_self(base)
    return names


@cache
def _set_on_self(cls: type[Any]) -> set[str]:
    return set(re.findall(r"self\.(_[a-z]\w*)", inspect.getsource(cls)))


@pytest.mark.parametrize("owner", ATTRIBUTES)
def test_private_attributes_exist(owner: str) -> None:
    module, name = owner.split(":")
    missing = ATTRIBUTES[owner] - attributes_of(getattr(import_module(module), name))
    assert not missing, f"this release of Textual has no {sorted(missing)} in {owner}"


@pytest.mark.parametrize("module", [*MODULES, *REPLACED])
def test_names_of_private_modules_exist(module: str) -> None:
    names = {**MODULES, **REPLACED}[module]
    assert not {name for name in names if not hasattr(import_module(module), name)}


def test_imports_from_private_modules_are_listed() -> None:
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pairs: list[tuple[str, str]] = []
            if isinstance(node, ast.ImportFrom) and node.module:
                pairs = [(node.module, alias.name) for alias in node.names]
            elif isinstance(node, ast.Import):
                pairs = [(alias.name, "") for alias in node.names]
            for module, name in pairs:
                private = any(re.match("_[a-z]", part) for part in (*module.split("."), name))
                if private and not module.startswith("hottui"):
                    found.setdefault(module, set()).add(name)
    assert found == {module: set(names) for module, names in MODULES.items()}


def test_private_attributes_of_other_objects_are_listed() -> None:
    """Accesses such as `self._app._handle_exception`, to anything that the module does not define itself."""
    unlisted = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
        accesses = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and re.match("_[a-z]", n.attr)]
        on_self = [n for n in accesses if isinstance(n.value, ast.Name) and n.value.id in {"self", "cls"}]
        own |= {n.attr for n in on_self}
        allowed = own | LISTED | DOCUMENTED
        unlisted += [
            f"{path.relative_to(PACKAGE)}:{node.lineno} {node.attr}"
            for node in accesses
            if node not in on_self and node.attr not in allowed
        ]
    assert not unlisted


def test_private_attributes_of_base_classes_are_listed() -> None:
    """Also finds an attribute of hottui that accidentally has the name of one of Textual's."""
    unlisted = []
    for info in pkgutil.walk_packages(hottui.tui.__path__, "hottui.tui."):
        for name, cls in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
            base = next((base for base in cls.__mro__ if base.__module__.startswith("textual.")), None)
            if base is None or cls.__module__ != info.name:
                continue
            used = set(re.findall(r"(?:self\.|def )(_[a-z]\w*)", inspect.getsource(cls)))
            unlisted += [f"{info.name}.{name}: {each}" for each in sorted(used & attributes_of(base) - LISTED)]
    assert not unlisted
