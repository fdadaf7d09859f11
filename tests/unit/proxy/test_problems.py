from __future__ import annotations

import json

import pytest

from shield import errors
from shield.errors import ConfigError, MalformedBodyError, ShieldError
from shield.proxy.problems import problem


def _all(kind: type[ShieldError]) -> list[type[ShieldError]]:
    return [kind] + [deeper for child in kind.__subclasses__() for deeper in _all(child)]


# A configuration error has no reply.
KINDS = set(_all(ShieldError)) - set(_all(ConfigError))


@pytest.mark.parametrize(
    "kind", sorted((kind for kind in KINDS if kind.__module__ == errors.__name__), key=lambda it: it.code)
)
def test_each_error_is_a_problem(kind: type[ShieldError]) -> None:
    made = json.loads(problem(kind(), "abc"))
    assert made == {
        "type": f"urn:pii-shield:problem:{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
        "instance": "urn:pii-shield:request:abc",
    }


def test_detail_and_offset() -> None:
    made = json.loads(problem(MalformedBodyError("Not JSON.", offset=7), "abc"))
    assert (made["detail"], made["offset"]) == ("Not JSON.", 7)
