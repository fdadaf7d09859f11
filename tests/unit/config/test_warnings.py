"""Each warning about a configuration, with its place and words."""

# ruff: noqa: E501, ISC004 - the table holds whole warning lines
from __future__ import annotations

import pytest

from shield.config.loader import load
from tests.unit.config.sample import ENV, changed, load_sample


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (
            "policy: default\n    fields",
            "policy: default\n    mode: observe\n    fields",
            "28:11 routes[0].mode: observe: writes are forwarded with their personal data [route_observes]",
        ),
        (
            "policy: default\n    fields",
            "policy: default\n    on_error: bypass\n    fields",
            "28:15 routes[0].on_error: bypass: a write that cannot be inspected is forwarded with its personal data [route_bypasses]",
        ),
        (
            "policy: default\n    fields",
            "policy: default\n    query: {default: keep}\n    fields",
            "28:22 routes[0].query.default: keep: query parameters are not inspected [query_kept]",
        ),
        (
            "policy: default\n    fields",
            "policy: default\n    headers: {default: keep}\n    fields",
            "28:24 routes[0].headers.default: keep: header fields are not inspected, but for those that a rule names [headers_kept]",
        ),
        (
            "policy: default\n    fields",
            "policy: default\n    path: keep\n    fields",
            "28:11 routes[0].path: keep: the segments of the path are not inspected [path_kept]",
        ),
        (
            "upstreams:",
            "upstreams:\n  spare: {url: 'http://localhost'}",
            "6:10 upstreams.spare: no route uses this upstream [nothing_uses_it]",
        ),
        (
            "limits: {body: 1MiB}",
            "tenants: {acme: {api_keys: ['sha256:" + "0" * 64 + "']}}",
            "34:17 tenants.acme: no route names this tenant [nothing_uses_it]",
        ),
        (
            "admin: {host: 127.0.0.1",
            "admin: {host: 0.0.0.0",
            "4:17 listeners.admin.host: listens beyond this host, and admin.callers is empty: anyone who can connect can read /metrics; add callers [admin_open]",
        ),
        (
            "admin: {host: 127.0.0.1, port: 9090}",
            "admin: {host: 10.0.0.1, port: 9090}\nadmin: {callers: {a: {role: metrics, api_keys: ['sha256:"
            + "0" * 64
            + "']}}}",
            "5:48 admin.callers.a.api_keys: listeners.admin has no TLS and listens beyond this host: API keys "
            "cross the network unencrypted [sent_in_the_clear]",
        ),
        (
            "limits: {body: 1MiB}",
            "admin: {callers: {a: {role: viewer, certificates: ['dns:a.example']}}}",
            "34:51 admin.callers.a.certificates: listeners.admin.tls.client_ca is not set, so no client can present a certificate; set it [certificates_untrusted]",
        ),
        (
            "limits: {body: 1MiB}",
            "console: {listener: {host: '::', port: 9092}}",
            "34:28 console.listener.host: the console has no TLS and listens beyond this host: passwords and "
            "evidence cross the network unencrypted [sent_in_the_clear]",
        ),
        (
            "policies:",
            "policies:\n  spare: {entities: {A: redact}}",
            "10:10 policies.spare: no route uses this policy [nothing_uses_it]",
        ),
        (
            "entity: CASE_NUMBER, regex",
            "entity: CASE_NUMBERS, regex",
            "15:32 policies.default.detector.patterns[0].entity: the policy does not list 'CASE_NUMBERS' "
            "(did you mean 'CASE_NUMBER'?): its findings are not redacted; the entity types of this policy "
            "are: CASE_NUMBER, PERSON [entity_without_effect]",
        ),
        (
            "terms: [Zendesk]",
            "terms: [Zendesk], entities: [LOCATION]",
            "20:39 policies.default.allow_lists[0].entities[0]: the policy does not list 'LOCATION': the entry has "
            "no effect; the entity types of this policy are: CASE_NUMBER, PERSON [entity_without_effect]",
        ),
        (
            "port: 8080",
            "port: 8080, proxy_protocol: {trusted: ['::/0']}",
            "3:67 listeners.proxy.proxy_protocol.trusted[0]: anyone can claim any client address; list only the load balancers' networks [address_from_anybody]",
        ),
        *(
            (
                '"$.name", action: treat_as, entity: PERSON',
                f'"{selector}", action: keep',
                "29:18 routes[0].fields[0].select: keep: no part of a body is inspected [body_kept]",
            )
            for selector in ("$", "$.*", "$..*", "$[*]")
        ),
        (
            "      PERSON: replace",
            "      PERSON: keep",
            "29:54 routes[0].fields[0].entity: the policy keeps this type, so the value is forwarded without further inspection [field_kept]",
        ),
        (
            "    entities:\n      PERSON: replace\n      CASE_NUMBER: {operator: hash, key: main}",
            "    score_threshold: 0.95\n    entities:\n      PERSON: replace\n      CASE_NUMBER: redact",
            "16:22 policies.default.score_threshold: with a threshold this high, hardly anything is found but values that a check digit proves [threshold_high]",
        ),
        (
            "PERSON: replace",
            "PERSON: {operator: replace, threshold: 1.0}",
            "17:46 policies.default.entities.PERSON.threshold: with a threshold this high, hardly anything is found but values that a check digit proves [threshold_high]",
        ),
        (
            "PERSON: replace",
            "PERSON: {operator: mask, keep_first: 2, keep_last: 3}",
            "17:15 policies.default.entities.PERSON: mask: up to 5 characters of a value are forwarded [mask_shows_much]",
        ),
        (
            "terms: [Zendesk]",
            "terms: [Zendesk, 4111 1111 1111 1111]",
            "20:27 policies.default.allow_lists[0].terms[1]: this term looks like personal data, and as an allowed term it is never redacted [allowed_term_personal]",
        ),
        (
            "policy: default\n    fields",
            "policy: default\n    opaque: keep\n    fields",
            "28:13 routes[0].opaque: keep: files embedded in texts are forwarded without inspection [opaque_kept]",
        ),
        (
            "policy: default\n    fields",
            "policy: default\n    on_deadline: patterns_only\n    fields",
            "28:18 routes[0].on_deadline: patterns_only: under load a write may be forwarded with names in it; it is inspected again later [patterns_only]",
        ),
        (
            "main: ${env:MAIN_KEY}",
            "main: ${env:WEAK}",
            "36:9 keys.main: the key has so few different bytes that it looks like a placeholder; make a random one [key_like_placeholder]",
        ),
    ],
)
def test_what_deserves_a_look_is_a_warning(old, new, warning):
    loaded = load_sample(changed(old, new), env={**ENV, "WEAK": "x" * 32})
    assert [str(it).removeprefix("shield.yaml:") for it in loaded.warnings] == [warning]


