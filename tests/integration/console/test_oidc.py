"""Users sign in through a real OpenID provider: authorization code with PKCE, roles from its claims."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from shield.config.settings import OidcSettings
from shield.console.accounts import AccountError
from shield.console.oidc import OidcClient
from shield.console.roles import Role
from shield.demo.stack import free_ports
from tests.integration.console.stage import Running, Visitor, prepared, running

ROLES = {"evidence-auditors": "auditor", "evidence-admins": "admin"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a separate process."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://localhost:{port}"
    try:
        while process.poll() is None:
            try:
                requests.get(f"{url}/.well-known/openid-configuration", timeout=5).close()
                break
            except requests.ConnectionError:
                time.sleep(0.1)  # until another process answers
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def console(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    secret = {"SHIELD_OIDC_SECRET": "a secret of the tests"}
    extra = f"""  oidc:
    issuer: {issuer}
    client_id: shield-console
    client_secret: ${{env:SHIELD_OIDC_SECRET}}
    name_claim: sub
    roles: {json.dumps(ROLES)}
"""
    with running(prepared(tmp_path_factory.mktemp("oidc"), hostile=False), extra, secret) as started:
        yield started


def put_user(issuer: str, name: str, groups: list[str]) -> None:
    url = f"{issuer}/users/{requests.utils.quote(name, safe='')}"
    requests.put(url, json={"groups": groups}, timeout=10).raise_for_status()


def through_the_provider(console: Running, name: str) -> tuple[Visitor, requests.Response]:
    """What a browser does: go to the provider, submit its form, and come back."""
    visitor = Visitor(console)
    begin = visitor.get("/oidc/start", allow_redirects=False)
    assert begin.status_code == 303
    url = begin.headers["Location"]
    assert "code_challenge_method=S256" in url
    answer = visitor.session.post(url, data={"sub": name}, allow_redirects=False, timeout=10)
    back = answer.headers["Location"]
    assert back.startswith(f"{console.url}/oidc/callback?")
    return visitor, visitor.session.get(back, timeout=30)


def test_a_group_of_the_provider_makes_the_role(console: Running, issuer: str) -> None:
    put_user(issuer, "pia", ["staff", "evidence-auditors"])
    visitor, answer = through_the_provider(console, "pia")
    assert answer.status_code == 200, answer.text
    assert "Overview" in answer.text
    assert visitor.get("/samples").status_code == 200
    assert visitor.get("/users").status_code == 403
    assert visitor.get("/account").text.count("the OpenID provider") == 1
    visitor.close()


def test_the_most_powerful_of_several_groups_counts(console: Running, issuer: str) -> None:
    put_user(issuer, "ada", ["evidence-auditors", "evidence-admins"])
    visitor, answer = through_the_provider(console, "ada")
    assert '<br><span class="soft">admin</span>' in answer.text
    assert visitor.get("/users").status_code == 200
    visitor.close()


def test_who_has_no_role_may_not_sign_in(console: Running, issuer: str) -> None:
    put_user(issuer, "eve", ["staff"])
    visitor, answer = through_the_provider(console, "eve")
    assert answer.status_code == 403
    assert visitor.get("/log", allow_redirects=False).status_code == 303
    visitor.close()


def test_a_sign_in_that_was_begun_elsewhere_is_refused(console: Running, issuer: str) -> None:
    visitor, other = Visitor(console), Visitor(console)
    url = visitor.get("/oidc/start", allow_redirects=False).headers["Location"]
    put_user(issuer, "pia", ["evidence-auditors"])
    back = visitor.session.post(url, data={"sub": "pia"}, allow_redirects=False, timeout=10).headers[
        "Location"
    ]
    assert other.session.get(back, timeout=30).status_code == 403
    assert visitor.session.get(back, timeout=30).status_code == 200
    assert visitor.session.get(back, timeout=30).status_code in (400, 403)  # a code works once
    visitor.close()
    other.close()


def test_a_code_of_nobody_is_refused(console: Running) -> None:
    visitor = Visitor(console)
    url = visitor.get("/oidc/start", allow_redirects=False).headers["Location"]
    state = re.search(r"state=([^&]+)", url)
    assert state is not None
    answer = visitor.get(f"/oidc/callback?state={state[1]}&code=invented")
    assert answer.status_code == 400
    visitor.close()


def forged(claims: dict[str, object], algorithm: str = "none") -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_an_unsigned_token_is_never_believed(issuer: str, algorithm: str) -> None:
    client = OidcClient(OidcSettings(issuer, "shield-console", roles=ROLES), bytes)
    keys = requests.get(f"{issuer}/jwks", timeout=10).json()
    claims = {"sub": "eve", "aud": "shield-console", "iss": issuer, "iat": 1, "exp": 2**33, "nonce": "n"}
    with pytest.raises(AccountError):
        client._claims(forged(claims, algorithm), keys, "n")


@pytest.mark.parametrize(
    ("groups", "role"),
    [("evidence-auditors", Role.AUDITOR), (["x"], None), (None, None), (["evidence-admins", 7], Role.ADMIN)],
)
def test_roles_come_from_the_table_alone(groups: object, role: Role | None) -> None:
    client = OidcClient(OidcSettings("http://issuer.example", "c", roles=ROLES), bytes)
    assert client._role({"groups": groups}) is role


def test_the_folder_of_the_console_is_its_own(console: Running) -> None:
    path: Path = console.folder / "console"
    assert path.stat().st_mode & 0o077 == 0
