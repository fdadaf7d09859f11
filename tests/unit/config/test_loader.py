# ruff: noqa: E501 - the table holds whole warning lines
from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from shield.config.loader import ConfigErrors, load, load_settings
from shield.config.settings_callers import AdminCaller, AdminRole
from shield.config.settings_route import Mode, OnError, TargetAction
from shield.config_codes import ProblemCode
from shield.domain import FieldAction, Limits, OperatorSpec
from tests.unit.config.sample import ENV, SAMPLE, changed, load_sample

QUICKSTART = Path(__file__).parents[3] / "config" / "quickstart.yaml"


def test_the_quick_start_loads_without_a_warning():
    loaded = load(QUICKSTART, {})
    assert loaded.warnings == ()
    assert [route.name for route in loaded.settings.routes] == [
        "tickets",
        "contacts",
        "transcripts",
        "articles",
    ]
    assert loaded.settings.routes[2].limits == Limits(body_bytes=20 * 2**20, decoded_bytes=100 * 2**20)
    assert loaded.settings.policies["default"].operators["CREDIT_CARD"] == OperatorSpec(
        "mask", {"keep_last": 4}
    )
    assert load_settings(QUICKSTART, {}) == loaded.settings


def test_the_sample_compiles():
    settings = load_sample().settings
    tickets, contacts = settings.routes
    assert tickets.path.steps == ("api", "tickets", None)
    assert tickets.methods == {"POST"}
    assert tickets.fields[0].action is FieldAction.TREAT_AS
    assert tickets.limits.body_bytes == 2**20
    assert contacts.mode is Mode.ENFORCE
    assert contacts.on_error is OnError.BLOCK
    assert contacts.query_default is TargetAction.REDACT
    assert contacts.path_action is TargetAction.BLOCK
    assert settings.upstreams["store"] is tickets.upstream
    assert settings.keys["main"].value == ENV["MAIN_KEY"].encode()
    policy = settings.policies["default"]
    assert policy.allow[0].terms == {"zendesk"}
    assert policy.deny[0].terms == ("Aurora",)
    assert policy.detector.patterns[0].regex == r"CASE-\d+"
    assert settings.detectors == {policy.detector}


def test_a_route_overrides_single_limits_of_the_top():
    text = changed("limits: {body: 1MiB}", "limits: {body: 1MiB, segments: 7}")
    text = text.replace("    fields:", "    limits: {body: 2MiB, decompression_ratio: 3}\n    fields:")
    first, second = load_sample(text).settings.routes
    assert first.limits == Limits(body_bytes=2 * 2**20, decompression_ratio=3.0, segments=7)
    assert second.limits == Limits(body_bytes=2**20, segments=7)


def test_nothing_shows_a_secret(tmp_path):
    (tmp_path / "digest.key").write_bytes(b"hex:" + b"0123456789abcdef" * 2 + b"\n")
    text = changed(
        "origin: shield", "digest_key: ${file:digest.key}\n  signing_key: ${env:SEED}\n  origin: shield"
    )
    env = {**ENV, "SEED": "base64:" + "QUJD" * 10 + "QUI="}
    loaded = load_sample(text, tmp_path, env)
    settings = loaded.settings
    assert settings.audit.digest_key.value == bytes.fromhex("0123456789abcdef" * 2)
    assert len(settings.audit.signing_key.value) == 32
    shown = repr(loaded) + str(settings) + repr(settings.keys)
    for secret in ("a-key-of-enough", "0123456789abcdef", "QUJD", "\\x01\\x23", "ABCABC"):
        assert secret not in shown


