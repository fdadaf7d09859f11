"""Warns of who can reach the listeners of a configuration, and what crosses the network in clear text.

Works on the plain data, as `crosscheck` does; values of another shape are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shield.config.plain_data import at, items
from shield.config.source import Location
from shield.config_codes import WarningCode

_PROXY: Final = ("listeners", "proxy")
_ADMIN: Final = ("listeners", "admin")
_CONSOLE: Final = ("console", "listener")
_LOOPBACK: Final = ("127.", "::1", "localhost")
_CLEAR: Final = "has no TLS and listens beyond this host"
_NET: Final = "network unencrypted"

Exposure = tuple[Location, WarningCode, str]


def exposures(data: Mapping[str, Any]) -> Iterator[Exposure]:
    """The location, kind and message of each exposure."""
    for listener in (_PROXY, _ADMIN):
        for index, network in items(data, *listener, "proxy_protocol", "trusted"):
            if str(network).endswith("/0"):
                yield (
                    (*listener, "proxy_protocol", "trusted", index),
                    WarningCode.ADDRESS_FROM_ANYBODY,
                    "anyone can claim any client address; list only the load balancers' networks",
                )
    yield from _keys_in_the_clear(data, ("tenants",), _PROXY)
    yield from _untrusted(data, ("tenants",), _PROXY)
    yield from _admin(data)
    yield from _untrusted(data, ("admin", "callers"), _ADMIN)
    yield from _keys_in_the_clear(data, ("admin", "callers"), _ADMIN)
    https = str(at(data, ("console", "public_url")) or "").startswith("https:")
    if _in_the_clear(data, _CONSOLE) and not https:
        message = f"the console {_CLEAR}: passwords and evidence cross the {_NET}"
        yield (*_CONSOLE, "host"), WarningCode.SENT_IN_THE_CLEAR, message


def _admin(data: Mapping[str, Any]) -> Iterator[Exposure]:
    callers = dict(items(data, "admin", "callers"))
    if not callers and not _is_local(data, _ADMIN):
        message = (
            "listens beyond this host, and admin.callers is empty: anyone who can connect can read /metrics; "
            "add callers"
        )
        yield (*_ADMIN, "host"), WarningCode.ADMIN_OPEN, message


def _untrusted(data: Mapping[str, Any], callers: Location, listener: Location) -> Iterator[Exposure]:
    """Callers that are known by a client certificate although the listener asks for none."""
    if at(data, (*listener, "tls", "client_ca")):
        return
    for caller, _ in items(data, *callers):
        place = (*callers, caller, "certificates")
        if any(items(data, *place)):
            named = ".".join(map(str, (*listener, "tls", "client_ca")))
            yield (
                place,
                WarningCode.CERTIFICATES_UNTRUSTED,
                f"{named} is not set, so no client can present a certificate; set it",
            )


def _keys_in_the_clear(data: Mapping[str, Any], callers: Location, listener: Location) -> Iterator[Exposure]:
    if not _in_the_clear(data, listener):
        return
    for caller, _ in items(data, *callers):
        place = (*callers, caller, "api_keys")
        if any(items(data, *place)):
            named = ".".join(map(str, listener))
            yield (
                place,
                WarningCode.SENT_IN_THE_CLEAR,
                f"{named} {_CLEAR}: API keys cross the {_NET}",
            )


def _is_local(data: Mapping[str, Any], listener: Location) -> bool:
    host = at(data, (*listener, "host")) or "127.0.0.1"
    return str(host).startswith(_LOOPBACK)


def _in_the_clear(data: Mapping[str, Any], listener: Location) -> bool:
    return at(data, (*listener, "tls")) is None and not _is_local(data, listener)
