"""The admin listener over real sockets: probes, metrics, roles, limits, records, and refusals."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from cryptography import x509

from shield.config.settings import ListenerTls
from shield.config.settings_callers import AdminAccess, AdminRole
from shield.proxy.admin.instance import ReloadResult
from shield.proxy.admin.operations import OPERATIONS, Operation
from shield.proxy.admin.pages import REFUSALS_ON_RECORD
from tests.integration.proxy.admin_stage import AFTER, CALLERS, KEYS, ROLES, Admin, admin_stage, bearer
from tests.integration.proxy.certificates import Certificates

FAILURES = AdminAccess().failures
GUARDED = [operation for operation in OPERATIONS if operation.role is not None]


@pytest.fixture
async def admin() -> AsyncIterator[Admin]:
    async with admin_stage() as running:
        yield running


@pytest.fixture
async def nobodys() -> AsyncIterator[Admin]:
    """No callers configured, on the loopback device."""
    async with admin_stage(AdminAccess()) as running:
        yield running


async def ask(admin: Admin, operation: Operation, headers: dict[str, str]) -> httpx.Response:
    return await admin.client.request(operation.method, operation.path, headers=headers)


# Probes, metrics, and unknown pages.


async def test_probes_are_open(admin: Admin) -> None:
    assert (await admin.get("/healthz")).json() == {"status": "ok", "reasons": []}
    assert (await admin.get("/readyz?verbose")).status_code == 200
    admin.instance.reasons.append("draining")
    answer = await admin.client.get("/readyz", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["draining"])
    assert (await admin.client.head("/readyz")).status_code == 503
    assert (await admin.get("/healthz")).status_code == 200


async def test_metrics_in_both_formats(nobodys: Admin) -> None:
    nobodys.instance.metrics.refusal("saturated")
    plain = await nobodys.get("/metrics")
    assert plain.headers["Content-Type"].startswith("text/plain")
    assert 'shield_refusals_total{code="saturated"} 1.0' in plain.text
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    open_metrics = await nobodys.client.get("/metrics", headers=accept)
    assert open_metrics.headers["Content-Type"].startswith("application/openmetrics-text")
    assert open_metrics.text.endswith("# EOF\n")
    for odd in ("application/openmetrics-text; version=x", "text/plain; version=1.0.x", ";;=,", "é"):
        other = await nobodys.client.get("/metrics", headers={"Accept": odd.encode()})
        assert (other.status_code, other.headers["Content-Type"]) == (200, plain.headers["Content-Type"])


async def test_other_pages_and_methods(admin: Admin) -> None:
    assert (await admin.get("/secret")).status_code == 404
    for method, path, allowed in (
        ("POST", "/metrics", "GET, HEAD"),
        ("GET", "/v1/reload", "POST"),
        ("TRACE", "/v1/status", "GET, HEAD"),
    ):
        answer = await admin.client.request(method, path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    seen = (await admin.get("/metrics", "scraper")).text
    assert 'shield_admin_requests_total{operation="none",outcome="refused"} 4.0' in seen


async def test_a_page_that_fails(admin: Admin) -> None:
    def broken() -> list[str]:
        raise ValueError("secret")

    admin.instance.dead = broken  # type: ignore[method-assign]
    answer = await admin.get("/healthz")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text


# Roles.


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("127.0.0.1", True),
        ("localhost:9090", True),
        ("LOCALHOST", True),
        ("[::1]:9090", True),
        ("[::1]", True),
        ("evil.example", False),
        ("evil.example:9090", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example:80", False),
        ("192.0.2.1:9090", False),
    ],
)
async def test_a_page_whose_name_was_bound_to_the_loopback_device_reads_no_routes(
    nobodys: Admin, host: str, served: bool
) -> None:
    answer = await nobodys.client.get("/v1/routes", headers={"Host": host})
    assert answer.status_code == (200 if served else 401)
    assert (await nobodys.client.get("/metrics", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("operation", GUARDED, ids=lambda it: it.name)
@pytest.mark.parametrize("caller", ROLES)
async def test_a_role_may_what_it_may_and_no_more(admin: Admin, caller: str, operation: Operation) -> None:
    answer = await ask(admin, operation, bearer(caller))
    assert operation.role is not None
    if ROLES[caller] >= operation.role:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "role_insufficient")
    assert len(admin.notes.noted) == operation.changes


@pytest.mark.parametrize("operation", GUARDED, ids=lambda it: it.name)
async def test_where_callers_are_named_nobody_else_may_anything(admin: Admin, operation: Operation) -> None:
    answer = await ask(admin, operation, {})
    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_required")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="shield"'
    assert "Authorization: Bearer" in answer.json()["detail"]
    assert admin.instance.reloads == []


@pytest.mark.parametrize("operation", GUARDED, ids=lambda it: it.name)
async def test_where_none_are_named_a_local_caller_sees_and_changes_nothing(
    nobodys: Admin, operation: Operation
) -> None:
    answer = await ask(nobodys, operation, {"Authorization": "Bearer of-something-else"})
    assert answer.status_code == (401 if operation.changes else 200)
    assert not operation.changes or "admin.callers" in answer.json()["detail"]
    assert nobodys.instance.reloads == []


@pytest.mark.parametrize(
    "value",
    ["Bearer shield_key-of-nobody", f"Basic {KEYS['oncall']}", "Bearer", "Bearer \u00e9", KEYS["oncall"]],
)
async def test_wrong_credentials_are_refused_and_on_record(admin: Admin, value: str) -> None:
    answer = await admin.client.get("/metrics", headers={"Authorization": value.encode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_invalid")
    what = {"operation": "getMetrics", "code": "credentials_invalid", "address": "127.0.0.1"}
    assert admin.notes.noted == [("", "admin.refused", what)]


async def test_two_keys_are_one_too_many(admin: Admin) -> None:
    headers = [("Authorization", f"Bearer {KEYS['oncall']}"), ("Authorization", f"Bearer {KEYS['oncall']}")]
    assert (await admin.client.get("/metrics", headers=headers)).status_code == 401


async def test_a_certificate_is_a_caller(certificates: Certificates) -> None:
    server = ListenerTls(certificates.certificate, certificates.key, certificates.ca, client_required=False)
    context = ssl.create_default_context(cafile=certificates.ca)
    context.load_cert_chain(*certificates.leaf("viewer", x509.DNSName("viewer.example")))
    async with admin_stage(tls=server, verify=context) as admin:
        assert (await admin.get("/v1/status")).status_code == 200
        assert (await admin.post("/v1/reload")).status_code == 403
        # Adding somebody else's key does not combine the two callers' rights.
        assert (await admin.post("/v1/reload", "oncall")).json()["code"] == "credentials_invalid"
        assert (await admin.get("/v1/status", "viewer")).status_code == 200
        for _ in range(FAILURES + 1):
            last = await admin.client.get("/metrics", headers={"Authorization": "Bearer wrong"})
        assert last.status_code == 429
        assert (await admin.get("/v1/status")).status_code == 200


# Limits.


async def test_an_address_that_guesses_is_locked_out_for_a_while(admin: Admin) -> None:
    for _ in range(FAILURES):
        answer = await admin.client.get("/v1/status", headers={"Authorization": "Bearer guess"})
        assert answer.status_code == 401
    for caller in ("oncall", "viewer"):
        answer = await admin.get("/v1/status", caller)
        assert (answer.status_code, answer.json()["code"]) == (429, "admin_rate_limited")
    assert answer.headers["Retry-After"] == "30"
    assert (await admin.get("/readyz")).status_code == 200
    assert len(admin.notes.noted) == FAILURES
    admin.clock.now += 30
    assert (await admin.get("/v1/status", "oncall")).status_code == 200


async def test_who_asks_for_changes_without_a_name_is_locked_out_too(nobodys: Admin) -> None:
    codes = [(await nobodys.post("/v1/drain")).status_code for _ in range(FAILURES + 2)]
    assert codes == [401] * FAILURES + [429, 429]
    assert len(nobodys.notes.noted) == FAILURES
    assert (await nobodys.get("/readyz")).status_code == 200


async def test_a_caller_has_its_rate_and_others_have_theirs(admin: Admin) -> None:
    admin.pages.configure(replace(CALLERS, rate=2))
    codes = [(await admin.get("/metrics", "scraper")).status_code for _ in range(5)]
    assert codes == [200] * 4 + [429]
    assert (await admin.get("/metrics", "viewer")).status_code == 200
    admin.clock.now += 0.5
    assert (await admin.get("/metrics", "scraper")).status_code == 200


async def test_records_of_refusals_are_bounded(admin: Admin) -> None:
    for _ in range(int(REFUSALS_ON_RECORD) + 5):
        assert (await admin.post("/v1/drain", "viewer")).status_code == 403
    assert len(admin.notes.noted) == REFUSALS_ON_RECORD
    seen = (await admin.get("/metrics", "scraper")).text
    assert f'operation="drain",outcome="refused"}} {REFUSALS_ON_RECORD + 5}' in seen


# Reads.


async def test_the_routes_and_the_status_hold_no_secret_and_no_url(admin: Admin) -> None:
    shown = await admin.get("/v1/routes", "viewer")
    first, second = shown.json()["routes"]
    assert shown.json()["configuration"] == admin.instance.settings.digest
    assert (first["name"], first["path"], first["methods"]) == ("tickets", "/api/tickets/{id}", ["POST"])
    assert first["policy"] == {
        "name": "default",
        "digest": admin.instance.settings.policies["default"].digest,
    }
    assert (second["name"], second["upstream"]) == ("contacts", "store")
    status = await admin.get("/v1/status", "viewer")
    assert status.json()["workers"][0]["pid"] == 4711
    for text in (shown.text, status.text):
        assert not any(
            secret in text for secret in ("a-key-of-enough-bytes", "8081", "http:", *KEYS.values())
        )


async def test_the_uptime_is_of_a_clock_that_does_not_jump(admin: Admin) -> None:
    admin.clock.now += 61.5
    status = (await admin.get("/v1/status", "viewer")).json()
    assert (status["uptime_seconds"], status["ready"], status["last_reload"]) == (61, True, None)


# Changes.


async def test_a_reload_is_on_record_before_it_is_done(admin: Admin) -> None:
    answer = await admin.post("/v1/reload", "oncall", json={"expected_digest": AFTER})
    assert answer.json() == {"before": "sha256:" + "b" * 64, "after": AFTER, "changed": True}
    assert admin.notes.noted == [("oncall", "admin.reload", {"address": "127.0.0.1", "expected": "a" * 64})]
    assert admin.instance.reloads == [AFTER]
    admin.notes.broken = True
    answer = await admin.post("/v1/reload", "oncall")
    assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")
    assert admin.instance.reloads == [AFTER]


async def test_a_refused_reload_says_why(admin: Admin) -> None:
    admin.instance.outcome = ReloadResult("sha256:b", None, "config_invalid", ("shield.yaml:1:1 no",))
    answer = await admin.post("/v1/reload", "oncall")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "reload_refused")
    assert (problem["cause"], problem["problems"]) == ("config_invalid", ["shield.yaml:1:1 no"])


async def test_drained_is_not_ready_until_undrained(admin: Admin) -> None:
    assert (await admin.post("/v1/drain", "oncall")).json() == {"drained": True}
    answer = await admin.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["drained"])
    assert (await admin.get("/healthz")).status_code == 200
    assert (await admin.get("/v1/status", "viewer")).json()["drained"]
    assert "shield_drained 1.0" in (await admin.get("/metrics", "scraper")).text
    assert (await admin.post("/v1/undrain", "oncall")).json() == {"drained": False}
    assert (await admin.get("/readyz")).status_code == 200
    assert [action for _, action, _ in admin.notes.noted] == ["admin.drain", "admin.undrain"]


@pytest.mark.parametrize("path", ["/v1/reload", "/v1/drain", "/v1/undrain"])
async def test_nothing_is_changed_while_it_starts_or_stops(admin: Admin, path: str) -> None:
    admin.instance.serving = False
    answer = await admin.post(path, "oncall")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_serving")
    assert admin.notes.noted == []


async def test_other_callers_from_a_reload_on(admin: Admin) -> None:
    keep = {"oncall": replace(CALLERS.callers["oncall"], role=AdminRole.METRICS)}
    admin.pages.configure(AdminAccess(keep, rate=100))
    assert (await admin.get("/metrics", "scraper")).status_code == 401
    assert (await admin.get("/v1/status", "oncall")).status_code == 403


# Form of a request.


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{}", "application/json", 200),
        (b"{}", "application/json; charset=utf-8", 200),
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"expected_digest": "x"}', "application/json", 400),
        (b'{"planted": 1}', "application/json", 400),
        (b'{"expected_digest": null}', "application/json", 200),
        (b" " * 5000, "application/json", 413),
    ],
)
async def test_bodies(admin: Admin, content: bytes, media_type: str, status: int) -> None:
    headers = {**bearer("oncall"), "Content-Type": media_type}
    answer = await admin.client.post("/v1/reload", content=content, headers=headers)
    assert answer.status_code == status
    assert "planted" not in answer.text


async def test_a_body_where_none_is_taken(admin: Admin) -> None:
    assert (await admin.post("/v1/drain", "oncall", content=b"x")).status_code == 400
    assert (await admin.client.request("GET", "/healthz", content=b"x")).status_code == 400


@pytest.mark.parametrize(
    "lines",
    [
        "Transfer_Encoding: chunked",
        "Content-Length: 0\r\nContent_Length: 3",
        "Upgrade: websocket",
        "Expect: money",
        "X: " + "y" * 9000,
    ],
)
async def test_heads_that_the_proxy_would_refuse_are_refused_here(admin: Admin, lines: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", admin.site.port)
    key = f"Authorization: Bearer {KEYS['oncall']}"
    writer.write(
        f"POST /v1/drain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{key}\r\n{lines}\r\n\r\n".encode()
    )
    head = await reader.read()
    writer.close()
    assert head.split()[1] in (b"400", b"417")
    assert admin.notes.noted == []


async def test_a_chunked_request_ends_its_connection(admin: Admin) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", admin.site.port)
    writer.write(
        b"POST /v1/reload HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + f"Authorization: Bearer {KEYS['oncall']}\r\n".encode()
        + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    )
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in answer
