from __future__ import annotations

import json

from shield.config.source import ConfigErrors, Problem
from shield.errors import AuditUnavailableError, ConfigError, ShieldError
from shield.supervisor import faults


def test_errors_come_back_as_they_were() -> None:
    for error in (AuditUnavailableError("locked"), ConfigError("no"), ShieldError()):
        back = faults.from_plain(json.loads(json.dumps(faults.to_plain(error))))
        assert (type(back), back.detail, str(back)) == (type(error), error.detail, str(error))


def test_the_problems_of_a_configuration_keep_their_places() -> None:
    errors = ConfigErrors([Problem("a.yaml", 3, 5, "routes[0]", "wrong"), Problem("a.yaml", 1, 1, "", "bad")])
    back = faults.from_plain(json.loads(json.dumps(faults.to_plain(errors))))
    assert isinstance(back, ConfigErrors)
    assert back.problems == errors.problems


def test_a_code_of_another_release_is_an_error_all_the_same() -> None:
    assert "from_the_future" in str(faults.from_plain({"code": "from_the_future", "detail": ""}))
