"""Fields of unexpected types."""

from typing import Any

import pytest
from pydantic import ValidationError

from hottui.model.lenient_parsing import Identity, Lenient, LenientModel, Text, unquoted
from hottui.model.plan import Group, NodeProfile
from hottui.model.result import Envelope, ResourceSettingSpec, Status


class Sample(LenientModel):
    some_text: Text = ""
    part: Lenient[Status] = None


class Named(LenientModel):
    id: Identity


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (None, ""),
        ('""', ""),
        ("''", ""),
        ("", ""),
        ('"', '"'),
        ("ab", "ab"),
        ('"a"', '"a"'),
        ("INIT", "INIT"),
        (7, "7"),
        (7.5, "7.5"),
        (10**30, "1" + "0" * 30),
        (True, ""),
        ([], ""),
        ({"a": 1}, ""),
    ],
)
def test_text(sent: Any, read: str) -> None:
    assert Sample.model_validate({"someText": sent}).some_text == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (10, 10),
        (10.0, 10),
        ("10", 10),
        (" 10 ", 10),
        ("10.0", 10),
        ("-1", -1),
        ("+3", 3),
        (0, 0),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (10**400, None),
        (1e300, None),
        ("9" * 5000, None),
        (10.5, None),
        ("10.5", None),
        ("1e3", None),
        ("1_000", None),
        ("١٠", None),
        ("ten", None),
        ("", None),
        (True, None),
        (False, None),
        (None, None),
        ([10], None),
        ({}, None),
    ],
)
def test_whole_numbers(sent: Any, read: int | None) -> None:
    found = NodeProfile.model_validate({"parallelism": sent}).parallelism
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (1.13, 1.13),
        (2, 2.0),
        ("1.13", 1.13),
        ("2", 2.0),
        ("1e2", 100.0),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        (float("inf"), None),
        (float("nan"), None),
        (1e300, None),
        (10**400, None),
        ("9" * 5000, None),
        ("1,5", None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_numbers(sent: Any, read: float | None) -> None:
    found = Group.model_validate({"cpu": sent}).cpu
    assert found == read
    assert found is None or isinstance(found, float)


@pytest.mark.parametrize(
    ("sent", "read"), [(7, "7"), (7.0, "7"), (7.5, "7.5"), ("7", "7"), ('""', '""'), (10**20, "1" + "0" * 20)]
)
def test_ids_are_text(sent: Any, read: str) -> None:
    assert Named.model_validate({"id": sent}).id == read


@pytest.mark.parametrize("sent", [None, True, [], {}])
def test_an_id_is_required(sent: Any) -> None:
    with pytest.raises(ValidationError):
        Named.model_validate({"id": sent})


@pytest.mark.parametrize("sent", [None, [], "text", 7, False])
def test_a_part_of_an_unexpected_type_is_none(sent: Any) -> None:
    assert Sample.model_validate({"part": sent}).part is None


def test_fields_are_camel_case_and_optional() -> None:
    assert Envelope.model_validate({"success": True, "errorCode": "E"}).error_code == "E"
    assert Sample.model_validate({}) == Sample()


def test_models_are_immutable() -> None:
    spec = ResourceSettingSpec(cpu=1.0)
    with pytest.raises(ValidationError):
        spec.cpu = 2.0


@pytest.mark.parametrize("value", [None, 7, [], {}, "x", '""x'])
def test_only_the_two_quote_texts_are_unquoted(value: Any) -> None:
    assert unquoted(value) == value
