from __future__ import annotations

import json

from shield.config.source import ConfigErrors, Problem
from shield.config_codes import ProblemCode
from shield.errors import AuditUnavailableError, ConfigError, ShieldError
from shield.supervisor import faults


def test_errors_come_back_as_they_were() -> None:
    for error in (
        AuditUnavailableError("locked"),
        ConfigError(ProblemCode.FILE_CHANGED, "no"),
        ShieldError(),
    ):
        back = faults.from_plain(json.loads(json.dumps(faults.to_plain(error))))
        assert (type(back), back.detail, str(back)) == (type(error), error.detail, str(error))


def test_the_problems_of_a_configuration_keep_their_places() -> None:
    errors = ConfigErrors(
        [
            Problem("a.yaml", 3, 5, "routes[0]", ProblemCode.KEY_UNKNOWN, "wrong"),
            Problem("a.yaml", 1, 1, "", ProblemCode.YAML_INVALID, "bad"),
        ]
    )
    back = faults.from_plain(json.loads(json.dumps(faults.to_plain(errors))))
    assert isinstance(back, ConfigErrors)
    assert back.problems == errors.problems


def test_a_code_of_another_release_is_an_error_all_the_same() -> None:
    assert "from_the_future" in str(faults.from_plain({"code": "from_the_future", "detail": ""}))
    plain = faults.to_plain(ConfigError(ProblemCode.FILE_CHANGED, "no"))
    for later in (
        {**plain, "problem": "from_the_future"},
        {"code": plain["code"], "detail": "no"},  # from before there were codes
        {**plain, "problems": [["a.yaml", 1, 1, "", "from_the_future", "no"]]},
        {**plain, "problems": [["a.yaml", 1, 1, "", "no"]]},
    ):
        assert faults.from_plain(later).detail == "no"
