from __future__ import annotations

import json

import pytest

from shield import errors
from shield.errors import ConfigError, MalformedBodyError, ReloadRefusedError, ShieldError
from shield.proxy.problems import problem


def _all(kind: type[ShieldError]) -> list[type[ShieldError]]:
    return [kind] + [deeper for child in kind.__subclasses__() for deeper in _all(child)]


# A configuration error has no reply.
KINDS = set(_all(ShieldError)) - set(_all(ConfigError)) - {ReloadRefusedError}


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


def test_a_refused_reload_says_why() -> None:
    error = ReloadRefusedError(cause_code="config_invalid", problems=("routes[0]: no path",))
    made = json.loads(problem(error, "abc"))
    assert (made["code"], made["cause"], made["problems"]) == (
        "reload_refused",
        "config_invalid",
        ["routes[0]: no path"],
    )


def test_detail_and_offset() -> None:
    made = json.loads(problem(MalformedBodyError("Not JSON.", offset=7), "abc"))
    assert (made["detail"], made["offset"]) == ("Not JSON.", 7)
