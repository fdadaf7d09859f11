"""Identifies who sends a request: maps an API key or a client certificate to a tenant of the configuration.

The configuration holds only the SHA-256 of an API key. That is enough for a key of 256 random bits, as
`shield callers new` makes them: it cannot be guessed, so a slow hash would add nothing. The digest of the key
sent is looked up whole, so timing does not tell how near a guess was.

A certificate counts only after TLS has verified it against the listener's `client_ca`. It is known by the
SHA-256 of its DER form, or by a DNS name or URI of its subject alternative names (RFC 5280, 4.2.1.6),
compared whole; a common name counts for nothing.

Law: an unknown credential is refused, even where a route would take anybody: who sends one means to be
somebody. So a Connection header cannot remove a key: otherwise a client behind a gateway that adds its key
could pass for nobody. A key under the header's name with `_` for `-` counts as unknown. The key's header
never reaches an upstream, a record or a log line.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp.web import BaseRequest

from shield.config.settings_callers import Tenant
from shield.errors import CredentialsInvalidError
from shield.proxy.headers import Head

DIGEST_PREFIX = "sha256:"


def key_digest(key: bytes) -> str:
    """`sha256:` + hex of an API key, the form in which the configuration holds it."""
    return DIGEST_PREFIX + hashlib.sha256(key).hexdigest()


def certificate_names(der: bytes, decoded: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that a verified certificate can be known by; `decoded` is its `SSLSocket.getpeercert()`."""
    names = [DIGEST_PREFIX + hashlib.sha256(der).hexdigest()]
    for kind, value in decoded.get("subjectAltName", ()):
        if kind == "DNS":
            names.append(f"dns:{value.lower()}")
        elif kind == "URI":
            names.append(f"uri:{value}")
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Callers:
    """The tenants of one configuration, by key digest and certificate name. `header` is in lower case."""

    header: str
    keys: Mapping[str, str]
    certificates: Mapping[str, str]

    @classmethod
    def of(cls, header: str, tenants: Iterable[Tenant]) -> Callers:
        keys: dict[str, str] = {}
        certificates: dict[str, str] = {}
        for tenant in tenants:
            keys.update(dict.fromkeys(tenant.api_keys, tenant.name))
            certificates.update(dict.fromkeys(tenant.certificates, tenant.name))
        return cls(header.lower(), keys, certificates)

    def __bool__(self) -> bool:
        return bool(self.keys or self.certificates)

    def identify(self, request: BaseRequest, head: Head) -> tuple[str, Head]:
        """The tenant's name, empty for nobody, and the head without the key.

        Raises CredentialsInvalidError for an unknown key, for more than one, for one under another spelling
        of the header's name, and for a key and a certificate of different tenants. A verified certificate
        that names no tenant is nobody's.
        """
        # `head` lacks the fields that a Connection header names
        sent = request.headers.getall(self.header, ())
        if any("_" in name and name.lower().replace("_", "-") == self.header for name in request.headers):
            raise CredentialsInvalidError
        tenant = certificate_owner(request, self.certificates) if self.certificates else ""
        if not sent:
            return tenant, head
        by_key = self.keys.get(key_digest(sent[0].encode("utf-8", "surrogateescape")))
        if by_key is None or len(sent) > 1 or (tenant and tenant != by_key):
            raise CredentialsInvalidError
        fields = [field for field in head.fields if field[0].lower() != self.header]
        return by_key, head._replace(fields=fields)


def certificate_owner(request: BaseRequest, certificates: Mapping[str, str]) -> str:
    """The caller that owns the request's verified certificate, by `certificates`; empty for nobody.

    Raises CredentialsInvalidError for one that belongs to several callers.
    """
    transport = request.transport
    connection = transport.get_extra_info("ssl_object") if transport is not None else None
    if not isinstance(connection, ssl.SSLObject | ssl.SSLSocket):
        return ""
    der = connection.getpeercert(binary_form=True)
    if not der:
        return ""
    names = certificate_names(der, connection.getpeercert() or {})
    owners = {certificates[name] for name in names if name in certificates}
    if len(owners) > 1:
        raise CredentialsInvalidError
    return next(iter(owners), "")
