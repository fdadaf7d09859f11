"""Schemathesis fuzzes the admin API of the running program, with two workers, from the document it serves.

Generation is deterministic. All of its checks are on: answers as declared (status, media type, fields),
invalid input refused, undeclared methods refused, and no operation without credentials.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sys
from pathlib import Path

import pytest

from shield.proxy.admin.operations import OPERATIONS
from shield.proxy.callers import key_digest
from tests.integration.supervised.fleet import Fleet, fleet

SCHEMATHESIS = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
pytestmark = pytest.mark.skipif(SCHEMATHESIS is None, reason="schemathesis is not installed")

EXAMPLES = 60
SECONDS = 120
KEY = "shield_key-of-the-fuzzer"
CALLERS = f"""\
admin:
  rate: 10000
  failures: 1000000
  callers:
    fuzzer: {{role: operator, api_keys: ["{key_digest(KEY.encode())}"]}}
"""


async def name_callers(running: Fleet) -> None:
    """Let the fuzzer in: a reload names the callers."""
    running.configuration.write_text(running.configuration.read_text() + CALLERS)
    await running.line("reloaded", running.signal(signal.SIGHUP), worker="supervisor")


async def get(running: Fleet, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.admin)
    head = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {KEY}\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    return answer.partition(b"\r\n\r\n")[2]


async def test_the_running_admin_api_is_as_its_document_says(tmp_path: Path) -> None:
    async with fleet(tmp_path) as running:
        await name_callers(running)
        assert SCHEMATHESIS is not None
        fuzzer = await asyncio.create_subprocess_exec(
            SCHEMATHESIS, "--config-file", str(Path(__file__).with_name("schemathesis.toml")),
            "run", f"http://127.0.0.1:{running.admin}/openapi.json", "--checks", "all",
            "-H", f"Authorization: Bearer {KEY}", "--max-examples", str(EXAMPLES),
            "--generation-deterministic", "--continue-on-failure", "--no-color",
            cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(SECONDS):
                report, _ = await fuzzer.communicate()
        finally:
            if fuzzer.returncode is None:
                fuzzer.kill()
        assert fuzzer.returncode == 0, report.decode()
        assert b"No issues found" in report
        # The fuzzer reached every operation: each succeeded at least once, and each guarded one also refused.
        seen = (await get(running, "/metrics")).decode()

        def count(operation: str, outcome: str) -> float:
            name = f'shield_admin_requests_total{{operation="{operation}",outcome="{outcome}"}} '
            return next(float(line.split()[-1]) for line in seen.splitlines() if line.startswith(name))

        for operation in OPERATIONS:
            assert count(operation.name, "ok") > 0
            assert operation.role is None or count(operation.name, "refused") > 0
            assert operation.failing or count(operation.name, "failed") == 0
        # The program is still healthy.
        status = json.loads(await get(running, "/v1/status"))
        assert [worker["state"] for worker in status["workers"]] == ["ready", "ready"]
        assert KEY.encode() not in b"".join(running.raw)
        assert await running.stop() == 0
