"""A provider that was taken over leads the console nowhere, and neither fills nor stops it."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests

from shield.config.settings import OidcSettings
from shield.console.accounts import AccountError
from shield.console.oidc import OidcClient
from shield.console.provider import MAX_ANSWER, ProviderDocuments, is_public
from tests.integration.console.hostile_provider import HostileProvider, RawAnswer, Send, hostile_provider
from tests.integration.console.stage import Running, Visitor, prepared, running

ROLES = {"auditors": "auditor"}
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def provider() -> Iterator[HostileProvider]:
    with hostile_provider() as started:
        yield started


@pytest.fixture(scope="module")
def internal() -> Iterator[HostileProvider]:
    """Something that only the console's host can reach, at another port."""
    with hostile_provider() as started:
        yield started


@pytest.fixture(scope="module")
def console(provider: HostileProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    extra = f"""  oidc:
    issuer: {provider.url}
    client_id: shield-console
    name_claim: name
    roles: {json.dumps(ROLES)}
"""
    with running(prepared(tmp_path_factory.mktemp("hostile-provider"), hostile=False), extra) as started:
        yield started


def sign_in(console: Running, provider: HostileProvider) -> requests.Response:
    """As a browser: begin, go to the provider, come back. The last answer of the console."""
    visitor = Visitor(console)
    try:
        begun = visitor.get("/oidc/start", allow_redirects=False)
        if begun.status_code != 303:
            return begun
        state = provider.remember(begun.headers["Location"])
        return visitor.get(f"/oidc/callback?state={state}&code=c", allow_redirects=False)
    finally:
        visitor.close()


def assert_no_defect(console: Running) -> None:
    assert "console_defect" not in console.output()
    assert "Traceback" not in console.output()


def test_a_provider_that_behaves(console: Running, provider: HostileProvider) -> None:
    provider.behave()
    provider.signs(name="pia", groups=["auditors"])
    answer = sign_in(console, provider)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    provider.behave(userinfo_endpoint=f"{provider.url}/me")
    provider.signs(name="pia")
    provider.answers["/me"] = {"sub": "pia", "groups": "auditors"}
    assert sign_in(console, provider).status_code == 303


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize("form", ["http://127.0.0.1", "http://localhost", "http://[::ffff:127.0.0.1]"])
def test_its_documents_lead_to_no_internal_address(
    console: Running, provider: HostileProvider, internal: HostileProvider, name: str, form: str
) -> None:
    provider.behave(**{name: f"{form}:{internal.url.rpartition(':')[2]}/keys"})
    provider.signs(name="pia")  # no roles in the token: they are asked for at `userinfo_endpoint`
    internal.behave()
    answer = sign_in(console, provider)
    assert answer.status_code == 400
    assert f"{name} is at an internal address that console.oidc.endpoint_hosts does not name" in re.sub(
        r"&#39;", "'", answer.text
    )
    assert internal.asked == []


async def test_a_host_that_the_configuration_names_is_asked(
    provider: HostileProvider, internal: HostileProvider
) -> None:
    provider.behave()
    internal.behave()
    named = ProviderDocuments(OidcSettings(provider.url, "c", endpoint_hosts=("LocalHost",)))
    port = internal.url.rpartition(":")[2]
    assert "keys" in await named.read("jwks_uri", "GET", f"http://localhost:{port}/keys")
    with pytest.raises(AccountError, match="internal address"):
        await named.read("jwks_uri", "GET", f"http://127.0.0.1:{port}/keys")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("192.0.2.1", False), ("8.8.8.8", True), ("10.0.0.1", False), ("100.64.0.1", False),
        ("169.254.169.254", False), ("127.0.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("::1", False), ("fd00::1", False), ("fe80::1", False), ("2606:4700::1111", True),
        ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True), ("2002:a00:1::", False),
        ("64:ff9b::a00:1", False), ("64:ff9b::808:808", True), ("ff02::1", False), ("fd00:ec2::254", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com/token", "https://user:word@login.example.com/token", "ftp://a/", "https://",
        "https://a/\r\nSet-Cookie: a=b", "https://a/ b", "https://a\u2028b/", "javascript:alert(1)", "//a/",
        "https://[::1", "https://a:99999999/", "", 5, ["https://a/"], None,
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
async def test_an_address_is_as_safe_as_the_issuers_and_well_formed(
    name: str, url: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = "https://login.example.com"
    good = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), f"{issuer}/x")
    documents = ProviderDocuments(OidcSettings(issuer, "c"))

    async def read(*_: object) -> dict[str, object]:
        return {"issuer": issuer, **good, name: url}

    monkeypatch.setattr(documents, "read", read)
    with pytest.raises(AccountError, match=f"does not say its {name}, or not as it should"):
        await documents.discovery()


def test_redirects_are_not_followed(
    console: Running, provider: HostileProvider, internal: HostileProvider
) -> None:
    internal.behave()
    provider.behave()
    head = f"HTTP/1.1 302 Found\r\nLocation: {internal.url}/keys\r\nContent-Length: 0\r\n\r\n".encode()
    for path in (DISCOVERY, "/token", "/keys"):
        provider.behave()
        provider.answers[path] = RawAnswer(lambda send: send(head))
        assert sign_in(console, provider).status_code == 400
    assert internal.asked == []


def endless(send: Send) -> None:
    """Goes on until it is hung up on."""
    send(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n["')
    while True:
        send(b"x" * 65536)


def bomb(send: Send) -> None:
    body = gzip.compress(b'["' + b"x" * 50_000_000)
    assert len(body) < MAX_ANSWER
    send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def encoded(charset: str, body: bytes) -> RawAnswer:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset={charset}\r\n"
    return RawAnswer(lambda send: send(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (RawAnswer(endless), "too large"),
        (RawAnswer(bomb), "cannot be reached"),
        (b"[" * 200_000, "cannot be reached: RecursionError"),
        (encoded("hex", b"7b7d"), "cannot be reached: JSONDecodeError"),
        (encoded("punycode", b"a" * 9 + b"-" + b"b" * 9), "cannot be reached: JSONDecodeError"),
        (b"\xff\xfe", "cannot be reached"),
        (b'"text"', "not a JSON object"),
        (RawAnswer(lambda send: send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")), "cannot be reached"),
        (RawAnswer(lambda send: send(b"\x00" * 100)), "cannot be reached"),
    ],
    ids=["endless", "bomb", "deep", "hex", "punycode", "no text", "text", "cut off", "no HTTP"],
)
@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/keys"])
def test_answers_that_are_too_much_or_none(
    console: Running, provider: HostileProvider, path: str, answer: object, said: str
) -> None:
    provider.behave()
    provider.answers[path] = answer
    page = sign_in(console, provider)
    assert page.status_code == 400
    assert said in page.text
    assert_no_defect(console)


async def test_an_answer_that_does_not_end_in_time(
    provider: HostileProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung_up = threading.Event()

    def slow(send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        hung_up.wait(60)

    provider.behave()
    provider.answers[DISCOVERY] = RawAnswer(slow)
    monkeypatch.setattr("shield.console.oidc.SECONDS", 0.1)
    client = OidcClient(OidcSettings(provider.url, "shield-console"), bytes)
    try:
        with pytest.raises(AccountError, match="takes too long"):
            await client.begin("http://console.example/oidc/callback")
    finally:
        hung_up.set()


@pytest.mark.parametrize(
    "keys",
    [
        {}, {"keys": 5}, {"keys": ["k"]}, {"keys": []},
        {"keys": [{"kty": "RSA", "kid": "k", "n": 5, "e": "AQAB"}]},
        {"keys": [{"kty": ["RSA"], "kid": ["k"]}]}, {"keys": [{"kty": "oct", "kid": "k", "k": "AAAA"}]},
        {"keys": [{"kty": "RSA", "kid": "k", "n": "_" * 200_000, "e": "AQAB"}]},
    ],
    ids=str,
)  # fmt: skip
def test_keys_that_are_none(console: Running, provider: HostileProvider, keys: object) -> None:
    provider.behave()
    provider.answers["/keys"] = keys
    assert sign_in(console, provider).status_code == 400
    assert_no_defect(console)


@pytest.mark.parametrize("groups", [5, True, None, {"auditors": 1}, [["auditors"]], [{"auditors": 1}], "x"])
def test_groups_of_another_form_give_no_role(
    console: Running, provider: HostileProvider, groups: object
) -> None:
    provider.behave()
    provider.signs(name="pia", groups=groups)
    assert sign_in(console, provider).status_code == 403
    assert_no_defect(console)


def recorded(console: Running) -> bytes:
    return b"".join(path.read_bytes() for path in Path(console.audit).rglob("*") if path.is_file())


@pytest.mark.parametrize(("groups", "status"), [([], 403), (["auditors"], 400)])
def test_a_name_that_no_user_may_have_is_recorded_nowhere(
    console: Running, provider: HostileProvider, groups: list[str], status: int
) -> None:
    provider.behave()
    provider.signs(name="zebra <b>\n" * 500, groups=groups)
    before = recorded(console).count(b"sign_in_refused")
    assert sign_in(console, provider).status_code == status
    after = recorded(console)
    assert after.count(b"sign_in_refused") == before + 1
    assert b"zebra" not in after


async def test_sign_ins_that_others_begin_displace_none(provider: HostileProvider) -> None:
    provider.behave()
    provider.signs(name="pia", groups=["auditors"])
    drawn = iter(range(1, 10_000))
    client = OidcClient(
        OidcSettings(provider.url, "shield-console", name_claim="name", roles=ROLES),
        lambda size: next(drawn).to_bytes(size, "big"),
    )
    first = await client.begin("http://console.example/oidc/callback")
    provider.remember(first.url)
    others = {client._secrets(str(number)) for number in range(2000)}
    assert len({value for pair in others for value in pair}) == 4000
    identity = await client.finish(first.state, "c", "http://console.example/oidc/callback")
    assert identity.name == "pia"


@pytest.mark.parametrize(("verified", "taken"), [(False, False), (True, True), ("true", True), (None, False)])
async def test_an_address_that_the_provider_did_not_verify_names_nobody(
    provider: HostileProvider, verified: bool | str | None, taken: bool
) -> None:
    provider.behave()
    said = {} if verified is None else {"email_verified": verified}
    provider.signs(email="ada@example.com", groups=["auditors"], **said)
    client = OidcClient(OidcSettings(provider.url, "shield-console", roles=ROLES), bytes)
    flow = await client.begin("http://console.example/oidc/callback")
    provider.remember(flow.url)
    if taken:
        assert (await client.finish(flow.state, "c", "")).name == "ada@example.com"
    else:
        with pytest.raises(AccountError, match="has verified"):
            await client.finish(flow.state, "c", "")
