"""In answers, the upstream's addresses become the client's, and all others are left alone."""

from __future__ import annotations

import pytest

from shield.proxy.locations import Locations

STORE = Locations(("http://store:8081/v2", "http://replica.example:8081/v2"))
PLAIN = Locations(("https://store.example",))
FOREIGN = Locations(("http://b\u00fccher.example:8081/b\u00fcro",))


@pytest.mark.parametrize(
    ("locations", "sent", "received"),
    [
        # Below any of the upstream's addresses, in any spelling.
        (STORE, b"http://store:8081/v2/tickets/17", b"https://shield.example/tickets/17"),
        (STORE, b"HTTP://Store:8081/v2/tickets?a=/v2#b", b"https://shield.example/tickets?a=/v2#b"),
        (STORE, b"http://replica.example:8081/v2", b"https://shield.example/"),
        (STORE, b"http://store:8081/v2?page=2", b"https://shield.example/?page=2"),
        (STORE, b"//store:8081/v2/tickets", b"//shield.example/tickets"),
        (STORE, b"/v2/tickets/17", b"/tickets/17"),
        (STORE, b"http://user:word@store:8081/v2/x", b"https://shield.example/x"),
        (PLAIN, b"https://store.example/a", b"https://shield.example/a"),
        (PLAIN, b"https://store.example", b"https://shield.example/"),
        (PLAIN, b"https://store.example.:443/a", b"https://shield.example/a"),
        (PLAIN, b"http://store.example/a", b"https://shield.example/a"),
        (FOREIGN, b"http://xn--bcher-kva.example:8081/b%C3%BCro/a", b"https://shield.example/a"),
        # An upstream that uses X-Forwarded-Host knows the client's host, but not its paths.
        (STORE, b"https://Shield.example/v2/tickets/17", b"https://Shield.example/tickets/17"),
        (STORE, b"https://shield.example:443/v2/tickets/17", b"https://shield.example:443/tickets/17"),
        (PLAIN, b"https://shield.example/a", b"https://shield.example/a"),
        # Not below the address, or another address.
        (STORE, b"http://store:8081/login", b"http://store:8081/login"),
        (STORE, b"http://store:8081/v20/x", b"http://store:8081/v20/x"),
        (STORE, b"http://store:8082/v2/x", b"http://store:8082/v2/x"),
        (STORE, b"http://store.example:8081/v2/x", b"http://store.example:8081/v2/x"),
        (PLAIN, b"https://store.example@files.example/x", b"https://store.example@files.example/x"),
        (STORE, b"https://files.example/v2/x", b"https://files.example/v2/x"),
        (STORE, b"ftp://store:8081/v2/x", b"ftp://store:8081/v2/x"),
        (STORE, b"/v2//other.example/x", b"/v2//other.example/x"),
        (STORE, b"/other", b"/other"),
        (STORE, b"17", b"17"),
        (STORE, b"?page=2", b"?page=2"),
        (STORE, b"", b""),
        (PLAIN, b"https://[::1/\xff", b"https://[::1/\xff"),
    ],
)
def test_an_address_in_the_clients_terms(locations: Locations, sent: bytes, received: bytes) -> None:
    assert locations.for_client(sent, "shield.example", "https") == received


@pytest.mark.parametrize(
    ("locations", "sent", "beyond"),
    [
        (STORE, b"http://store:8081/login", True),
        (STORE, b"//Replica.example:8081/v20/x", True),
        (STORE, b"https://user@store:8081", True),
        (STORE, b"http://store:8081/v2", False),
        (STORE, b"http://store:8081/v2?a", False),
        (STORE, b"http://store:8082/login", False),
        (STORE, b"https://files.example/login", False),
        (STORE, b"/login", False),
        (STORE, b"", False),
        (PLAIN, b"https://store.example/login", False),
    ],
)
def test_what_names_the_upstream_and_has_no_address_through_the_shield(
    locations: Locations, sent: bytes, beyond: bool
) -> None:
    assert locations.is_beyond(sent) is beyond


