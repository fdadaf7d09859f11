"""Refusals by a route's settings or by failing operators leak nothing, and every refusal code has a test."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from shield.anonymizer.operators import Operator
from shield.errors import ProtectionError, RequestError, ResourcesExhaustedError, UpstreamError, codes_of
from shield.proxy.callers import key_digest
from tests.leak.rows import BODY, FIELD, MAIL, Row, hunted, play, problem, request
from tests.leak.stage import Stage, stage
from tests.leak.test_faults import ROWS

ACME, GLOBEX = "shield_key-of-acme", "shield_key-of-globex"
TENANTS = f"""
tenants:
  acme: {{api_keys: ["{key_digest(ACME.encode())}"]}}
  globex: {{api_keys: ["{key_digest(GLOBEX.encode())}"]}}
"""
OWNED = {"object_match": ", tenants: [acme]", "more": TENANTS}


def to_object(fields: str = "", path: str = "/o/x") -> bytes:
    return request(fields=fields).replace(b"POST /t ", f"POST {path} ".encode())


async def spent(stage: Stage) -> None:
    """The route has used up its rate limit for now."""
    await stage.send(to_object())
    stage.upstream.forget()


ROUTE_ROWS = (
    Row("a value in the path", 422, "policy_blocked", to_object(path="/o/rosa.diaz%40example.org")),
    Row("a file in base64", 422, "opaque_content", request(b'{"file": "JVBERi0xLjcKJeLjz9MKMSAwIG9iag"}')),
    Row("a method that it does not take", 405, "method_not_allowed", to_object(),
        options={"object_match": ", methods: [PUT]"}),
    Row("nobody's key", 401, "credentials_required", to_object(), options=OWNED),
    Row("an unknown key", 401, "credentials_invalid", to_object(f"X-Shield-Api-Key: {MAIL}\r\n"),
        options=OWNED),
    Row("another tenant's key", 403, "caller_forbidden", to_object(f"X-Shield-Api-Key: {GLOBEX}\r\n"),
        options=OWNED),
    Row("a body that does not come", 408, "body_timeout", to_object()[:-5],
        options={"object_route": "body_timeout: 200ms"}),
    Row("too many pieces of text", 413, "too_many_segments", to_object(),
        options={"object_route": "limits: {segments: 1}"}),
    Row("beyond its rate", 429, "rate_limited", to_object(), set_up=spent,
        options={"object_route": "rate: {per_second: 0.001, burst: 1}"}),
)  # fmt: skip


@pytest.mark.parametrize("row", ROUTE_ROWS, ids=lambda row: row.name)
async def test_what_a_route_refuses_leaks_nothing(row: Row, tmp_path: Path) -> None:
    async with stage(tmp_path, **row.options) as running:
        await play(row, running)


class Failing(Operator):
    """An operator of a plug-in; the configuration says how it fails."""

    name = "failing"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None: ...

    def operate(self, text: str, entity_type: str, params: Mapping[str, Any], keys: Any, random: Any) -> str:
        match params["how"]:
            case "raises":
                raise ValueError(f"cannot replace {text!r}")
            case "nothing":
                return None  # type: ignore[return-value]
        return text.encode()  # type: ignore[return-value]


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Failing`, installed as a package's entry point is."""
    installed = tmp_path / "site" / "failing-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: failing\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[shield.operators]\nfailing = {__name__}:Failing\n")
    monkeypatch.syspath_prepend(installed.parent)


@pytest.mark.usefixtures("plug_in")
@pytest.mark.parametrize("how", ["raises", "nothing", "bytes"])
async def test_an_operator_that_fails_forwards_nothing(how: str, tmp_path: Path) -> None:
    async with stage(tmp_path, operator=f"{{operator: failing, how: {how}}}") as running:
        reply = await running.send(request())
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert problem(reply)["code"] == "anonymization_failed"
        assert running.upstream.received == b""
        assert await hunted(running, reply) == []
        harmless = await running.send(request(b'{"a": "nothing to replace"}').replace(FIELD.encode(), b""))
        assert harmless.startswith(b"HTTP/1.1 201 ")


@pytest.mark.usefixtures("plug_in")
async def test_an_operator_that_fails_on_a_route_that_may_be_bypassed_is_a_bypass(tmp_path: Path) -> None:
    async with stage(tmp_path, operator="{operator: failing, how: raises}", on_error="bypass") as running:
        reply = await running.send(request())
        assert reply.startswith(b"HTTP/1.1 201 ")
        assert running.upstream.received.endswith(BODY)
        places = await running.places()
        audit = b"".join(content for name, content in places.items() if name.startswith("audit/"))
        assert b'"kind":"bypass"' in audit
        assert b'"anonymization_failed"' in audit


ELSEWHERE = {
    "anonymization_failed": "here, above",
    "audit_unavailable": "test_faults: a failing audit disk",
    "client_gone": "integration/proxy/test_refusals, test_clients",
    "deadline_exceeded": "test_faults: a hanging recognizer; integration/test_deadlines",
    "draining": "integration/proxy/test_refusals, test_giving_up",
    "loop_detected": "integration/proxy/test_loops",
    "proxy_header_invalid": "integration/proxy/test_proxy_protocol",
    "proxy_peer_not_trusted": "integration/proxy/test_proxy_protocol",
    "upstream_unavailable": "integration/proxy/test_endpoints",
    "protection_unavailable": "a base class, which is never raised",
    "upstream_failed": "a base class, which is never raised",
}


def test_every_code_of_a_refused_write_has_a_test_that_nothing_was_forwarded() -> None:
    rows = {row.code for row in (*ROWS, *ROUTE_ROWS)}
    assert rows & ELSEWHERE.keys() == set()
    assert (rows | ELSEWHERE.keys()) - {""} == set(
        codes_of(RequestError, ProtectionError, UpstreamError, ResourcesExhaustedError)
    )
