"""The `read_back` section of a route: which values are refused, and what it compiles to."""

from __future__ import annotations

from pathlib import Path

import pytest

from shield.app.checking import check_config
from shield.config.loader import ConfigErrors
from shield.config.secret import Secret
from shield.config.settings_route import ObjectPlace, Variable
from tests.unit.config.sample import ENV, SAMPLE, changed, load_sample

ROUTE = "    match: {path: '/api/tickets/{id}', methods: [POST]}\n"


def with_rule(rule: str) -> str:
    return changed(ROUTE, f"{ROUTE}    read_back: {{{rule}}}\n")


def loaded(rule: str):
    found = load_sample(with_rule(rule), env={**ENV, "TOKEN": "Bearer abc.def"}).settings
    read_back = found.routes[0].read_back
    assert read_back is not None
    return found, read_back


def test_an_empty_section_has_defaults():
    _, rule = loaded("")
    assert (rule.share, rule.methods, rule.exact, rule.path) == (1.0, {"POST", "PUT"}, True, None)
    assert rule.max_size == 2**20  # the route's limit on a body
    assert (rule.delay, rule.attempts, rule.retry_interval, rule.timeout) == (2.0, 3, 5.0, 10.0)


def test_a_path_takes_steps_of_the_request_and_of_the_reply():
    _, rule = loaded("path: '/v2/%C3%BC/{id}/{number}', variables: {number: $.ticket.id}, max_size: 5kB")
    number = Variable("number", selector="$.ticket.id")
    assert rule.path == ("v2", "\u00fc", Variable("id", place=2), number)
    assert rule.max_size == 5000


def test_places_and_headers():
    settings, rule = loaded(
        "compare: contains, places: [{sent: $.a, stored: $.b}, {sent: $.c}], "
        "headers: {Authorization: '${env:TOKEN}'}"
    )
    assert rule.places == (ObjectPlace("$.a", "$.b"), ObjectPlace("$.c", None))
    assert rule.headers == (("Authorization", Secret(b"Bearer abc.def")),)
    assert "abc.def" not in repr(settings)
    assert all(b"abc.def" not in document for document in settings.documents.values())
    assert any(b"${env:TOKEN}" in document for document in settings.documents.values())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("share: 0", "share"),
        ("attempts: 11", "attempts"),
        ("methods: []", "methods"),
        ("path: '/a/{rest...}'", "may contain {name} but not"),
        ("path: '/a/{other}'", "{other} has no value"),
        ("variables: {id: $.id}", "variables needs a path"),
        ("path: /a, variables: {id: $.id}", "must appear in the path"),
        ("places: [{sent: $.a}]", "places needs compare: contains"),
        ("query: '?a=1'", "without its '?'"),
        ("query: 'a=\u00fc'", "percent-encoded"),
        ("headers: {Host: '${env:TOKEN}'}", "none that frames the request"),
        ("headers: {content-length: '${env:TOKEN}'}", "none that frames the request"),
        ("headers: {Cookie: '${env:TOKEN}'}", "none that frames the request"),
        ("headers: {Authorization: Bearer abc}", "must not be written in this file"),
        ("headers: {Authorization: 'Bearer ${env:TOKEN}'}", "must not be written in this file"),
        ("headers: {Authorization: '${env:BROKEN}'}", "one line of visible ASCII"),
    ],
)
def test_what_is_refused(rule: str, said: str):
    with pytest.raises(ConfigErrors) as caught:
        load_sample(with_rule(rule), env={**ENV, "TOKEN": "Bearer abc", "BROKEN": "a\r\nX-Evil: 1"})
    text = "; ".join(map(str, caught.value.problems))
    assert said in text
    assert "routes[0].read_back" in text
    assert "Evil" not in text


def test_queries_are_checked_with_their_places(tmp_path: Path):
    rule = (
        "compare: contains, path: '/a/{n}', variables: {n: 'no query'}, uninspected: ['$['], "
        "places: [{sent: $..a, stored: '$.b[-1]'}]"
    )
    path = tmp_path / "shield.yaml"
    text = with_rule(rule).replace("spacy:en_core_web_sm", "none").replace("PERSON", "EMAIL_ADDRESS")
    path.write_text(text)
    problems, _ = check_config(path, ENV)
    assert [problem.path for problem in problems] == [
        "routes[0].read_back.variables.n",
        "routes[0].read_back.uninspected[0]",
        "routes[0].read_back.places[0].sent",
        "routes[0].read_back.places[0].stored",
    ]
    assert SAMPLE
