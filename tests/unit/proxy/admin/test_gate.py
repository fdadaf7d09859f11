"""How the admin listener identifies callers, as far as that needs no connection."""

from __future__ import annotations

import pytest

from shield.config.settings import Listener
from shield.config.settings_callers import AdminAccess, AdminCaller, AdminRole
from shield.domain import sender_of
from shield.proxy.admin.gate import anybodys_role


@pytest.mark.parametrize(
    ("host", "role"),
    [
        ("127.0.0.1", AdminRole.VIEWER),
        ("127.9.9.9", AdminRole.VIEWER),
        ("::1", AdminRole.VIEWER),
        ("localhost", AdminRole.VIEWER),
        ("localhost.example.com", AdminRole.METRICS),
        ("0.0.0.0", AdminRole.METRICS),
        ("::", AdminRole.METRICS),
        ("10.0.0.1", AdminRole.METRICS),
        ("admin.example.com", AdminRole.METRICS),
    ],
)
def test_what_anybody_may_hangs_on_the_address(host: str, role: AdminRole) -> None:
    assert anybodys_role(Listener(host, 0), AdminAccess()) is role
    named = AdminAccess({"a": AdminCaller("a", AdminRole.METRICS, frozenset({"sha256:0"}))})
    assert anybodys_role(Listener(host, 0), named) is None


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:0db8:0000:0001:0000:0000:0000:0007", "2001:db8:0:1::/64"),
        ("2001:0db8:0000:0001:ffff:0000:0000:0008", "2001:db8:0:1::/64"),
        ("2001:0db8:0000:0002:0000:0000:0000:0007", "2001:db8:0:2::/64"),
        ("", ""),
    ],
)
def test_a_sender_is_an_address_or_a_network_of_version_6(address: str, sender: str) -> None:
    assert sender_of(address) == sender
