"""`shield.proxy.readings`: paths that a server may read as belonging to a more specific route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shield.config.path_template import parse_path_template
from shield.config.settings_route import Mode, Route
from shield.config.settings_upstream import Upstream
from shield.domain import Policy
from shield.errors import MalformedTargetError
from shield.payload.media_type import MediaType
from shield.proxy.readings import DECODINGS, Readings, readings
from shield.proxy.routing import RouteTable
from shield.proxy.target import parse_target

JSON = MediaType.parse("application/json")
STRICT, LAX = (Policy(name, f"sha256:{name}", {}) for name in ("strict", "lax"))


def route(path: str, policy: Policy, host: str = "*", methods: str = "") -> Route:
    upstream = Upstream(policy.name, "http://127.0.0.1:1")
    template = parse_path_template(path)
    return Route(f"{host}{path}", upstream, policy, template, host=host, methods=frozenset(methods.split()))


def passes(routes: Sequence[Route], path: str, method: str = "POST") -> bool:
    """Whether the path's route accepts it; it must have a route."""
    target = parse_target(path, "h.example")
    taken = RouteTable((it, it) for it in routes).plan(target.host, target.steps, method, JSON)
    assert taken is not None
    try:
        Readings(routes).check(taken, target, method, JSON, "")
    except MalformedTargetError:
        return False
    return True


REST = route("/{rest...}", LAX)
TICKETS = route("/api/tickets/{rest...}", STRICT)
TICKET = route("/api/ticket", STRICT)
OTHER_SPELLINGS = [
    "//api/tickets/1",
    "/api//tickets/1",
    "/api%2ftickets/1",
    "/api%5Ctickets/1",
    "/api/tickets%2F1",
    "/api/tickets;v=1/1",
    "/api;/tickets/1",
    "/;x/api/tickets/1",
    "/API/Tickets/1",
    "/api/tickets%20/1",
    "/api/tickets./1",
    "/api/tickets%3bx/1",
    "/api/%2574ickets/1",
    "/api%25252ftickets/1",
    "//api/tickets/a%2Fb",
    "//api/tickets/;a",
    "//api/tickets",
    "http://h.example//api/tickets",
    "/api/ticket/",
    "/api/Ticket",
    "/api/ticket%2F",
    "/api/ticket.json",
    "/api/ticket.JSON;v=1",
    "/api/ticket%2Ejson",
    "/api/ticket%3Fa=b",
    "/api/ticket%23a/b",
    "/api/tickets%253Fa/1",
    "//h.example/api/tickets/1",
    "///h.example/api/ticket",
    "/%2Fh.example/api/ticket",
    "//h.example:80/api/ticket.json%3fa",
]


@pytest.mark.parametrize("path", OTHER_SPELLINGS)
def test_another_spelling_of_a_more_specific_routes_path_is_refused(path: str) -> None:
    assert not passes([REST, TICKETS, TICKET], path)


@pytest.mark.parametrize("path", OTHER_SPELLINGS)
def test_not_where_it_would_be_treated_alike(path: str) -> None:
    tickets = replace(TICKETS, policy=LAX, deadline=1.0, weight=3.0)
    assert passes([REST, tickets, replace(TICKET, policy=LAX)], path)


def test_what_is_left_to_the_routes_order_is_no_other_treatment() -> None:
    """A different mode is a different treatment, so such a path is refused."""
    assert not passes([REST, replace(TICKETS, policy=LAX, mode=Mode.OBSERVE)], "//api/tickets/1")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/a",
        "/api/tickets/1",
        "/api/tickets/a;b",
        "/api/tickets/A%2FB/",
        "/api/tickets//1",
        "/api.v1/ticket",
        "/api/tickets.v1/ticket",
        "/api/.ticket",
        "/api/a.json",
        "/h.example/api/ticket",
    ],
)
def test_a_path_without_another_reading_passes(path: str) -> None:
    assert passes([REST, TICKETS, TICKET], path)


def test_a_slash_within_a_name_may_not_choose_a_more_specific_route_but_may_stand_in_one() -> None:
    """Servers that decode before they route see `/projects/1/issues` in both spellings."""
    issues, project = route("/projects/{id}/issues", STRICT), route("/projects/{id}", LAX)
    assert not passes([REST, issues, project], "/projects/1%2Fissues")
    assert passes([REST, issues, project], "/projects/group%2Fproject/issues")
    assert passes([REST, issues, project], "/projects/group%2Fproject")


def test_capitals_of_a_route_count_as_little() -> None:
    contact = route("/sobjects/Contact/{id}", STRICT)
    assert not passes([REST, contact], "/sobjects/contact/1")
    assert passes([REST, contact], "/sobjects/Contact/1")
    assert passes([route("/sobjects/contact/{id}", LAX), contact], "/sobjects/contact/1")


def test_a_name_in_a_path_is_more_specific_than_a_parameter() -> None:
    tickets, any_kind = route("/api/tickets/{id}", STRICT), route("/api/{kind}/{id}", LAX)
    for spelling in ("/api/Tickets/1", "/api/tickets%20/1", "/api/tickets;v=1/1"):
        assert not passes([tickets, any_kind], spelling)
    assert passes([tickets, any_kind], "/api/users/1")
    strict_kind, lax_tickets = route("/api/{kind}/{id}", STRICT), route("/api/tickets/{id}", LAX)
    assert passes([strict_kind, lax_tickets], "/api/tickets/1;v=1")


def test_a_route_of_its_own_takes_a_path_with_a_format() -> None:
    assert passes([REST, TICKET, route("/api/ticket.json", LAX)], "/api/ticket.json")


def test_only_routes_that_take_the_request_count() -> None:
    tickets = route("/api/tickets/{rest...}", STRICT, methods="POST")
    assert passes([REST, tickets], "//api/tickets/1", "GET")
    elsewhere = route("/api/tickets/{rest...}", STRICT, host="other.example")
    assert passes([REST, elsewhere], "//api/tickets/1")


def test_a_more_specific_host_is_a_more_specific_route() -> None:
    host = route("/{rest...}", LAX, host="h.example")
    assert passes([host, route("/api/tickets", STRICT)], "//api/tickets")
    assert not passes([REST, replace(TICKETS, host="*.example")], "//api/tickets/1")


def test_a_path_has_few_readings_and_they_are_short() -> None:
    assert list(readings(["a"] * 2000, 3)) == [("a", "a", "a")]
    assert list(readings(["A;b/", "", ".."], 2)) == [("a;b/", ".."), ("a",), ("a;b", "..")]
    assert len(list(readings(["%252525252f;a"] * 500, 5))) <= 2 * (1 + DECODINGS)
    assert len(list(readings(["", *["%2525253f;a.b"] * 500], 5))) <= 16 * (1 + DECODINGS)
