"""Sign-in through an OpenID provider: authorization code with PKCE (RFC 7636), OpenID Connect Core 1.0.

The provider's ID token is believed only with a signature by one of its published keys, for this client, this
nonce, and now. The configuration's table maps its claims to a role.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt

from shield.config.settings import OidcSettings
from shield.console.accounts import AccountError
from shield.console.roles import Role

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_MAX_FLOWS = 1000
_SECONDS = 10.0
_LEEWAY = 30
_BY_POWER = (Role.ADMIN, Role.OPERATOR, Role.AUDITOR, Role.VIEWER)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in in progress: where the browser goes, and the state that it must bring back."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The user that the provider names; `role` is None where the claims map to none."""

    name: str
    role: Role | None


class OidcClient:
    """Talks to one provider. `random` gives that many bytes."""

    def __init__(self, settings: OidcSettings, random: Callable[[int], bytes]) -> None:
        self._settings = settings
        self._random = random
        self._flows: OrderedDict[str, tuple[str, str]] = OrderedDict()

    async def begin(self, callback: str) -> Flow:
        """Begin a sign-in. Raises `AccountError` where the provider cannot be reached."""
        async with self._http() as http:
            provider = await self._provider(http)
        state, nonce, verifier = (_base64(self._random(32)) for _ in range(3))
        self._flows[state] = (nonce, verifier)
        while len(self._flows) > _MAX_FLOWS:
            self._flows.popitem(last=False)
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": callback,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _base64(sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        mark = "&" if "?" in provider["authorization_endpoint"] else "?"
        return Flow(f"{provider['authorization_endpoint']}{mark}{urlencode(query)}", state)

    async def finish(self, state: str, code: str, callback: str) -> Identity:
        """Redeem the code and verify the ID token. Raises `AccountError`."""
        nonce, verifier = self._flows.pop(state, ("", ""))
        if not nonce or not code:
            raise AccountError("the provider did not sign you in, or it took too long; try again")
        async with self._http() as http:
            provider = await self._provider(http)
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": callback,
                "code_verifier": verifier,
                "client_id": self._settings.client_id,
            }
            if self._settings.client_secret is not None:
                form["client_secret"] = self._settings.client_secret.value.decode()
            answer = await self._json(http, "POST", provider["token_endpoint"], form)
            keys = await self._json(http, "GET", provider["jwks_uri"])
            claims = self._claims(str(answer.get("id_token", "")), keys, nonce)
            if self._settings.roles_claim not in claims and provider.get("userinfo_endpoint"):
                claims = {**await self._userinfo(http, provider, answer, claims), **claims}
        return Identity(str(claims.get(self._settings.name_claim) or claims["sub"]), self._role(claims))

    async def _userinfo(
        self,
        http: aiohttp.ClientSession,
        provider: Mapping[str, Any],
        answer: Mapping[str, Any],
        claims: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """More claims of the same subject (OpenID Connect Core, 5.3), which some providers keep there."""
        bearer = {"Authorization": f"Bearer {answer.get('access_token', '')}"}
        found = await self._json(http, "GET", str(provider["userinfo_endpoint"]), headers=bearer)
        if found.get("sub") != claims["sub"]:
            raise AccountError("the provider describes another user")
        return found

    def _claims(self, token: str, keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            known = jwt.PyJWKSet.from_dict(dict(keys)).keys
            fitting = [key for key in known if header.get("kid") in (None, key.key_id)]
            claims: Mapping[str, Any] = jwt.decode(
                token,
                fitting[0],
                algorithms=_ALGORITHMS,
                audience=self._settings.client_id,
                issuer=[self._settings.issuer, f"{self._settings.issuer}/"],
                leeway=_LEEWAY,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, IndexError, ValueError, KeyError) as error:
            raise AccountError(f"the provider's token is not valid: {type(error).__name__}") from None
        if claims.get("nonce") != nonce:
            raise AccountError("the provider's token does not belong to this sign-in")
        return claims

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        listed = claims.get(self._settings.roles_claim, ())
        values = [listed] if isinstance(listed, str) else [str(value) for value in listed or ()]
        roles = {Role(self._settings.roles[value]) for value in values if value in self._settings.roles}
        return next((role for role in _BY_POWER if role in roles), None)

    async def _provider(self, http: aiohttp.ClientSession) -> Mapping[str, Any]:
        url = f"{self._settings.issuer}/.well-known/openid-configuration"
        found = await self._json(http, "GET", url)
        if str(found.get("issuer", "")).rstrip("/") != self._settings.issuer:
            raise AccountError("the provider gives another issuer than configured")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(found.get(name, "")).startswith(("https://", "http://")):
                raise AccountError(f"the provider does not say its {name}")
        return found

    def _http(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS))

    async def _json(
        self,
        http: aiohttp.ClientSession,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        try:
            async with http.request(
                method, url, data=form, headers=headers, allow_redirects=False
            ) as response:
                if response.status != 200:  # noqa: PLR2004  HTTP's OK
                    raise AccountError(f"the provider answered {response.status}")
                found = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise AccountError(f"the provider cannot be reached: {type(error).__name__}") from None
        if not isinstance(found, dict):
            raise AccountError("the provider's answer is not a JSON object")
        return found


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
