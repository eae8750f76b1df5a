"""Parse memory sizes in the notations of Flink and Kubernetes; every unit is a power of 1,024."""

import re
from decimal import Decimal
from typing import Any, Final

GIB: Final = 1024**3
_LONGEST: Final = 64
"""Characters of the longest size that is parsed: numbers of 300 digits have no float."""
_SIZE: Final = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*(?:\(\s*([0-9]+) bytes?\s*\)\s*)?", re.IGNORECASE | re.ASCII
)
"""A number, a unit, and the exact bytes that Flink adds to a rounded size: `8.000gb (8589934592 bytes)`."""


def _names(letter: str, word: str) -> tuple[str, ...]:
    """Return the spellings of a unit: `g`, `gb` and `gibibytes` in Flink, `Gi` in Kubernetes, `GiB` in the service."""
    return letter, f"{letter}b", f"{letter}i", f"{letter}ib", word, f"{word}s"


_UNITS: Final = {
    **dict.fromkeys(("", "b", "byte", "bytes"), 1),
    **dict.fromkeys(_names("k", "kibibyte"), 1024),
    **dict.fromkeys(_names("m", "mebibyte"), 1024**2),
    **dict.fromkeys(_names("g", "gibibyte"), GIB),
    **dict.fromkeys(_names("t", "tebibyte"), 1024**4),
    # Flink has no larger unit, and Kubernetes' P and E are decimal: only the binary spellings are unambiguous.
    **dict.fromkeys(("pi", "pib", "pebibyte", "pebibytes"), 1024**5),
    **dict.fromkeys(("ei", "eib", "exbibyte", "exbibytes"), 1024**6),
}
"""The units of Flink's MemorySize, with plurals, and the binary units of Kubernetes."""


def parse_memory(text: Any) -> int | None:
    """Return the bytes of a size such as `4 GiB`, `512Mi`, `32 mb` or `1073741824`; None if it is not a size."""
    if isinstance(text, bool) or not isinstance(text, str | int | float) or len(str(text)) > _LONGEST:
        return None
    match = _SIZE.fullmatch(str(text))
    if match is None or (unit := _UNITS.get(match[2].lower())) is None:
        return None
    return int(match[3]) if match[3] else round(Decimal(match[1]) * unit)
