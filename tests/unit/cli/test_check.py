from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from shield.config.source import Caution, Problem
from shield.config_codes import ProblemCode, WarningCode
from tests.unit.cli.conftest import Shield

Answer = dict[str, list[Problem | Caution]]
QUICKSTART = Path(__file__).parents[3] / "config" / "quickstart.yaml"


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The answer of `check_config`, which the test fills in."""
    answer: Answer = {"problems": [], "warnings": []}
    said = (answer["problems"], answer["warnings"])
    monkeypatch.setattr("shield.app.checking.check_config", lambda _path, _env: said)
    return answer


def test_a_valid_configuration(shield: Shield, problems: Answer) -> None:
    result = shield("check", "-c", str(QUICKSTART))
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{QUICKSTART}: valid\n", "")
    assert problems


@pytest.mark.parametrize(
    "command", [("check",), ("serve",), ("console",), ("redact",), ("analyze", "--jsonl")]
)
@pytest.mark.parametrize("name", ["gone.yaml", ""])
def test_a_file_that_is_missing_or_a_folder_has_a_code(
    shield: Shield, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    result = shield(*command, "-c", str(tmp_path / name))
    assert result.exit_code == 2
    told = result.stdout if command == ("check",) else result.stderr  # what `check` finds is its result
    assert told.rstrip().endswith("[file_unreadable]")


def test_a_pipe_is_read_and_one_that_nobody_writes_to_is_not_waited_for(
    shield: Shield, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    result = shield("check", "-c", str(pipe))
    assert result.exit_code == 2
    said = "the file cannot be read: it is a pipe, and nobody writes to it [file_unreadable]"
    assert result.stdout == f"{pipe}:1:1 (document): {said}\n"
    with subprocess.Popen(["cat", QUICKSTART], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        file = f"/proc/self/fd/{writer.stdout.fileno()}"
        assert shield("check", "-c", file).stdout == f"{file}: valid\n"


@pytest.mark.parametrize("key", ["certificate", "private_key", "client_ca"])
def test_a_pipe_in_place_of_a_certificates_file_is_not_waited_for(
    shield: Shield, tmp_path: Path, key: str
) -> None:
    os.mkfifo(tmp_path / key)
    files = {"certificate": "c.pem", "private_key": "k.pem", key: key}
    written = QUICKSTART.read_text("utf-8").replace("port: 8080", f"port: 8080, tls: {json.dumps(files)}")
    config = tmp_path / "shield.yaml"
    config.write_text(written, encoding="utf-8")
    result = shield("check", "-c", str(config))
    assert result.exit_code == 2
    assert f"the file {key!r} cannot be read: it is not a regular file" in result.stdout


def test_warnings_do_not_make_it_invalid(shield: Shield, problems: Answer) -> None:
    problems["warnings"].append(
        Caution("a.yaml", 3, 5, "routes[0]", WarningCode.PATHS_ALIKE, "never matches")
    )
    result = shield("check", "-c", str(QUICKSTART))
    assert result.exit_code == 0
    assert result.stderr == "warning: a.yaml:3:5 routes[0]: never matches [paths_alike]\n"
    for_programs = shield("check", "-c", str(QUICKSTART), "--json")
    assert (for_programs.exit_code, for_programs.stderr) == (0, "")
    said = json.loads(for_programs.stdout)
    assert (said["valid"], [it["code"] for it in said["warnings"]]) == (True, ["paths_alike"])


def test_each_error_is_a_line_with_its_place(shield: Shield, problems: Answer) -> None:
    problems["problems"] += [
        Problem(
            "a.yaml", 3, 5, "routes[0].policy", ProblemCode.NAME_UNDEFINED, "no such policy; allowed: default"
        ),
        Problem("a.yaml", 9, 1, "audit", ProblemCode.KEY_MISSING, "is missing"),
    ]
    result = shield("check", "-c", str(QUICKSTART))
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "a.yaml:3:5 routes[0].policy: no such policy; allowed: default [name_undefined]",
        "a.yaml:9:1 audit: is missing [key_missing]",
    ]
    for_programs = shield("check", "-c", str(QUICKSTART), "--json")
    assert for_programs.exit_code == 2
    said = json.loads(for_programs.stdout)
    assert (said["valid"], said["warnings"]) == (False, [])
    assert said["problems"][1] == {
        "file": "a.yaml",
        "line": 9,
        "column": 1,
        "path": "audit",
        "code": "key_missing",
        "message": "is missing",
    }


def test_errors_of_the_file_itself(shield: Shield, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(QUICKSTART.read_text(encoding="utf-8").replace("port: 8080", "port: 80800"))
    result = shield("check", "-c", str(path))
    assert result.exit_code == 2
    assert re.match(rf"{re.escape(str(path))}:\d+:\d+ listeners\.proxy\.port: ", result.stdout)


def test_the_file_must_be_named_and_there(shield: Shield) -> None:
    assert shield("check").exit_code == 2
    assert shield("check", "-c", "nowhere.yaml").exit_code == 2


def test_the_schema_is_json_schema(shield: Shield) -> None:
    result = shield("schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$schema"].endswith("2020-12/schema")
