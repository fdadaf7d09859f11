# ruff: noqa: E501 - the table holds whole error lines
"""Mistakes in routes, each with its error lines, without the file's name."""

from __future__ import annotations

import pytest

from tests.unit.config.sample import lines_of_sample

# The text of the sample that is changed, and its replacement.
BROKEN = [
    (
        "name: tickets",
        "name: Tickets",
        ["24:11 routes[0].name: a route's name is 1 to 64 of a-z, 0-9, '_' and '-' [value_malformed]"],
    ),
    (
        "name: contacts",
        "name: tickets",
        [
            "30:11 routes[1].name: the route name 'tickets' is already used on line 24; choose another [name_duplicate]"
        ],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: 'api/tickets'",
        [
            "25:19 routes[0].match.path: a path must start with '/', such as /api/tickets/{id} [value_malformed]"
        ],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: '/api/{rest...}/x'",
        [
            "25:19 routes[0].match.path: {rest...} must be the last segment: it takes the rest of the path [value_malformed]"
        ],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: '/api/x{id}'",
        [
            "25:19 routes[0].match.path: a placeholder must be a whole segment: {name}, or at the end {name...} [value_malformed]"
        ],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: '/api/*'",
        [
            "25:19 routes[0].match.path: '*' is not a placeholder; write {name}, or {name...} for the rest of the path [value_malformed]"
        ],
    ),
    (
        "path: '/api/contacts'",
        "path: '/api/tickets/{key}', methods: [PUT, POST]",
        [
            "31:19 routes[1].match.path: matches the same requests as routes[0] on line 24; make them differ in host, path, methods or tenants [routes_ambiguous]"
        ],
    ),
    (
        "methods: [POST]",
        "methods: [post]",
        [
            "25:50 routes[0].match.methods[0]: a method is in upper case, such as POST; CONNECT and TRACE are never proxied [value_malformed]"
        ],
    ),
    (
        "methods: [POST]",
        "methods: [CONNECT]",
        [
            "25:50 routes[0].match.methods[0]: a method is in upper case, such as POST; CONNECT and TRACE are never proxied [value_malformed]"
        ],
    ),
    (
        "methods: [POST]",
        "media_types: [json]",
        [
            "25:54 routes[0].match.media_types[0]: must be a media type in lower case without parameters: type/subtype, type/*, */* or */*+suffix [value_malformed]"
        ],
    ),
    (
        "methods: [POST]",
        "media_types: ['application/json; charset=utf-8']",
        [
            "25:54 routes[0].match.media_types[0]: must be a media type in lower case without parameters: type/subtype, type/*, */* or */*+suffix [value_malformed]"
        ],
    ),
    (
        "methods: [POST]",
        "host: 'example.com:80'",
        [
            "25:46 routes[0].match.host: must be '*' (any), '*.' and a domain, or a host name or IP address, without a port [value_malformed]"
        ],
    ),
    (
        "upstream: store\n    policy: default\n    fields",
        "upstream: stroe\n    policy: default\n    fields",
        [
            "26:15 routes[0].upstream: there is no upstream 'stroe' (did you mean 'store'?); known: store [name_undefined]"
        ],
    ),
    (
        "policy: default\n    fields",
        "policy: strict\n    fields",
        ["27:13 routes[0].policy: there is no policy 'strict'; known: default [name_undefined]"],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    mode: observ\n    fields",
        [
            "28:11 routes[0].mode: must be one of enforce, observe (did you mean 'observe'?) [value_not_a_choice]"
        ],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    query: {default: drop}\n    fields",
        ["28:22 routes[0].query.default: must be one of redact, block, keep [value_not_a_choice]"],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    query: {parameters: {a.b: x}}\n    fields",
        ['28:31 routes[0].query.parameters["a.b"]: must be one of redact, block, keep [value_not_a_choice]'],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    limits: {body: 10 mib}\n    fields",
        [
            "28:20 routes[0].limits.body: must be a size: a whole number of bytes, or one with a unit, such as 20kB, 10MiB or 1GiB [value_malformed]"
        ],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    limits: {nesting_depth: 2.5}\n    fields",
        ["28:29 routes[0].limits.nesting_depth: must be a whole number [value_wrong_kind]"],
    ),
    (
        "action: treat_as, entity: PERSON",
        "action: treat_as, entity: EMAIL",
        [
            "29:54 routes[0].fields[0].entity: the policy does not list 'EMAIL': the value would not be redacted; policy 'default' lists: CASE_NUMBER, PERSON [entity_not_listed]"
        ],
    ),
    (
        "action: treat_as, entity: PERSON",
        "action: treat_as",
        [
            "29:9 routes[0].fields[0]: action treat_as needs the key entity, such as entity: PERSON [keys_inconsistent]"
        ],
    ),
    (
        "action: treat_as, entity: PERSON",
        "action: keep, entity: PERSON",
        [
            "29:9 routes[0].fields[0]: the key entity is only for action treat_as; remove it [keys_inconsistent]"
        ],
    ),
    (
        "methods: [POST]}",
        "methods: [POST], tenants: [acne]}",
        ["25:67 routes[0].match.tenants[0]: there is no tenant 'acne'; known: none [name_undefined]"],
    ),
    (
        "policy: default\n    fields",
        (
            "policy: default\n    headers: {rules: [{name: Content-type, action: drop}, {name: 'X: y', action: keep}, {name: '*', "
            "action: keep}]}\n    fields"
        ),
        [
            "28:30 routes[0].headers.rules[0].name: this field describes the message or its connection: no rule can be set for it [value_not_a_choice]",
            "28:66 routes[0].headers.rules[1].name: not the name of a header field, such as X-Customer-Email, or a pattern such as X-Customer-* [value_malformed]",
            "28:96 routes[0].headers.rules[2].name: not the name of a header field, such as X-Customer-Email, or a pattern such as X-Customer-* [value_malformed]",
        ],
    ),
    (
        "policy: default\n    fields",
        (
            "policy: default\n    headers:\n      rules:\n"
            "        - {name: X-A, action: treat_as}\n        - {name: X-A, action: drop, entity: PERSON}\n"
            "        - {name: X-A, action: treat_as, entity: PERSOM}\n    fields"
        ),
        [
            "30:11 routes[0].headers.rules[0]: action treat_as needs the key entity, such as entity: PERSON [keys_inconsistent]",
            "31:11 routes[0].headers.rules[1]: the key entity is only for action treat_as; remove it [keys_inconsistent]",
            (
                "32:49 routes[0].headers.rules[2].entity: the policy does not list 'PERSOM' (did you mean 'PERSON'?): "
                "the value would not be redacted; policy 'default' lists: CASE_NUMBER, PERSON [entity_not_listed]"
            ),
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://127.0.0.1:8081\n    host: client",
        [
            "26:5 routes[0].match.host: upstream 'store' gets the client's Host, and this route takes any: name the hosts that it takes [keys_inconsistent]",
            "32:5 routes[1].match.host: upstream 'store' gets the client's Host, and this route takes any: name the hosts that it takes [keys_inconsistent]",
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://127.0.0.1:8081\n    host: http://a/",
        [
            "8:11 upstreams.store.host: must be upstream, client, or a host name or IP address, with or without a port [value_malformed]"
        ],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    drop_headers: [From]\n    fields",
        [
            (
                "28:5 routes[0].drop_headers: unknown key (did you mean 'headers'?); allowed: body_timeout, concurrency, "
                "deadline, field_names, fields, headers, limits, match, mode, name, on_deadline, on_error, opaque, path, "
                "policy, query, rate, read_back, shadow, upstream, weight [key_unknown]"
            )
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_broken(old, new, lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shield.yaml").write_text("x" * 20)
    assert lines_of_sample(old, new) == lines
