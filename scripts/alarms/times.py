"""The shipped rules with their waits and windows shortened, so that hours pass in seconds. Pure.

The order of the lengths is kept: what looks at an hour looks at more than what looks at ten minutes, and the
history before it lies before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

WINDOWS = {
    "1m": 2, "2m": 3, "5m": 4, "10m": 5, "15m": 6, "30m": 7, "1h": 10, "6h": 14, "1d": 12, "3d": 18, "7d": 24,
}  # fmt: skip
"""Seconds in place of a window or an offset."""

WAIT = "1s"
"""In place of each `for`."""

_LENGTH = re.compile(r"(?<=\[)\d+[mhd](?=\])|(?<=offset )\d+[mhd]\b")
_NUMBERS = (
    ("3600 *", f"{WINDOWS['1h']} *"),  # seconds of an hour
    ("3.6 *", f"{WINDOWS['1h'] / 1000:g} *"),  # seconds of an hour for a thousand writes
    ("24 * 3600", "24"),  # a day ahead, from six hours
    (" + 60", " + 2"),  # what a canary may be late
    ("sampled_inspections_total[1h])) >= 20", "sampled_inspections_total[1h])) >= 1"),
)


def shortened(document: Mapping[str, Any]) -> dict[str, Any]:
    """A rules file in which seconds stand for hours; thresholds on values stay as they are."""
    return {
        "groups": [
            {**group, "rules": [_rule(rule) for rule in group["rules"]]} for group in document["groups"]
        ]
    }


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    expression = str(rule["expr"])
    for shipped, short in _NUMBERS:
        expression = expression.replace(shipped, short)
    expression = _LENGTH.sub(lambda found: f"{WINDOWS[found[0]]}s", expression)
    return {**rule, "expr": expression, **({"for": WAIT} if "for" in rule else {})}