class TestDigest:
    def test_has_its_form_and_is_the_same_for_the_same_file(self):
        settings = load_sample().settings
        assert settings.digest.startswith("sha256:")
        assert len(settings.digest) == len("sha256:") + 2 * hashlib.sha256().digest_size
        assert settings.digest == load_sample().settings.digest
        assert settings.policies["default"].digest != settings.digest

    def test_a_secret_counts_by_its_reference_alone(self):
        other = load_sample(env={**ENV, "MAIN_KEY": "another-key-of-enough-bytes"}).settings
        assert other.digest == load_sample().settings.digest
        renamed = load_sample(changed("${env:MAIN_KEY}", "${env:NEW_KEY}"), env={"NEW_KEY": ENV["MAIN_KEY"]})
        assert renamed.settings.digest != other.digest

    def test_each_digest_has_its_text(self):
        settings = load_sample().settings
        assert settings.documents.keys() == {settings.digest, settings.policies["default"].digest}
        for digest, text in settings.documents.items():
            assert digest == "sha256:" + hashlib.sha256(text).hexdigest()

    def test_no_text_holds_a_secret_even_of_an_operator_that_is_not_ours(self):
        text = changed("key: main}", "key: main, secret: '${env:OTHER}', list: [a, {b: '${env:OTHER}'}]}")
        settings = load_sample(text, env={**ENV, "OTHER": "another-secret-of-mine"}).settings
        whole = b"".join(settings.documents.values())
        assert b"another-secret" not in whole
        assert ENV["MAIN_KEY"].encode() not in whole
        assert b'"list":["a",{"b":"${env:OTHER}"}],"operator":' in whole

    def test_spelling_does_not_count(self):
        text = changed("body: 1MiB", "body: 1048576").replace(
            "read: 30s, total: 60s", "total: 1m, read: 30000ms"
        )
        text = text.replace("PERSON: replace", "PERSON: {operator: replace}")
        assert load_sample("# a comment\n" + text).settings.digest == load_sample().settings.digest

    @pytest.mark.parametrize(
        ("old", "new", "policy_too"),
        [
            ("PERSON: replace", "PERSON: redact", True),
            ("key: main}", "key: main, length: 8}", True),
            ("terms: [Zendesk]", "terms: [Acme]", True),
            ("port: 8080", "port: 8079", False),
            ("body: 1MiB", "body: 2MiB", False),
        ],
    )
    def test_a_change_counts_where_it_is(self, old, new, policy_too):
        before, after = load_sample().settings, load_sample(changed(old, new)).settings
        assert before.digest != after.digest
        assert (before.policies["default"].digest != after.policies["default"].digest) is policy_too


def test_the_proxy_protocol_is_off_unless_networks_are_named():
    assert load_sample().settings.proxy.proxy_protocol is None
    listener = "port: 8080, proxy_protocol: {trusted: [10.0.0.0/16, 'fd00::1'], others: serve}"
    settings = load_sample(changed("port: 8080", listener)).settings
    protocol = settings.proxy.proxy_protocol
    assert protocol.others
    assert settings.admin.proxy_protocol is None
    assert [protocol.trusts(it) for it in ("10.0.9.9", "10.1.0.0", "fd00::1", "fd00::2", "fe80::1%eth0")] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_client_certificates_may_be_optional(tmp_path):
    for name in ("cert.pem", "ca.pem", "tls.key"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o600)
    tls = (
        "tls: {certificate: cert.pem, private_key: tls.key, client_ca: ca.pem, client_certificates: optional}"
    )
    loaded = load_sample(changed("port: 9090}", f"port: 9090, {tls}}}"), tmp_path)
    assert loaded.settings.admin.tls is not None
    assert not loaded.settings.admin.tls.client_required


def test_callers_of_the_admin_listener():
    key = "sha256:" + "0" * 64
    callers = f"{{a: {{role: viewer, api_keys: ['{key}']}}, b: {{role: operator, certificates: ['dns:b.example']}}}}"
    text = changed("limits: {body: 1MiB}", f"admin: {{rate: 3, failures: 4, callers: {callers}}}")
    access = load_sample(text).settings.admin_access
    assert (access.rate, access.failures) == (3, 4)
    assert access.callers["a"] == AdminCaller("a", AdminRole.VIEWER, frozenset({key}))
    assert access.callers["b"] == AdminCaller(
        "b", AdminRole.OPERATOR, frozenset(), frozenset({"dns:b.example"})
    )


def test_references_in_ordinary_values():
    text = changed("url: http://127.0.0.1:8081", "url: http://${env:HOST}:${env:PORT}/v2/")
    text = text.replace("port: 8080", "port: '${env:PORT}'").replace("level: info", "level: '${env:LEVEL}'")
    text = text.replace("{terms: [Zendesk]}", "{terms: ['$${env:X} ${env:HOST}']}")
    text = text.replace("logging: {", "logging: {access: '${env:NO}', ")
    text = text.replace("body: 1MiB", "body: '${env:SIZE}'")
    loaded = load_sample(text, env={**ENV, "LEVEL": "debug", "NO": "false", "SIZE": "2kB"})
    settings = loaded.settings
    assert settings.upstreams["store"].url == "http://store.example.com:8443/v2"
    assert settings.proxy.port == 8443
    assert settings.logging.level == "debug"
    assert settings.logging.access is False
    assert settings.routes[0].limits.body_bytes == 2000
    assert settings.policies["default"].allow[0].terms == {"${env:x} store.example.com"}
    assert all(type(term) is str for term in settings.policies["default"].allow[0].terms)
    assert loaded.source_map.written("listeners.proxy.port") == "${env:PORT}"


