from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import uvloop

from shield.config_codes import ProblemCode
from shield.errors import AuditUnavailableError, ConfigError, ShieldError
from shield.supervisor.companion import Companion
from tests.unit.cli.conftest import Shield

QUICKSTART = Path(__file__).parents[3] / "config" / "quickstart.yaml"


def test_the_server_runs_on_uvloop_with_the_file(shield: Shield, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    async def run_server(path: Path, env: Mapping[str, str], companions: Sequence[Companion]) -> bool:
        seen.extend([path, "PATH" in env, type(asyncio.get_running_loop())])
        seen.extend(it.name for it in companions)
        return True

    monkeypatch.setattr("shield.app.server.run_server", run_server)
    assert shield("serve", "-c", str(QUICKSTART)).exit_code == 0
    assert seen == [QUICKSTART, True, uvloop.Loop, "console"]


def test_a_configuration_that_can_be_read_once_is_refused(shield: Shield, tmp_path: Path) -> None:
    """Each process reads it anew, and would find the pipe empty."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    result = shield("serve", "-c", str(pipe))
    assert result.exit_code == 2
    assert "the configuration must be a file" in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(ConfigError(ProblemCode.KEY_UNKNOWN, "x: y"), 2), (AuditUnavailableError("locked"), 3)],
)
def test_a_start_that_fails(
    shield: Shield, monkeypatch: pytest.MonkeyPatch, error: ShieldError, code: int
) -> None:
    async def run_server(*_: object) -> None:
        raise error

    monkeypatch.setattr("shield.app.server.run_server", run_server)
    result = shield("serve", "-c", str(QUICKSTART))
    assert result.exit_code == code
    assert str(error) in result.stderr
