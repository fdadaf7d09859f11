"""What an OpenID provider answers: read within limits, and from nowhere that its documents should not lead.

A provider says itself where its other addresses are (OpenID Connect Discovery 1.0, section 3). Whoever has
taken it over would so have the console ask services that only its host can reach. So beside the issuer's own
origin, and the hosts that the configuration names, only public addresses are connected to. That is decided by
the address of the socket itself, so a name that resolves otherwise the second time is no way around it.
"""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

import aiohttp
from yarl import URL

from shield.config.settings import OidcSettings
from shield.console.accounts import AccountError

MAX_ANSWER: Final = 256 * 1024
"""Bytes of one answer. Key sets of large providers have some fifteen thousand."""
SECONDS: Final = 10.0
"""For one step of a sign-in, with all its questions to the provider."""
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052


class ProviderDocuments:
    """Asks one provider. A document is a JSON object."""

    def __init__(self, settings: OidcSettings) -> None:
        self._named = settings.issuer
        self._issuer = URL(settings.issuer)
        self._hosts = frozenset(host.lower() for host in settings.endpoint_hosts)

    async def discovery(self) -> Mapping[str, Any]:
        """The discovery document, whose three needed addresses were checked. Raises `AccountError`."""
        url = f"{self._named}/.well-known/openid-configuration"
        found = await self.read("discovery document", "GET", url)
        if str(found.get("issuer", "")).rstrip("/") != self._named:
            raise AccountError("the provider gives another issuer than configured")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._checked(name, found.get(name))
        return found

    async def read(
        self,
        name: str,
        method: str,
        url: object,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """What is at `url`, which the provider calls `name`. Redirects are not followed.

        Raises `AccountError` for an address that it may not name, and an answer that is none, too large or no
        JSON object.
        """
        address = self._checked(name, url)
        known = address.origin() == self._issuer.origin() or address.host in self._hosts
        connector = aiohttp.TCPConnector(socket_factory=None if known else _public_socket)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=aiohttp.ClientTimeout(total=SECONDS),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    auto_decompress=False,  # a few bytes may stand for a gigabyte
                    headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                ) as http,
                http.request(method, address, data=form, headers=headers, allow_redirects=False) as response,
            ):
                if response.status != 200:  # noqa: PLR2004  HTTP's OK
                    raise AccountError(f"the provider answered {response.status}")
                found = json.loads(await _body(response))
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _InternalAddressError):
                raise AccountError(
                    f"the provider's {name} is at an internal address that console.oidc.endpoint_hosts does "
                    "not name"
                ) from None
            raise AccountError(f"the provider cannot be reached: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError) as error:
            raise AccountError(f"the provider cannot be reached: {type(error).__name__}") from None
        if not isinstance(found, dict):
            raise AccountError("the provider's answer is not a JSON object")
        return found

    def _checked(self, name: str, url: object) -> URL:
        """The address: as safe as the issuer's, without credentials, fit for a header field."""
        try:
            if isinstance(url, str) and url.isascii() and url.isprintable() and " " not in url:
                address = URL(url)
                schemes = {"https", self._issuer.scheme}
                if address.scheme in schemes and address.host and address.user is address.password is None:
                    return address
        except ValueError:  # no URL
            pass
        raise AccountError(f"the provider does not say its {name}, or not as it should")


class _InternalAddressError(OSError):
    """An address that nobody can reach from everywhere."""


def _public_socket(info: tuple[Any, ...]) -> socket.socket:
    """A socket to connect with to an address of `getaddrinfo`'s form. Raises for one that is not public."""
    family, kind, protocol, _, address = info
    if not is_public(ip_address(address[0])):
        raise _InternalAddressError(errno.EACCES, "not a public address")
    return socket.socket(family, kind, protocol)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is reached from everywhere: also what is wrapped into an address of IPv6 must be."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


async def _body(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for piece in response.content.iter_any():
        read += piece
        if len(read) > MAX_ANSWER:
            raise AccountError("the provider's answer is too large")
    return bytes(read)