def test_a_tenants_certificate_that_no_listener_asks_for_is_a_warning(tmp_path):
    text = changed("limits: {body: 1MiB}", "tenants: {acme: {certificates: ['dns:a.example']}}")
    text = text.replace("match: {", "match: {tenants: [acme], ", 1)
    assert [(it.path, it.code) for it in load_sample(text).warnings] == [
        ("tenants.acme.certificates", "certificates_untrusted")
    ]
    trusting = "port: 8080, tls: {certificate: cert.pem, private_key: tls.key, client_ca: ca.pem}"
    for name in ("cert.pem", "tls.key", "ca.pem"):
        (tmp_path / name).write_text("PEM")
        (tmp_path / name).chmod(0o600)
    assert load_sample(text.replace("port: 8080", trusting), tmp_path).warnings == ()


@pytest.mark.parametrize(
    "console",
    [
        "{}",
        "{listener: {host: localhost, port: 1}}",
        "{listener: {host: '::', port: 1}, public_url: 'https://evidence.example.com'}",
    ],
)
def test_a_console_that_is_local_or_behind_tls_is_not_warned_of(console):
    assert load_sample(changed("limits: {body: 1MiB}", f"console: {console}")).warnings == ()


def test_secret_files_that_everyone_can_read_are_warned_of(tmp_path):
    for name, mode in (("key", 0o644), ("cert.pem", 0o644), ("tls.key", 0o644), ("other.key", 0o600)):
        (tmp_path / name).write_text("a-key-of-enough-bytes\n")
        (tmp_path / name).chmod(mode)
    text = changed("${env:MAIN_KEY}", "${file:key}")
    text = text.replace("port: 8080}", "port: 8080, tls: {certificate: cert.pem, private_key: tls.key}}")
    text = text.replace("port: 9090}", "port: 9090, tls: {certificate: cert.pem, private_key: other.key}}")
    loaded = load_sample(text, tmp_path)
    assert [(it.path, it.message.partition(";")[2]) for it in loaded.warnings] == [
        ("listeners.proxy.tls.private_key", " run chmod o-r on it"),
        ("keys.main", " run chmod o-r on it"),
    ]
    assert loaded.settings.proxy.tls.private_key == tmp_path / "tls.key"
    assert loaded.settings.keys["main"].value == b"a-key-of-enough-bytes"


def test_files_that_everyone_can_change_are_warned_of(tmp_path):
    for name in ("key", "cert.pem", "tls.key", "ca.pem", "shield.yaml"):
        (tmp_path / name).write_text("a-key-of-enough-bytes\n")
    text = changed("${env:MAIN_KEY}", "${file:key}")
    tls = "tls: {certificate: cert.pem, private_key: tls.key, client_ca: ca.pem}"
    file = tmp_path / "shield.yaml"
    file.write_text(text.replace("port: 8080}", f"port: 8080, {tls}}}"))
    for each in tmp_path.iterdir():
        each.chmod(0o602)
    warnings = load(file, ENV).warnings
    assert {it.code for it in warnings} == {"file_changeable"}
    listener = "listeners.proxy.tls"
    assert sorted(it.path for it in warnings) == [
        "",
        "keys.main",
        *(f"{listener}.{name}" for name in ("certificate", "client_ca", "private_key")),
    ]
    for each in tmp_path.iterdir():
        each.chmod(0o660)
    assert load(file, ENV).warnings == ()


def test_a_policy_that_keeps_all_of_its_types_is_a_warning():
    spare = changed("policies:", "policies:\n  spare: {entities: {A: keep, B: {operator: keep}}}")
    assert [it.message for it in load_sample(spare).warnings] == [
        "no route uses this policy",
        "the policy keeps all its entity types, so it redacts nothing",
    ]
