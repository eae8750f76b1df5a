"""Memory sizes in the notations of Flink, Kubernetes and the service."""

from typing import Any

from hottui.model.memory_size import GIB, parse_memory

MIB = 1024**2
SIZES: tuple[tuple[Any, int], ...] = (
    ("4 GiB", 4 * GIB),
    ("1 gb", GIB),
    ("32 mb", 32 * MIB),
    ("1.5g", 3 * GIB // 2),
    (" 512 M ", 512 * MIB),
    ("4096m", 4 * GIB),
    ("10 kb", 10_240),
    ("2 TiB", 2048 * GIB),
    ("7", 7),
    ("7 bytes", 7),
    ("3 kibibytes", 3072),
    ("3 mebibytes", 3 * MIB),
    ("8 gibibytes", 8 * GIB),
    ("1 GIBIBYTE", GIB),
    ("2 tebibytes", 2048 * GIB),
    ("4Ki", 4096),
    ("512Mi", 512 * MIB),
    ("8Gi", 8 * GIB),
    ("2 Gi", 2 * GIB),
    ("1Ti", 1024 * GIB),
    ("1Pi", 1024**5),
    ("2 EiB", 2 * 1024**6),
    ("8.000gb (8589934592 bytes)", 8 * GIB),
    ("1.250gb (1342177281 bytes)", 1_342_177_281),
    ("1023.999tb (1125898833000000 bytes)", 1_125_898_833_000_000),
    ("9007199254740993", 2**53 + 1),
    (1073741824, GIB),
    (1.5, 2),
    ("0", 0),
)
NO_SIZES: tuple[Any, ...] = (
    "", " ", "GiB", "4 parsecs", "1 pb", "1 P", "1E", "1e3", "8 gigabytes", "-1 gb", "4,5 gb", "٤ gb", "1 gb 2 mb",
    "8gb (much)", "8gb (1 kb)", "8gb (-1 bytes)", "1.", ".5 gb", "9" * 400, "1" + " " * 100_000 + "!", 10**400, 1e300,
    True, None, {}, ["1 gb"],
)  # fmt: skip


def test_every_unit_is_a_power_of_1024() -> None:
    for text, size in SIZES:
        assert parse_memory(text) == size, text
        if isinstance(text, str):
            assert parse_memory(text.upper()) == parse_memory(text.lower()) == size


def test_other_text_is_not_a_size() -> None:
    for text in NO_SIZES:
        assert parse_memory(text) is None, repr(text)[:60]
