"""Callers over real sockets reach only their own routes, and no credential leaves the proxy."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from cryptography import x509

from shield.audit.record import Kind
from shield.config.path_template import parse_path_template
from shield.config.settings import ListenerTls
from shield.config.settings_callers import Tenant
from shield.domain import OperatorSpec, Policy
from shield.proxy.callers import key_digest
from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import FAST, Stack, post, running

ACME, GLOBEX = "shield_key-of-acme", "shield_key-of-globex"
BODY = b'{"a": "secret-zebra"}'
STRICT = Policy(
    "strict", "sha256:strict", {"SECRET": OperatorSpec("replace", {"with": "<GONE>"})}, detector=FAST
)
TENANTS = {
    "acme": Tenant(
        "acme", frozenset({key_digest(ACME.encode())}), frozenset({"dns:acme.example", "uri:spiffe://acme"})
    ),
    "globex": Tenant("globex", frozenset({key_digest(GLOBEX.encode())}), frozenset({"dns:globex.example"})),
}


def owned(stack: Stack, *, open_route: bool = False) -> None:
    """Both tenants use the same path, each under its own policy; anybody may use `/open`."""
    (route,) = stack.settings.routes
    routes = (
        replace(route, name="acme", tenants=frozenset({"acme"})),
        replace(route, name="globex", tenants=frozenset({"globex"}), policy=STRICT),
        replace(route, name="open", path=parse_path_template("/open")),
    )
    if open_route:
        routes += (replace(route, name="anybody"),)
    stack.swap(replace(stack.settings, routes=routes, tenants=TENANTS))


@pytest.mark.parametrize(("key", "tenant", "route"), [(ACME, "acme", "acme"), (GLOBEX, "globex", "globex")])
async def test_a_key_leads_to_its_tenants_route(stack: Stack, key: str, tenant: str, route: str) -> None:
    owned(stack)
    client = await stack.connect()
    await client.send(post(BODY, f"X-Shield-Api-Key: {key}", "Authorization: Bearer for-the-store"))
    assert (await client.answer()).status == 201
    (received,) = stack.upstream.requests
    assert received.get("x-shield-api-key") is None
    assert received.get("authorization") == "Bearer for-the-store"
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert (intent["tenant"], intent["route"]) == (tenant, route)
    assert key not in repr(stack.evidence.drafts) + stack.log.getvalue() + repr(stack.upstream.requests)


REFUSED = {
    "nobody": ([], 401, "credentials_required"),
    "an unknown key": (["X-Shield-Api-Key: zebra"], 401, "credentials_invalid"),
    "an empty key": (["X-Shield-Api-Key: "], 401, "credentials_invalid"),
    "the digest for the key": (
        [f"X-Shield-Api-Key: {key_digest(ACME.encode())}"],
        401,
        "credentials_invalid",
    ),
    "two keys": ([f"X-Shield-Api-Key: {ACME}", f"X-Shield-Api-Key: {ACME}"], 401, "credentials_invalid"),
    "a key that the Connection header names": (
        ["Connection: X-Shield-Api-Key", "X-Shield-Api-Key: zebra"],
        401,
        "credentials_invalid",
    ),
    "a key under a name with underscores": ([f"X_Shield_Api_Key: {ACME}"], 401, "credentials_invalid"),
    "such a key that Connection names": (
        ["Connection: x_shield_api_key", f"X_Shield_Api_Key: {ACME}"],
        401,
        "credentials_invalid",
    ),
    "a key in another field": ([f"Authorization: {ACME}"], 401, "credentials_required"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_others_are_refused_and_nothing_is_forwarded(stack: Stack, name: str) -> None:
    fields, status, code = REFUSED[name]
    owned(stack)
    client = await stack.connect()
    await client.send(post(BODY, *fields))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (status, code)
    assert answer.get("WWW-Authenticate") == 'ApiKey realm="shield"'
    stack.assert_nothing_forwarded()
    assert [(it["reason"], it.get("tenant")) for it in stack.evidence.of(Kind.REJECT)] == [(code, None)]
    told = answer.body.decode() + repr(stack.evidence.drafts) + stack.log.getvalue()
    assert "zebra" not in told
    assert ACME not in told


async def test_another_tenants_route_is_forbidden(stack: Stack) -> None:
    owned(stack)
    (mine, _, _) = stack.settings.routes
    stack.swap(replace(stack.settings, routes=(mine,)))
    client = await stack.connect()
    await client.send(post(BODY, f"X-Shield-Api-Key: {GLOBEX}"))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (403, "caller_forbidden")
    stack.assert_nothing_forwarded()
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert (reject["tenant"], reject["route"], reject["findings"]) == ("globex", None, [])


async def test_an_open_route_takes_who_names_nobody_but_no_false_key(stack: Stack) -> None:
    owned(stack, open_route=True)
    client = await stack.connect()
    for fields, status in (([], 201), ([f"X-Shield-Api-Key: {ACME}"], 201), (["X-Shield-Api-Key: x"], 401)):
        await client.send(post(BODY, *fields))
        assert (await client.answer()).status == status
    assert [it["route"] for it in stack.evidence.of(Kind.INTENT)] == ["anybody", "acme"]


@pytest.fixture
async def secure(certificates: Certificates) -> AsyncIterator[Stack]:
    tls = ListenerTls(certificates.certificate, certificates.key, certificates.ca, client_required=False)
    async with running(tls=tls) as stack:
        owned(stack)
        yield stack


CERTIFICATES = {
    "a DNS name": ((x509.DNSName("acme.example"),), None, 201),
    "a DNS name in capitals": ((x509.DNSName("ACME.Example"),), None, 201),
    "a URI": ((x509.UniformResourceIdentifier("spiffe://acme"),), None, 201),
    "a name of nobody": ((x509.DNSName("else.example"),), None, 401),
    "a certificate and its tenant's key": ((x509.DNSName("acme.example"),), ACME, 201),
    "a certificate and another tenant's key": ((x509.DNSName("acme.example"),), GLOBEX, 401),
    "a certificate of two tenants": (
        (x509.DNSName("acme.example"), x509.DNSName("globex.example")),
        None,
        401,
    ),
    "a key without a certificate": (None, ACME, 201),
    "neither": (None, None, 401),
}


@pytest.mark.parametrize("name", CERTIFICATES)
async def test_client_certificates(secure: Stack, certificates: Certificates, name: str) -> None:
    names, key, status = CERTIFICATES[name]
    context = ssl.create_default_context(cafile=certificates.ca)
    if names is not None:
        context.load_cert_chain(*certificates.leaf(name.replace(" ", "-"), *names))
    url = secure.url.replace("127.0.0.1", "localhost") + "/api/tickets"
    fields = {"Content-Type": "application/json", **({"X-Shield-Api-Key": key} if key else {})}
    async with httpx.AsyncClient(verify=context) as client:
        answer = await client.post(url, content=BODY, headers=fields)
    assert answer.status_code == status, answer.text
    if status == 201:
        assert [it["tenant"] for it in secure.evidence.of(Kind.INTENT)] == ["acme"]
    else:
        secure.assert_nothing_forwarded()


async def test_a_certificate_is_known_by_its_fingerprint(secure: Stack, certificates: Certificates) -> None:
    file, key = certificates.leaf("fingerprint", x509.DNSName("else.example"))
    der = ssl.PEM_cert_to_DER_cert(file.read_text())
    tenants = {"acme": Tenant("acme", certificates=frozenset({key_digest(der)}))}
    secure.swap(replace(secure.settings, tenants=tenants))
    context = ssl.create_default_context(cafile=certificates.ca)
    context.load_cert_chain(file, key)
    url = secure.url.replace("127.0.0.1", "localhost") + "/api/tickets"
    async with httpx.AsyncClient(verify=context) as client:
        answer = await client.post(url, content=BODY, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
