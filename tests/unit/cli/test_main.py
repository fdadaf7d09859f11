from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import shield as package
from shield.cli.evidence import COMMANDS as EVIDENCE
from shield.cli.evidence import evidence
from shield.cli.group import Program
from shield.cli.main import COMMANDS, cli
from shield.config_codes import ProblemCode
from shield.errors import AuditCorruptError, ConfigError
from tests.unit.cli.conftest import Shield

COMMANDS_OF_TODAY = (
    "serve",
    "console",
    "check",
    "schema",
    "openapi",
    "redact",
    "analyze",
    "audit",
    "keys",
    "evidence",
    "export",
    "diff",
    "top",
    "callers",
)


def test_the_names_of_the_commands_are_a_contract() -> None:
    assert COMMANDS == COMMANDS_OF_TODAY
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)


def test_help_names_every_command_and_exit_code(shield: Shield) -> None:
    result = shield("--help")
    assert result.exit_code == 0
    assert all(f"  {name} " in result.stdout for name in COMMANDS)
    assert "Exit codes:" in result.stdout


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "audit"])
def test_each_command_has_examples_in_its_help(shield: Shield, name: str) -> None:
    result = shield(name, "--help")
    assert result.exit_code == 0
    assert f"  shield {name}" in result.stdout


def test_version(shield: Shield) -> None:
    assert shield("--version").stdout == f"shield {package.__version__}\n"


def test_an_unknown_command_is_a_usage_error(shield: Shield) -> None:
    assert shield("observe").exit_code == 2


class Failing(Program):
    """A group with the one command `fail`, which raises."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(name="shield")

        @self.command()
        def fail() -> None:
            raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigError(ProblemCode.KEY_MISSING, "routes: missing"), 2, "routes: missing [key_missing]\n"),
        (AuditCorruptError("record 7"), 3, "shield: audit_corrupt: record 7\n"),
        (click.UsageError("wrong"), 2, "Error: wrong\n"),
        (KeyboardInterrupt(), 130, "shield: interrupted\n"),
    ],
)
def test_errors_have_their_exit_code_and_their_message(error: BaseException, code: int, said: str) -> None:
    result = CliRunner().invoke(Failing(error), ["fail"], prog_name="shield")
    assert result.exit_code == code
    assert result.stderr.endswith(said)


def test_of_an_error_nobody_foresaw_only_type_and_place_are_shown() -> None:
    result = CliRunner().invoke(Failing(RuntimeError("4111 1111 1111 1111")), ["fail"])
    assert result.exit_code == 70
    assert "RuntimeError" in result.stderr
    assert "test_main.py" in result.stderr
    assert "4111" not in result.output


def test_help_does_not_load_the_detectors() -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from shield.cli.main import cli\n"
        "CliRunner().invoke(cli, ['redact', '--help'])\n"
        "heavy = {'spacy', 'presidio_analyzer', 'aiohttp', 'shield.app'} & sys.modules.keys()\n"
        "sys.exit(' '.join(sorted(heavy)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_command_of_evidence_loads_nothing_that_only_the_others_need() -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from shield.cli.main import cli\n"
        "assert CliRunner().invoke(cli, ['evidence', 'exceptions', '--help']).exit_code == 0\n"
        "needless = {'pydantic', 'prometheus_client', 'shield.cli.evidence_report'} & sys.modules.keys()\n"
        "sys.exit(' '.join(sorted(needless)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_of_evidence_is_where_the_group_says() -> None:
    context = click.Context(evidence)
    found = {name: evidence.get_command(context, name) for name in evidence.list_commands(context)}
    assert list(found) == list(EVIDENCE)
    assert all(command is not None and command.name == name for name, command in found.items())
