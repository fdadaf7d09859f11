"""Tests named after the sentences at the top of `shield.proxy.routing`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shield.config.path_template import parse_path_template
from shield.config.settings_route import Route
from shield.config.settings_upstream import Upstream
from shield.domain import Policy
from shield.errors import (
    CallerForbiddenError,
    CredentialsRequiredError,
    MethodNotAllowedError,
    RequestError,
    RouteNotFoundError,
    UnsupportedMediaTypeError,
)
from shield.payload.media_type import MediaType
from shield.proxy.routing import Match, RouteTable

JSON = MediaType.parse("application/json")
TEXT = MediaType.parse("text/plain")
UPSTREAM = Upstream("u", "http://127.0.0.1:1")
POLICY = Policy("p", "sha256:p", {})


def route(path: str, host: str = "*", methods: str = "", media_types: str = "application/json") -> Route:
    return Route(
        path,
        UPSTREAM,
        POLICY,
        parse_path_template(path),
        host=host,
        methods=frozenset(methods.split()),
        media_types=tuple(media_types.split()),
    )


def find(
    routes: list[Route],
    path: str,
    *,
    host: str = "h.example",
    method: str = "POST",
    media_type: MediaType | None = JSON,
    tenant: str = "",
) -> Match[int]:
    table = RouteTable((route, number) for number, route in enumerate(routes))
    return table.match(host, path[1:].split("/"), method, media_type, tenant)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.example", 0),
        ("x.b.example", 1),
        ("x.example", 2),
        ("b.example", 2),
        ("example", 3),
        ("", 3),
        (".example", 3),
        (".b.example", 2),
    ],
)
def test_an_exact_host_beats_a_wildcard_and_a_longer_wildcard_a_shorter(host: str, expected: int) -> None:
    hosts = ["A.b.example", "*.b.example", "*.example", "*"]
    assert find([route("/a", host=name) for name in hosts], "/a", host=host).plan == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/tickets/new", 0),
        ("/api/tickets/7", 1),
        ("/api/tickets/7/notes", 2),
        ("/api/tickets", 2),
        ("/api/tickets/", 2),
        ("/api/x/new", 3),
        ("/api/x/y/z", 4),
        ("/", 4),
        ("/other", 4),
    ],
)
def test_a_literal_beats_a_parameter_beats_a_rest(path: str, expected: int) -> None:
    templates = [
        "/api/tickets/new",
        "/api/tickets/{id}",
        "/api/tickets/{rest...}",
        "/api/{x}/new",
        "/{rest...}",
    ]
    assert find([route(template) for template in templates], path).plan == expected
    assert find([route(template) for template in templates[::-1]], path).plan == 4 - expected


def test_the_leftmost_segment_counts_first() -> None:
    assert find([route("/{a}/b"), route("/a/{b}")], "/a/b").plan == 1


@pytest.mark.parametrize("path", ["/api", "/{rest...}"])
def test_a_route_that_names_the_method_beats_one_that_takes_any(path: str) -> None:
    routes = [route(path), route(path, methods="PUT"), route(path, methods="POST")]
    assert [find(routes, "/api", method=method).plan for method in ("GET", "PUT", "POST")] == [0, 1, 2]


def test_a_route_that_names_tenants_beats_one_that_takes_anybodys_requests() -> None:
    routes = [route("/a", methods="POST"), replace(route("/a"), tenants=frozenset({"acme", "globex"}))]
    assert find(routes, "/a", tenant="globex").plan == 1
    assert find(routes, "/a", tenant="initech").plan == 0
    assert find(routes, "/a").plan == 0


def test_of_other_tenants_routes_it_says_only_that_they_are() -> None:
    routes = [replace(route("/a", methods="PUT"), tenants=frozenset({"acme"}))]
    for tenant, error in (("", CredentialsRequiredError), ("globex", CallerForbiddenError)):
        match = find(routes, "/a", tenant=tenant)
        assert isinstance(match.refusal, error)
        assert (match.plan, match.nearest) == (None, None)
    assert isinstance(find(routes, "/a", tenant="acme").refusal, MethodNotAllowedError)
    assert isinstance(find(routes, "/b").refusal, RouteNotFoundError)


def test_another_method_in_a_header_must_lead_to_the_same_route() -> None:
    table = RouteTable([(route("/a", methods="POST PUT"), 0), (route("/a"), 1)])
    asked = ("h.example", ["a"], "POST", JSON, "")
    assert table.plan(*asked) == 0
    table.require_same(0, "PUT", asked)
    for other in ("DELETE", "zebra", ""):
        with pytest.raises(RequestError):
            table.require_same(0, other, asked)


def test_then_the_earlier_in_the_configuration() -> None:
    assert find([route("/a"), route("/a")], "/a").plan == 0


def test_a_route_that_does_not_fit_whole_is_passed_over() -> None:
    routes = [route("/a", methods="GET"), route("/{x}", media_types="text/plain"), route("/{r...}")]
    assert find(routes, "/a").plan == 2
    assert find(routes, "/a", media_type=TEXT).plan == 1
    assert find(routes, "/a", method="GET", media_type=None).plan == 0


def test_a_request_without_a_body_needs_no_media_type() -> None:
    assert find([route("/a", media_types="text/plain")], "/a", media_type=None).plan == 0


def test_no_route() -> None:
    match = find([route("/a")], "/b")
    assert (match.plan, match.nearest) == (None, None)
    assert isinstance(match.refusal, RouteNotFoundError)


def test_no_method() -> None:
    match = find([route("/a", methods="PUT GET"), route("/{x}", methods="DELETE")], "/a")
    assert isinstance(match.refusal, MethodNotAllowedError)
    assert match.refusal.allowed == ("DELETE", "GET", "PUT")
    assert match.nearest == 0


def test_no_media_type() -> None:
    match = find([route("/a", methods="PUT"), route("/{x}")], "/a", media_type=TEXT)
    assert isinstance(match.refusal, UnsupportedMediaTypeError)
    assert match.nearest == 1


def test_a_parameter_takes_no_empty_segment() -> None:
    assert find([route("/a/{id}")], "/a/").plan is None


def test_a_long_path_is_no_deep_recursion() -> None:
    assert find([route("/a/{r...}")], "/a" + "/b" * 5000).plan == 0
