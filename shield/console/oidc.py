"""Sign-in through an OpenID provider: authorization code with PKCE (RFC 7636), OpenID Connect Core 1.0.

The provider's ID token is believed only with a signature by one of its published keys, for this client, this
nonce, and now. The configuration's table maps its claims to a role.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import jwt

from shield.config.settings import OidcSettings
from shield.console.accounts import AccountError
from shield.console.provider import SECONDS, ProviderDocuments
from shield.console.roles import Role

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_LEEWAY = 30
_BY_POWER = (Role.ADMIN, Role.OPERATOR, Role.AUDITOR, Role.VIEWER)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in in progress: where the browser goes, and the state that it must bring back."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The user that the provider names; `role` is None where the claims map to none.

    `name` is for people. The user is `sub`: the provider may give anything else to another one.
    """

    name: str
    role: Role | None
    sub: str


class OidcClient:
    """Talks to one provider. `random` gives that many bytes."""

    def __init__(self, settings: OidcSettings, random: Callable[[int], bytes]) -> None:
        self._settings = settings
        self._random = random
        self._documents = ProviderDocuments(settings)
        # What belongs to a sign-in follows from its state, so that no number of sign-ins begun displaces one.
        self._key = random(32)

    @property
    def issuer(self) -> str:
        """Within which a `sub` is one user."""
        return self._settings.issuer

    async def begin(self, callback: str) -> Flow:
        """Begin a sign-in. Raises `AccountError` where the provider cannot be reached."""
        async with _in_time():
            provider = await self._documents.discovery()
        state = _base64(self._random(32))
        nonce, verifier = self._secrets(state)
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
        if not code:
            raise AccountError("the provider did not sign you in; try again")
        nonce, verifier = self._secrets(state)
        async with _in_time():
            provider = await self._documents.discovery()
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": callback,
                "code_verifier": verifier,
                "client_id": self._settings.client_id,
            }
            if self._settings.client_secret is not None:
                form["client_secret"] = self._settings.client_secret.value.decode()
            answer = await self._documents.read("token_endpoint", "POST", provider["token_endpoint"], form)
            keys = await self._documents.read("jwks_uri", "GET", provider["jwks_uri"])
            claims = self._claims(str(answer.get("id_token", "")), keys, nonce)
            if self._settings.roles_claim not in claims and provider.get("userinfo_endpoint"):
                claims = {**await self._userinfo(provider, answer, claims), **claims}
        settings, sub = self._settings, str(claims["sub"])
        if "email" in (settings.name_claim, settings.roles_claim) and not _is_verified(claims):
            raise AccountError("the provider does not say that it has verified this user's e-mail address")
        return Identity(str(claims.get(settings.name_claim) or sub), self._role(claims), sub)

    def _secrets(self, state: str) -> tuple[str, str]:
        """The nonce and the PKCE verifier of a sign-in."""
        raw = state.encode("utf-8", "surrogatepass")  # as a browser sent it
        nonce, verifier = (hmac.digest(self._key, use + raw, "sha256") for use in (b"n", b"v"))
        return _base64(nonce), _base64(verifier)

    async def _userinfo(
        self, provider: Mapping[str, Any], answer: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """More claims of the same subject (OpenID Connect Core, 5.3), which some providers keep there."""
        bearer = {"Authorization": f"Bearer {answer.get('access_token', '')}"}
        found = await self._documents.read(
            "userinfo_endpoint", "GET", provider["userinfo_endpoint"], headers=bearer
        )
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
        except (jwt.PyJWTError, IndexError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise AccountError(f"the provider's token is not valid: {type(error).__name__}") from None
        if claims.get("nonce") != nonce:
            raise AccountError("the provider's token does not belong to this sign-in")
        return claims

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        listed = claims.get(self._settings.roles_claim, ())
        values = listed if isinstance(listed, list) else [listed]
        roles = {Role(self._settings.roles[it]) for it in map(str, values) if it in self._settings.roles}
        return next((role for role in _BY_POWER if role in roles), None)


@contextlib.asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(SECONDS):
            yield
    except TimeoutError:
        raise AccountError("the provider takes too long to answer; try again") from None


def _is_verified(claims: Mapping[str, Any]) -> bool:
    """Whether the address is the user's (OpenID Connect Core, 5.1), or there is none.

    Some providers write the truth value as a text.
    """
    return "email" not in claims or claims.get("email_verified") in (True, "true")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
