"""Checks the addresses of a configuration: two listeners at one, or an upstream that is a listener itself.

Works on the plain data, as `crosscheck` does; values of another shape are passed over. No name is looked up:
the only name known is `localhost`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from shield.config.source import Location
from shield.config_codes import ProblemCode

LISTENERS: Final[tuple[tuple[str, Location, str], ...]] = (
    ("proxy", ("listeners", "proxy"), ""),
    ("admin", ("listeners", "admin"), "9090"),
    ("console", ("console", "listener"), "9092"),
)
"""Each listener's name, place and default port."""
_DEFAULT_HOST = "127.0.0.1"
_PORTS: Final = {"http": 80, "https": 443}
_LOCALHOST: Final = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_Address = IPv4Address | IPv6Address | str


def taken_twice(data: Mapping[str, Any]) -> Iterator[tuple[Location, ProblemCode, str]]:
    """Each listener whose port another one has too, on hosts that overlap."""
    known: list[tuple[str, str, int]] = []
    for name, place, host, port in _listeners(data):
        for other, its_host, its_port in known:
            if port == its_port and _overlap(host, its_host):
                message = f"the {other} listener already uses this host and port; choose another port"
                yield (*place, "port"), ProblemCode.ADDRESS_TAKEN, message
        known.append((name, host, port))


def own_upstreams(data: Mapping[str, Any]) -> Iterator[tuple[Location, ProblemCode, str]]:
    """Each address of an upstream at which a listener of this process listens."""
    listeners = list(_listeners(data))
    for place, url in _addresses(data):
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            continue
        for name, _, its_host, its_port in listeners:
            if port == its_port and _reaches(host, its_host):
                what = "requests would loop" if name == "proxy" else "it is not a storage"
                message = f"this is the {name} listener's own address: {what}; write the storage's address"
                yield place, ProblemCode.UPSTREAM_IS_LISTENER, message
                break


def _listeners(data: Mapping[str, Any]) -> Iterator[tuple[str, Location, str, int]]:
    for name, place, default in LISTENERS:
        section: Any = data
        for step in place:
            section = section.get(step) if isinstance(section, dict) else None
        if name == "console" and not isinstance(data.get("console"), dict):
            continue
        section = section if isinstance(section, dict) else {}
        port = str(section.get("port", default))
        if port.isascii() and port.isdigit() and int(port[:6]):
            yield name, place, str(section.get("host") or _DEFAULT_HOST), int(port[:6])


def _addresses(data: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    upstreams = data.get("upstreams")
    for name, upstream in upstreams.items() if isinstance(upstreams, dict) else ():
        if not isinstance(upstream, dict):
            continue
        replicas = upstream.get("replicas")
        yield ("upstreams", name, "url"), str(upstream.get("url"))
        for index, url in enumerate(replicas if isinstance(replicas, list) else ()):
            yield ("upstreams", name, "replicas", index), str(url)


def _overlap(host: str, other: str) -> bool:
    """Whether the system refuses two sockets on these hosts with the same port."""
    return any(
        mine == its or (_version(mine) == _version(its) and (_is_any(mine) or _is_any(its)))
        for mine in _meant(host)
        for its in _meant(other)
    )


def _reaches(host: str, listener: str) -> bool:
    """Whether a connection to `host` from this machine reaches a listener on `listener`."""
    return any(
        mine == its or (_version(mine) == _version(its) and _is_here(mine) and _is_any(its))
        for mine in _meant(host, connects=True)
        for its in _meant(listener)
    )


def _meant(host: str, *, connects: bool = False) -> tuple[_Address, ...]:
    """The addresses of a host. Connecting to the wildcard reaches this machine."""
    host = host.lower().strip("[]").removesuffix(".")
    if host == "localhost" or host.endswith(".localhost"):
        return _LOCALHOST
    try:
        address = ip_address(host)
    except ValueError:
        return (host,)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if connects and address.is_unspecified:
        return (address, _LOCALHOST[address.version == 6])  # noqa: PLR2004  IPv6
    return (address,)


def _version(address: _Address) -> int:
    return 0 if isinstance(address, str) else address.version


def _is_any(address: _Address) -> bool:
    return not isinstance(address, str) and address.is_unspecified


def _is_here(address: _Address) -> bool:
    return not isinstance(address, str) and (address.is_loopback or address.is_unspecified)
