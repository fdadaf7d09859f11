"""Which header fields are inspected, by a route's rules and by what is known about their names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shield.config.settings_route import HeaderAction, HeaderRule, HeaderSettings, TargetAction
from shield.domain import Limits
from shield.proxy.header_defaults import Sort, sort_of
from shield.proxy.header_inspection import asks
from shield.proxy.header_rules import HeaderRules, Treatment, chosen_fields
from shield.proxy.headers import Head

REDACT, BLOCK, KEEP = TargetAction

SORTS = {
    Sort.TEXT: (
        "x-user-email x-customer-name x-forwarded-user x-forwarded-email referer slug x-amz-meta-customer "
        "from x-requester content-disposition x-request-context x-goog-meta-owner baggage "
        "x-amz-tagging x-original-url x-rewrite-uri x-original-path x-forwarded-uri subject x-user-id "
        "x-account-id x-phone x-goog-authenticated-user-email "
        "x-ms-client-principal-name x-ms-blob-content-disposition x-ms-content-disposition "
        "x-remote-user x-id x-signed-by content-description content-id content-title content-author "
        "x-ms-client-principal"
    ),
    Sort.PROTOCOL: (
        "authorization cookie content-encoding content-language accept accept-language traceparent if-match "
        "content-length content-dpr "
        "if-none-match range origin x-amz-date x-amz-content-sha256 x-ms-blob-type x-forwarded-for "
        "x-real-ip forwarded x-original-host x-http-method-override repr-digest x-envoy-external-address "
        "sec-fetch-mode prefer date signature-input content-digest x-b3-traceid content-md5"
    ),
    Sort.MACHINE: (
        "x-hub-signature-256 x-shopify-hmac-sha256 x-api-key x-csrf-token x-request-id x-correlation-id "
        "x-zendesk-webhook-signature-timestamp x-app-version stripe-signature cf-access-jwt-assertion "
        "x-client-name x-zendesk-marketplace-name x-region x-device-locale"
    ),
    Sort.PROGRAM: "user-agent",
    Sort.TYPE: "content-type",
    Sort.ONCE: "idempotency-key x-idempotency-key",
    Sort.ADDRESS: "destination x-amz-copy-source content-location x-ms-rename-source",
}


@pytest.mark.parametrize(
    ("name", "sort"), [(name, sort) for sort, names in SORTS.items() for name in names.split()]
)
def test_what_is_known_of_a_name(name: str, sort: Sort) -> None:
    assert sort_of(name) is sort


def rules(*given: tuple[str, HeaderAction], default: TargetAction = REDACT) -> HeaderRules:
    made = tuple(HeaderRule(name, action) for name, action in given)
    return HeaderRules(HeaderSettings(default, made), BLOCK)


def test_of_several_rules_the_last_one_wins_and_each_comes_before_what_is_known() -> None:
    made = rules(
        ("x-*", HeaderAction.DROP), ("x-c*-name", HeaderAction.KEEP), ("cookie", HeaderAction.REDACT)
    )
    asked = ["X-Any", "x_any", "X-Customer-Name", "X-Client-Name", "COOKIE", "Cookie2", "Subject"]
    for _ in range(2):  # asked again, and now known
        assert [made.of(name).action.value for name in asked] == [
            "drop", "drop", "keep", "keep", "redact", "keep", "redact",
        ]  # fmt: skip
    assert made.drops_any
    assert made.drops("X-Forwarded-For")
    assert not rules(("x-a", HeaderAction.KEEP)).drops_any


@pytest.mark.parametrize("default", list(TargetAction))
def test_the_default_is_for_what_no_rule_names(default: TargetAction) -> None:
    made = rules(default=default)
    action = HeaderAction(default.value)
    assert made.of("X-Any") == Treatment(action)
    assert made.of("X-Signature") == Treatment(action, unless_machine_made=True)
    once = HeaderAction.BLOCK if default is REDACT else action
    assert made.of("Idempotency-Key") == Treatment(once, unless_machine_made=True)
    assert made.of("Destination") == Treatment(HeaderAction.BLOCK, is_address=True)
    assert made.of("Cookie") == Treatment(HeaderAction.KEEP, counted=False)


def test_names_that_are_kept_known_are_bounded() -> None:
    made = rules()
    for number in range(1000):
        made.of(f"X-{number}")
    made.of("X-" + "a" * 100)
    assert len(made._known) == 256


def test_what_is_known_to_hold_nothing_needs_no_detector() -> None:
    asked: list[Any] = []

    class Knowing:
        def nothing_in(self, root: str, pieces: Any, policy: Any) -> bool:
            asked.append((root, pieces))
            return "known" in pieces[0][0]

    def needs(*fields: tuple[str, str]) -> bool:
        made = rules(("x-drop", HeaderAction.DROP), ("x-keep", HeaderAction.KEEP))
        route: Any = SimpleNamespace(limits=Limits(), policy=None)
        heart: Any = Knowing()
        return asks(heart, route, chosen_fields(made, head(*fields), forwarded=False))

    assert not needs(("X-Drop", "a"), ("X-Keep", "b"), ("Accept", "c"))
    assert asked == []
    assert not needs(("X-A", "known"), ("Referer", "https://known/?q=a+b"))
    assert asked == [
        ("header", [("known", ("x-a", 0), "parameter")]),
        (
            "header",
            [
                ("https://known/", ("referer", 0), "parameter"),
                ("q", ("referer", 0, "q"), "key"),
                ("a b", ("referer", 0, "q", 0), "parameter"),
            ],
        ),
    ]
    assert needs(("X-A", "known"), ("X-B", "other"))


def head(*fields: tuple[str, str], forwarded: tuple[tuple[str, str], ...] = ()) -> Head:
    return Head(
        [*fields],
        "s",
        None,
        [],
        None,
        chunked=False,
        expects_continue=False,
        forwarded=[*forwarded],
        has_digest=False,
    )


def test_fields_are_chosen_by_their_names_and_by_how_their_values_look() -> None:
    fields = head(
        ("Accept", "a"),
        ("X-A", "1"),
        ("x-a", ""),
        ("X-a", "2"),
        ("X-Signature", "sha256=abcdef"),
        ("X-Signature", "Maria Garcia"),
        ("X-Request-Id", "maria@example.com"),
        ("X-Request-Id", "maria%40example.com"),
        ("X-Request-Id", "café"),
        ("X-App-Name", "Maria%20Garcia"),
        ("X-App-Name", "=?utf-8?q?Maria_Garcia?="),
        ("X-App-Name", "acme%2Fapp?a=b"),
        forwarded=(("x-forwarded-for", "192.0.2.1"), ("x-forwarded-user", "maria")),
    )
    found = chosen_fields(rules(), fields, forwarded=False)
    assert [(it.at, it.name, it.place) for it in found] == [
        (1, "x-a", 0),
        (3, "x-a", 2),
        (5, "x-signature", 1),
        (6, "x-request-id", 0),
        (7, "x-request-id", 1),
        (8, "x-request-id", 2),
        (9, "x-app-name", 0),
        (10, "x-app-name", 1),
    ]
    more = chosen_fields(rules(), fields, forwarded=True)
    assert [(it.at, it.forwarded, it.name) for it in more[8:]] == [(1, True, "x-forwarded-user")]


@pytest.mark.parametrize(
    ("value", "inspected"),
    [
        ("GitHub-Hookshot/044aadd", False),
        ("Jakarta Commons-HttpClient/3.1", False),
        ("aws-sdk-java/2.20.1 Linux/5.10.16.3-standard Java/17.0.6 vendor/Eclipse_Adoptium md/a#b", False),
        ("Zendesk Webhook", True),
        ("Maria Garcia App/1.0", True),
        ("App/1.0 Maria Garcia", True),
        ("App/1.0 (phone of Maria)", True),
        ("App/1.0 maria@example.com", True),
        ("App/1.0 a/maria%40example.com", True),
        ("App/Maria%20Garcia", True),
        ("App/1.0  ", True),
    ],
)
def test_programs_with_their_versions_are_no_text(value: str, inspected: bool) -> None:
    assert bool(chosen_fields(rules(), head(("User-Agent", value)), forwarded=False)) is inspected


@pytest.mark.parametrize(
    ("value", "inspected"),
    [
        ("application/json", False),
        ("application/json; charset=utf-8", False),
        ('text/plain;charset="UTF-8" ;format=flowed;;', False),
        ("multipart/form-data; boundary=------------------------735323031399963166993862", False),
        ('multipart/form-data; boundary="a b@c 4111111111111111"', False),
        ("application/json;odata.metadata=minimal;IEEE754Compatible=true", False),
        ("application/pdf; name=maria", True),
        ('application/pdf; NAME="maria"', True),
        ("application/pdf; filename*=utf-8''maria", True),
        ('application/json; profile="Maria Garcia"', True),
        ('application/json; profile="maria@example.com"', True),
        ("application/json; q=1-415-555-0132", True),
        ("text/plain;" + " " * 9_000 + ";" + " " * 9_000 + "Maria", True),
    ],
)
def test_types_of_a_body_are_no_text(value: str, inspected: bool) -> None:
    assert bool(chosen_fields(rules(), head(("Content-Type", value)), forwarded=False)) is inspected