def test_parameters_of_operators_are_plain_and_frozen():
    text = changed("key: main}", "key: '${env:NAME}', more: [a, {b: c}]}")
    text = text.replace("operator: hash", "operator: custom")
    params = (
        load_sample(text, env={**ENV, "NAME": "main"})
        .settings.policies["default"]
        .operators["CASE_NUMBER"]
        .params
    )
    assert dict(params) == {"key": "main", "more": ("a", {"b": "c"})}
    assert type(params["key"]) is str
    with pytest.raises(TypeError):
        params["key"] = "x"


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("empty", b"", "is empty"),
        ("blank", b" \n", "is empty"),
        ("large", b"x" * 65_537, "is larger than 65536 bytes"),
        ("short", b"hex:00", "the key has 1 bytes; it needs at least 16"),
        ("bad", b"hex:zz", "what follows base64: or hex: is not valid in that encoding"),
        ("bad64", b"base64:!!", "what follows base64: or hex: is not valid in that encoding"),
    ],
)
def test_secret_files_that_are_refused(name, content, part, tmp_path):
    (tmp_path / name).write_bytes(content)
    (tmp_path / name).chmod(0o600)
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed("${env:MAIN_KEY}", f"${{file:{name}}}"), tmp_path)
    assert part in str(caught.value)
    assert caught.value.problems[0].line == 36


@pytest.mark.parametrize(
    ("reference", "part"),
    [
        ("${file:}", "has no path"),
        ("${file:.}", "is not a regular file"),
        ("${env:}", "not the name of an environment variable"),
        ("${env:A-B}", "not the name of an environment variable"),
        ("${env:EMPTY}", "the environment variable EMPTY is empty"),
        ("${vault:x}", "not a known reference"),
        ("a${file:x}", "must be the whole value"),
    ],
)
def test_references_that_are_refused(reference, part, tmp_path):
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed("${env:MAIN_KEY}", f"'{reference}'"), tmp_path, {**ENV, "EMPTY": ""})
    assert len(caught.value.problems) == 1
    assert part in caught.value.problems[0].message


def test_yaml_is_read_by_the_core_schema_of_1_2():
    text = changed("terms: [Zendesk]", "terms: [no, on, 1:30, 2024-01-01, 0b1, 1_000, =]")
    terms = load_sample(text).settings.policies["default"].allow[0].terms
    assert terms == {"no", "on", "1:30", "2024-01-01", "0b1", "1_000", "="}


def test_anchors_and_aliases_of_values_work():
    text = changed("body: 1MiB", "body: &one 1MiB, decoded: *one")
    assert load_sample(text).settings.routes[0].limits.decoded_bytes == 2**20


def test_a_byte_order_mark_and_windows_line_ends_are_read():
    assert load_sample("\ufeff" + SAMPLE.replace("\n", "\r\n")).settings == load_sample().settings


def test_routes_that_differ_in_host_method_or_path_are_not_ambiguous():
    text = SAMPLE.replace(
        "  - name: contacts",
        """\
  - {name: a, match: {path: '/api/tickets/{x}', methods: [PUT]}, upstream: store, policy: default}
  - {name: b, match: {path: '/api/tickets/{x}'}, upstream: store, policy: default}
  - {name: c, match: {path: '/api/tickets/{x}', host: Example.com}, upstream: store, policy: default}
  - {name: d, match: {path: '/api/tickets/{x...}'}, upstream: store, policy: default}
  - name: contacts""",
    )
    settings = load_sample(text).settings
    assert settings.routes[3].host == "example.com"


class TestSourceMap:
    def test_other_rooms_place_their_problems_with_it(self):
        source = load_sample().source_map
        assert source.locate("routes[0].fields[0].select") == (29, 18)
        assert source.locate("policies.default.entities.PERSON") == (17, 15)
        assert source.locate("policies.default.entities.PERSON", key=True) == (17, 7)
        assert source.locate("policies.default.entities.PERSON.with") == (17, 7)
        assert source.locate("routes[7].x") == (23, 1)
        assert source.locate("nowhere.at.all") == (1, 1)
        problem = source.remark(
            "routes[0].fields[0].select", ProblemCode.SELECTOR_INVALID, "not a JSONPath query"
        )
        expected = "shield.yaml:29:18 routes[0].fields[0].select: not a JSONPath query [selector_invalid]"
        assert str(problem) == expected
