"""Parses sizes in bytes and durations in seconds, as people write them: `10MiB`, `20kB`, `5ms`, `1.5s`."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from shield.config.invalid import InvalidValueError
from shield.config_codes import ProblemCode

SIZE_PATTERN = r"^\d{1,15}(\.\d{1,9})?\s?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?$"
DURATION_PATTERN = r"^\d{1,15}(\.\d{1,9})?\s?(us|ms|s|m|h|d)?$"

_BYTES = MappingProxyType(
    {
        "B": 1,
        "kB": 10**3,
        "KB": 10**3,
        "MB": 10**6,
        "GB": 10**9,
        "TB": 10**12,
        "KiB": 2**10,
        "MiB": 2**20,
        "GiB": 2**30,
        "TiB": 2**40,
    }
)
_SECONDS = MappingProxyType(
    {
        "us": Decimal("0.000001"),
        "ms": Decimal("0.001"),
        "s": Decimal(1),
        "m": Decimal(60),
        "h": Decimal(3600),
        "d": Decimal(86400),
    }
)
_PARTS = re.compile(r"([0-9.]+)\s?([A-Za-z]*)")


def parse_size(value: str | int) -> int:
    """Bytes. `kB` to `TB` are powers of 1000, `KiB` to `TiB` of 1024; a bare number is bytes.

    Raises InvalidValueError for anything else, for a negative size and for a fraction of a byte.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        if value >= 0:
            return value
    elif isinstance(value, str) and re.fullmatch(SIZE_PATTERN, value, re.ASCII):
        number, unit = _split(value)
        size = number * _BYTES[unit or "B"]
        if size == size.to_integral_value():
            return int(size)
    raise InvalidValueError(
        ProblemCode.VALUE_MALFORMED,
        "must be a size: a whole number of bytes, or one with a unit, such as 20kB, 10MiB or 1GiB",
    )


def parse_duration(value: str | float) -> float:
    """Seconds. Units `us`, `ms`, `s`, `m`, `h`, `d`; a bare number is seconds.

    Raises InvalidValueError for anything else, for a negative duration, and for infinity and NaN.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 0 <= value < float("inf"):
            return float(value)
    elif isinstance(value, str) and re.fullmatch(DURATION_PATTERN, value, re.ASCII):
        number, unit = _split(value)
        return float(number * _SECONDS[unit or "s"])
    raise InvalidValueError(
        ProblemCode.VALUE_MALFORMED,
        "must be a duration: a number of seconds, or one with a unit, such as 5ms, 2s, 1m or 1h",
    )


def _split(text: str) -> tuple[Decimal, str]:
    found = _PARTS.fullmatch(text)
    if found is None:  # the callers have matched the stricter pattern
        raise InvalidValueError(ProblemCode.VALUE_MALFORMED, "must be a number with a unit")
    return Decimal(found[1]), found[2]
