"""The address of a write's object is always below the route's upstream, whatever its reply says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.config.settings_route import ReadBack, Variable
from shield.config.settings_upstream import Upstream
from shield.errors import ConfigError
from shield.proxy.object_address import Address, Finder, NoAddressError, Reply

STORE = Upstream("store", "https://store.example:8443/v2", replicas=("https://b.example/v2",))
BY_ID = ("api", "tickets", Variable("id", selector="$.ticket.id"))


def find(
    steps=None, *, method="POST", path="/api/tickets", location=None, body=b"", query=None, upstream=STORE
) -> Address:
    finder = Finder.compile(ReadBack(max_size=1, path=steps, query=query), upstream)
    return finder.find(Reply(method, path, {"shield.example", ""}, location, body))


def replied(value: object) -> bytes:
    return json.dumps({"ticket": {"id": value}}).encode()


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (17, "/api/tickets/17"),
        ("T-17", "/api/tickets/T-17"),
        ("a b", "/api/tickets/a%20b"),
        ("a?b=c&d#e", "/api/tickets/a%3Fb%3Dc%26d%23e"),
        ("ü@x:y", "/api/tickets/%C3%BC%40x%3Ay"),
        ("a..b", "/api/tickets/a..b"),
        (12345678901234567890, "/api/tickets/12345678901234567890"),
    ],
)
def test_an_id_of_the_reply_is_one_step(value, path):
    assert find(BY_ID, body=replied(value)) == Address(path)


@pytest.mark.parametrize(
    "value",
    ["..", ".", "...", "", "../admin", "a/b", "a\\b", "..\\x", "%2e%2e", "..%2f", "a\nb", "a\x00b", "x" * 600,
     "..;a=1", "\ud800"],
)  # fmt: skip
def test_an_id_leads_to_no_other_place(value):
    with pytest.raises(NoAddressError) as caught:
        find(BY_ID, body=replied(value))
    assert caught.value.code in ("unsafe_address", "reply_unreadable")


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, 1e300])
def test_an_id_is_text_or_a_whole_number(value):
    with pytest.raises(NoAddressError, match="reply_without_id"):
        find(BY_ID, body=replied(value))


def test_a_reply_without_the_id_or_that_is_no_json_gives_no_address():
    for body, code in (
        (b"{}", "reply_without_id"),
        (b"secret", "reply_unreadable"),
        (b"", "reply_unreadable"),
    ):
        with pytest.raises(NoAddressError) as caught:
            find(BY_ID, body=body)
        assert caught.value.code == code
        assert caught.value.__cause__ is caught.value.__context__ is None
    many = (Variable("id", selector="$..id"),)
    with pytest.raises(NoAddressError, match="reply_without_id"):
        find(many, body=b'{"id": 1, "a": {"id": 2}}')


def test_a_step_of_the_request_fills_the_path():
    steps = ("view of", Variable("number", place=2), "")
    assert find(steps, path="/api/tickets/4%207") == Address("/view%20of/4%207/")
    for step in ("..%2f", "%2e%2e", "a%2Fb"):
        with pytest.raises(NoAddressError, match="unsafe_address"):
            find(steps, path=f"/api/tickets/{step}")


def test_a_query_is_the_configurations():
    assert find(BY_ID, body=replied(1), query="include=comments") == Address(
        "/api/tickets/1", "include=comments"
    )


@pytest.mark.parametrize(
    ("location", "path", "query"),
    [
        ("/v2/api/tickets/1", "/api/tickets/1", None),
        ("/api/tickets/1?full=1", "/api/tickets/1", "full=1"),
        ("https://store.example:8443/v2/api/tickets/1", "/api/tickets/1", None),
        ("https://b.example/v2/api/tickets/1", "/api/tickets/1", None),
        ("https://B.EXAMPLE:443/v2/x", "/x", None),
        ("//b.example/v2/x", "/x", None),
        ("http://shield.example/api/tickets/1", "/api/tickets/1", None),
        ("tickets/1", "/api/tickets/1", None),
        ("1", "/api/1", None),
        ("/v2x/y", "/v2x/y", None),
    ],
)
def test_a_location_of_the_upstream_is_followed_by_its_path(location, path, query):
    assert find(location=location) == Address(path, query)


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("https://evil.example/v2/api/tickets/1", "other_host"),
        ("https://store.example/v2/x", "other_host"),
        ("ftp://store.example:8443/x", "other_host"),
        ("file:///etc/passwd", "other_host"),
        ("javascript:alert(1)", "other_host"),
        ("https://u:p@store.example:8443/v2/x", "unsafe_address"),
        ("https://store.example:99999/v2/x", "unsafe_address"),
        ("https://[bad/v2/x", "unsafe_address"),
        ("/v2/../admin", "unsafe_address"),
        ("/v2/%2e%2e/admin", "unsafe_address"),
        ("../admin", "unsafe_address"),
        ("/a\\..\\b", "unsafe_address"),
        ("/a b", "unsafe_address"),
        ("/a#b", "unsafe_address"),
        ("/é", "unsafe_address"),
        ("/%zz", "unsafe_address"),
    ],
)
def test_a_location_elsewhere_is_not_followed(location, code):
    with pytest.raises(NoAddressError) as caught:
        find(location=location)
    assert caught.value.code == code


def test_without_a_location_a_put_wrote_its_target_and_a_post_nobody_knows_what():
    assert find(method="PUT", path="/api/tickets/1") == Address("/api/tickets/1")
    with pytest.raises(NoAddressError, match="no_location"):
        find()


@given(st.text())
def test_whatever_the_id_the_path_stays_below(value):
    try:
        found = find(BY_ID, body=json.dumps({"ticket": {"id": value}}).encode())
    except NoAddressError:
        return
    head, _, last = found.path.rpartition("/")
    assert head == "/api/tickets"
    assert last.isascii()
    assert not set(last) & set("/?#\\ ")
    assert last.strip(".")


def test_only_a_reply_that_is_needed_is_read():
    assert Finder.compile(ReadBack(max_size=1, path=BY_ID), STORE).reads_reply
    assert not Finder.compile(ReadBack(max_size=1), STORE).reads_reply
    with pytest.raises(ConfigError):
        Finder.compile(ReadBack(max_size=1, path=(Variable("id", selector="no query"),)), STORE)
