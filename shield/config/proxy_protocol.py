"""A listener's compiled setting for the PROXY protocol, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address


@dataclass(frozen=True, slots=True)
class ProxyProtocol:
    """Connections from `trusted` networks begin with a PROXY header, without exception.

    Others are refused, or served under their own address where `others` says so; a header is never looked for
    in them.
    """

    trusted: tuple[IPv4Network | IPv6Network, ...]
    others: bool = False

    def trusts(self, address: str) -> bool:
        """Whether `address`, an IP address as a socket names it, is in one of the networks."""
        peer = ip_address(address.partition("%")[0])
        return any(peer in network for network in self.trusted)
