"""The mark by which a deployment knows a request that has passed it before: CDN-Loop (RFC 8586).

Workers and replicas have the same mark if they have the same routes, upstreams and keys. It is a digest,
keyed where the configuration has keys, so that it tells no name or address. See decision 033.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Final

from shield.config.settings import Settings

FIELD: Final = "CDN-Loop"
_PREFIX: Final = "shield-"
_DIGITS: Final = 24  # 96 bits


def mark_of(settings: Settings) -> str:
    """The mark of a configuration: a pseudonym as RFC 8586 has them, one token."""
    upstreams = [(name, it.endpoints) for name, it in sorted(settings.upstreams.items())]
    told = json.dumps((upstreams, [route.name for route in settings.routes])).encode()
    keys = [f"{name}:{key.value.hex()}" for name, key in sorted(settings.keys.items())]
    return _PREFIX + hmac.new("\n".join(keys).encode(), told, hashlib.sha256).hexdigest()[:_DIGITS]


def has_passed(value: str, mark: str) -> bool:
    """Whether the value of a CDN-Loop field names `mark`, with parameters or not."""
    return mark in value and any(each.partition(";")[0].strip(" \t") == mark for each in value.split(","))