@pytest.mark.parametrize(
    ("sent", "past"),
    [
        (b"http://store:8081/v2/tickets/17", False),
        (b"https://Shield.example:443/v2/x", False),
        (b"/elsewhere", False),
        (b"17", False),
        (b"", False),
        (b"http://store:8081/login", True),
        (b"https://store.example/v2/x", True),
        (b"//store.example/v2/x", True),
        (b"///store.example/v2/x", True),
        (b"/\\store.example/v2/x", True),
        (b"https:store.example/v2/x", True),
        (b"/\t/store.example/v2/x", True),
        (b"/v2/\t/store.example/x", True),
        (b"h\tttps://store.example/v2/x", True),
        (b"/v2/a\tb", False),
        (b"https://shield.example@store.example/x", True),
    ],
)
def test_an_address_that_leads_past_the_shield(sent: bytes, past: bool) -> None:
    assert STORE.lead_past(sent, "shield.example", "https") is past
    assert STORE.lead_past(sent, "", "https") is (past or b"Shield" in sent)


@pytest.mark.parametrize(
    ("host", "proto", "received"),
    [
        ("shield.example:8443, inner", "https, http", b"https://shield.example:8443/a"),
        ("[2001:db8::1]:8080", "http", b"http://[2001:db8::1]:8080/a"),
        ("shield.example", "said", b"http://shield.example/a"),
        ("", "http", b"/a"),
        ("a b\r\nX: c", "http", b"/a"),
    ],
)
def test_what_the_upstream_was_told_of_the_client(host: str, proto: str, received: bytes) -> None:
    assert STORE.for_client(b"http://store:8081/v2/a", host, proto) == received


@pytest.mark.parametrize(
    ("sent", "received", "past"),
    [
        # Told both, an upstream makes addresses of either.
        (b"https://desk.example/v2/a", b"https://desk.example/a", False),
        (b"http://Inner.example:8443/v2/a", b"https://desk.example/a", False),
        (b"//inner.example:8443/v2/a", b"//desk.example/a", False),
        (b"http://inner.example:8443/login", b"http://inner.example:8443/login", True),
        (b"http://inner.example/v2/a", b"http://inner.example/v2/a", True),
        (b"http://store:8081/v2/a", b"https://desk.example/a", False),
        (b"http://other.example/v2/a", b"http://other.example/v2/a", True),
    ],
)
def test_the_host_by_which_a_forwarder_asked_leads_back_as_the_clients(
    sent: bytes, received: bytes, past: bool
) -> None:
    told = ("desk.example", "https", "inner.example:8443")
    assert STORE.for_client(sent, *told) == received
    assert STORE.lead_past(sent, *told) is past


def test_beside_a_host_of_the_client_that_is_none_the_address_becomes_a_path() -> None:
    assert STORE.for_client(b"http://inner.example/v2/a", "<none>", "https", "inner.example") == b"/a"
    assert STORE.for_client(b"http://inner.example/v2/a", "<none>", "https") == b"http://inner.example/v2/a"


@pytest.mark.parametrize(
    ("sent", "prefix", "received"),
    [
        (b"http://store:8081/v2/a", "/desk", b"https://shield.example/desk/a"),
        (b"http://store:8081/v2/a", "/desk/eu/", b"https://shield.example/desk/eu/a"),
        (b"http://store:8081/v2", "/desk", b"https://shield.example/desk/"),
        (b"//store:8081/v2?a=b", "/desk", b"//shield.example/desk/?a=b"),
        (b"http://inner.example/v2/a", "/desk", b"https://shield.example/desk/a"),
        # One that knows the client's host may know the prefix, too; a path alone is for the forwarder.
        (b"https://shield.example/v2/desk/a", "/desk", b"https://shield.example/desk/a"),
        (b"/v2/a", "/desk", b"/a"),
        (b"https://files.example/v2/a", "/desk", b"https://files.example/v2/a"),
        # What is no path.
        *(
            (b"http://store:8081/v2/a", prefix, b"https://shield.example/a")
            for prefix in (
                "",
                "/",
                "desk",
                "//files.example",
                "/a/../b",
                "/.",
                "/a, /b",
                "@b.example",
                "/a?b",
            )
        ),
    ],
)
def test_behind_a_prefix_that_a_forwarder_took_off(sent: bytes, prefix: str, received: bytes) -> None:
    told = ("shield.example", "https", "inner.example", prefix)
    assert STORE.for_client(sent, *told) == received
