from __future__ import annotations

from typing import Any

import pytest
from multidict import CIMultiDict

from shield.errors import UpstreamProtocolError
from shield.proxy.headers import Head, Peer, response_head, upstream_fields


def head(forwarded: list[tuple[str, str]] | None = None) -> Head:
    return Head(
        fields=[("X", "1")],
        host="h.example:80",
        content_type=None,
        content_encodings=[],
        content_length=None,
        chunked=False,
        expects_continue=False,
        forwarded=forwarded or [],
        has_digest=False,
    )


def fields_of(*arguments: Any, **options: Any) -> CIMultiDict[str]:
    return CIMultiDict(upstream_fields(*arguments, mark="shield-0", **options))


def test_forwarded_of_an_ipv6_client_is_quoted() -> None:
    fields = fields_of(head(), Peer("::1", secure=True), trust_forwarded=False, body=None, changed=False)
    assert fields["Forwarded"] == 'for="[::1]";host="h.example:80";proto=https'
    assert fields["X-Forwarded-For"] == "::1"


def test_an_unknown_client() -> None:
    fields = fields_of(head(), Peer("", secure=False), trust_forwarded=True, body=None, changed=False)
    assert (fields["X-Forwarded-For"], fields["X-Forwarded-Host"]) == ("unknown", "h.example:80")


def test_trusted_fields_are_joined_and_kept() -> None:
    given = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-for", "192.0.2.2"), ("x-forwarded-port", "443")]
    fields = fields_of(
        head(given), Peer("192.0.2.3", secure=False), trust_forwarded=True, body=None, changed=False
    )
    assert fields.getall("X-Forwarded-For") == ["192.0.2.1, 192.0.2.2, 192.0.2.3"]
    assert fields["X-Forwarded-Port"] == "443"
    assert "Forwarded" not in fields  # many servers would read it first, and it would hold this hop alone
    assert fields["X-Forwarded-Proto"] == "http"


@pytest.mark.parametrize("value", [b"a\r\nX: b", b"a\nX: b", b"a\rb", b"a\x00b"])
def test_a_field_of_an_answer_stays_one_line(value: bytes) -> None:
    with pytest.raises(UpstreamProtocolError):
        response_head(200, "OK", ((b"A", value),), b"\r\n", length=True)


@pytest.mark.parametrize("name", [b"Content-Length ", b"Transfer-Encoding\t", b"X A"])
def test_a_name_with_a_space_is_no_field_of_an_answer(name: bytes) -> None:
    with pytest.raises(UpstreamProtocolError):
        response_head(200, "OK", ((name, b"3"),), b"\r\n", length=False)


def test_fields_that_a_connection_header_must_not_remove() -> None:
    raw = ((b"Connection", b"close, Content-Length, X-Hop"), (b"Content-Length", b"3"), (b"X-Hop", b"1"))
    made = response_head(200, "OK", raw, b"\r\n", length=True)
    assert bytes(made) == b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"


@pytest.mark.parametrize("name", [b"Alt-Svc", b"alt-svc", b"X-Shield-Receipt", b"Keep-Alive"])
def test_what_would_mislead_the_client_is_taken_off_an_answer(name: bytes) -> None:
    made = response_head(200, "OK", ((name, b'h3=":443"'), (b"ETag", b"1")), b"\r\n", length=True)
    assert made == b"HTTP/1.1 200 OK\r\nETag: 1\r\n\r\n"


@pytest.mark.parametrize(
    ("given", "host", "proto"),
    [
        ("proto=https;for=192.0.2.1", "h.example:80", "https"),
        (
            'for="[2001:db8::1]"; Host="d.example:8443";proto=https, for=_a;proto=http',
            "d.example:8443",
            "https",
        ),
        ("for=192.0.2.1, proto=https;host=other.example", "h.example:80", "http"),
        ("for=unknown;by=_proto=https", "h.example:80", "http"),
    ],
)
def test_what_forwarded_alone_says_of_the_first_hop_is_said_in_the_other_form(
    given: str, host: str, proto: str
) -> None:
    peer = Peer("192.0.2.3", secure=False)
    fields = fields_of(head([("forwarded", given)]), peer, trust_forwarded=True, body=None, changed=False)
    assert (fields["X-Forwarded-Host"].strip(), fields["X-Forwarded-Proto"]) == (host, proto)
    assert fields["Forwarded"] == f'{given}, for=192.0.2.3;host="h.example:80";proto=http'


@pytest.mark.parametrize("given", [[], [("x-forwarded-for", "192.0.2.1")]])
def test_without_a_host_none_is_told(given: list[tuple[str, str]]) -> None:
    old = head(given)._replace(host="")
    peer = Peer("192.0.2.3", secure=False)
    fields = fields_of(old, peer, trust_forwarded=True, body=None, changed=False)
    assert "X-Forwarded-Host" not in fields
