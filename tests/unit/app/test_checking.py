"""The checks of a configuration that only the composition root can make, with the place of each error."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from presidio_analyzer import Pattern, PatternRecognizer

from shield.analyzer.expressions.scanner import Scanner
from shield.analyzer.tagging.tagger import Tagger
from shield.app import heart
from shield.app.checking import check_config, checked_analyzers
from shield.config.loader import load
from tests.integration.proxy.certificates import LOCALHOST, Certificates

BASE = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 8080}}
  admin: {{host: 127.0.0.1, port: 9090}}
upstreams:
  store: {{url: "http://127.0.0.1:8081"}}
policies:
  default:
    detector: {{model: none, recognizers: [{recognizers}]}}
    entities: {{{entities}}}
routes:
  - name: all
    match: {{path: "/{{rest...}}"}}
    upstream: store
    policy: default
    fields: [{fields}]
audit: {{directory: audit, origin: test.shield.example/0}}
"""


def write(
    folder: Path, *, recognizers: str = "default", entities: str = "US_SSN: replace", fields: str = ""
) -> Path:
    path = folder / "shield.yaml"
    path.write_text(BASE.format(recognizers=recognizers, entities=entities, fields=fields))
    return path


def test_a_good_configuration_has_no_problems(tmp_path):
    assert check_config(write(tmp_path), {}) == ((), ())


@pytest.mark.parametrize(
    ("options", "place", "message"),
    [
        ({"entities": "EMAIL_ADRESS: replace"}, "entities.EMAIL_ADRESS", "did you mean 'EMAIL_ADDRESS'"),
        ({"entities": "PERSON: {operator: hsah}"}, "entities.PERSON", "did you mean 'hash'"),
        ({"entities": "US_SSN: {operator: mask, keep: 4}"}, "entities.US_SSN", "keep"),
        ({"entities": "CREDIT_CARD: {operator: mask, keep_first: 8}"}, "entities.CREDIT_CARD", "at most"),
        ({"recognizers": "CreditCardRecogniser"}, "detector", "did you mean 'CreditCardRecognizer'"),
        ({"recognizers": "defualt"}, "detector", "did you mean 'default'"),
        (
            {"fields": '{select: "$.a[", action: keep}'},
            "routes[0].fields[0].select",
            "a JSONPath query (RFC 9535): unbalanced brackets, at character 5; write one such as $.ticket.id",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path, options, place, message):
    problems, _ = check_config(write(tmp_path, **options), {})
    assert len(problems) == 1, problems
    assert place in problems[0].path
    assert message in problems[0].message
    assert not problems[0].message.startswith("fields[")  # renumbered, it would be another rule's
    assert problems[0].line > 1


def test_all_problems_come_at_once(tmp_path):
    path = write(
        tmp_path, entities="EMAIL_ADRESS: replace, US_SNS: replace", fields='{select: "$[", action: keep}'
    )
    problems, _ = check_config(path, {})
    assert len(problems) == 3


def test_what_the_schema_refuses_hides_nothing_else(tmp_path):
    """Selectors, operators and types are checked even if another part of the file is invalid."""
    path = write(
        tmp_path,
        entities="EMAIL_ADRESS: replace, US_SSN: {operator: hash, key: nobody}, MEMBER_ID: replace",
        fields='{select: "$[", action: keep}, {select: "$.a", action: treet_as, entity: MEMBER_ID}',
    )
    path.write_text(path.read_text().replace("version: 1\n", "version: 1\nservre: {}\n"))
    problems, _ = check_config(path, {})
    assert [problem.path for problem in problems] == [
        "servre",
        "policies.default.entities.EMAIL_ADRESS",
        "policies.default.entities.US_SSN.key",
        "routes[0].fields[0].select",
        "routes[0].fields[1].action",
    ]


@pytest.mark.parametrize(
    "text", ["[]", "version: 1", "policies: [1]\nroutes: {a: 1}\nkeys: 3", "routes: [3, {fields: 4}]"]
)
def test_a_file_of_another_shape_is_refused_without_more(tmp_path, text):
    path = tmp_path / "shield.yaml"
    path.write_text(text)
    problems, _ = check_config(path, {})
    assert problems


def test_an_entity_that_only_a_rule_makes_is_fine(tmp_path):
    path = write(
        tmp_path,
        entities="US_SSN: replace, MEMBER_ID: replace",
        fields='{select: "$.member", action: treat_as, entity: MEMBER_ID}',
    )
    assert check_config(path, {})[0] == ()


ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "detection.md"
KEY = "0123456789abcdef"


@pytest.fixture
def uncompiled(monkeypatch, recognizers):
    """An analyzer that scans nothing, of recognizers that no other test has compiled: these ask for names."""
    if recognizers not in {"default", "default, shield"}:
        monkeypatch.setenv("SHIELD_CACHE", "")  # nor is anything of it kept
        monkeypatch.setattr(Scanner, "__init__", lambda *_: None)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("recognizers", ["default, shield", "default, PinRecognizer", "PinRecognizer"])
def test_types_of_our_own_recognizers_can_be_listed_where_these_are_selected(tmp_path, recognizers):
    assert check_config(write(tmp_path, recognizers=recognizers, entities="PIN: redact"), {})[0] == ()


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("recognizers", ["default", "all", "country:us", "default, AgeRecognizer"])
def test_types_of_our_own_recognizers_are_unknown_elsewhere(tmp_path, recognizers):
    problems, _ = check_config(write(tmp_path, recognizers=recognizers, entities="PIN: redact"), {})
    assert [problem.path for problem in problems] == ["policies.default.entities.PIN"]
    assert "nothing finds PIN" in problems[0].message


def test_a_pattern_that_is_no_regex_is_named_with_its_place(tmp_path):
    path = write(tmp_path)
    patterns = "[{name: ok, entity: A, regex: 'x', score: 1}, {name: no, entity: A, regex: '(x', score: 1}]"
    path.write_text(path.read_text().replace("model: none", f"model: none, patterns: {patterns}"))
    (problem,), _ = check_config(path, {})
    assert problem.path == "policies.default.detector.patterns[1].regex"
    assert problem.message == (
        "pattern no: not a valid regular expression: "
        "Missing close parenthesis for group started at character 1"
    )


@pytest.mark.parametrize(
    ("on_error", "fate"), [("block", "refused with 415"), ("bypass", "forwarded uninspected, as a bypass")]
)
def test_a_media_type_that_no_codec_reads_deserves_a_look(tmp_path, on_error, fate):
    path = write(tmp_path)
    types = 'media_types: [application/json, "*/*", image/png, application/vnd.acme+json]'
    text = path.read_text().replace('"/{rest...}"}', f'"/{{rest...}}", {types}}}, on_error: {on_error}')
    path.write_text(text.replace("}, on_error", "}\n    on_error"))
    problems, warnings = check_config(path, {})
    assert problems == ()
    (warning,) = [it for it in warnings if "on_error" not in it.path]
    assert warning.path == "routes[0].match.media_types[2]"
    assert warning.message == f"no codec reads image/png, so such a body is {fate}"


def test_a_folder_that_is_a_file_is_told(tmp_path):
    path = write(tmp_path)
    path.with_name("file").write_text("")
    text = path.read_text()
    for folder, told in [
        (f"{tmp_path}/file", "must be a folder, but it is a file; choose another path"),
        (f"{tmp_path}/file/audit", f"must be a folder, but {tmp_path}/file is a file; choose another path"),
        (f"{tmp_path}/new/audit", ""),
        (f"{tmp_path}", ""),
    ]:
        console = f"console: {{directory: {folder}, audit_directories: [{tmp_path}, {folder}/more]}}\n"
        anchors = f", anchors: {{a: {{type: directory, path: {folder}}}}}"
        path.write_text(
            console
            + text.replace("directory: audit, origin: test.shield.example/0", f"directory: {folder}, "
            f"origin: test.shield.example/0{anchors}")
        )  # fmt: skip
        problems, _ = check_config(path, {})
        below = f"must be a folder, but {tmp_path}/file is a file; choose another path"
        expected = {
            (place, told) for place in ("audit.directory", "audit.anchors.a.path", "console.directory")
        }
        expected |= {("console.audit_directories", below)}
        assert {(it.path, it.message) for it in problems} == (expected if told else set())


def test_a_folder_that_cannot_be_written_to_deserves_a_look(tmp_path, monkeypatch):
    path = write(tmp_path)
    path.write_text(path.read_text().replace("directory: audit", f"directory: {tmp_path}/kept/audit"))
    assert check_config(path, {}) == ((), ())
    # Root may write anywhere.
    monkeypatch.setattr("shield.app.check_files.os.access", lambda folder, mode: folder != tmp_path)
    (warning,) = check_config(path, {})[1]
    assert warning.path == "audit.directory"
    assert warning.message == (
        f"the user who runs this check cannot write to {tmp_path}, where it would be created"
    )


ROUTE = """\
  - name: more
    match: {match}
    upstream: store
    policy: default
    {rest}
"""


@pytest.mark.parametrize(
    ("match", "rest", "told"),
    [
        ('path: "/a/{id}/"', "path: keep", True),
        ('path: "/A/{other}"', "query: {default: keep}", True),
        ('path: "/a/{id}/", methods: [POST]', "mode: observe", True),
        ('path: "/a/{id}/"', "weight: 2", False),
        ('path: "/a/{id}", methods: [POST]', "mode: observe", False),  # the exact path is more specific
        ('path: "/a/{id}/", host: a.example', "mode: observe", False),
        ('path: "/a/{id}/b"', "mode: observe", False),
        ('path: "/a/{rest...}"', "mode: observe", False),
    ],
)
def test_a_spelling_of_a_path_with_another_treatment_deserves_a_look(tmp_path, match, rest, told):
    path = write(tmp_path)
    text = path.read_text().replace('"/{rest...}"', '"/a/{id}"')
    path.write_text(text.replace("audit: {", ROUTE.format(match=f"{{{match}}}", rest=rest) + "audit: {"))
    problems, warnings = check_config(path, {})
    assert problems == ()
    said = [it.message for it in warnings if it.path == "routes[1].match.path"]
    assert [it.startswith("many servers take this path for that of route 'all'") for it in said] == [
        True
    ] * told


@pytest.mark.parametrize(
    ("limits", "told"), [("body: 2MiB, decoded: 1MiB", 1), ("body: 60MiB", 1), ("body: 1MiB", 0)]
)
def test_a_route_that_takes_less_of_compressed_bodies_deserves_a_look(tmp_path, limits, told):
    path = write(tmp_path)
    path.write_text(path.read_text().replace('"/{rest...}"}', f'"/{{rest...}}"}}\n    limits: {{{limits}}}'))
    problems, warnings = check_config(path, {})
    assert problems == ()
    assert [it.path for it in warnings] == ["routes[0].limits"] * told
    assert all("decoded is smaller than body" in it.message for it in warnings)


@pytest.mark.parametrize(("timeout", "told"), [("31s", 1), ("30s", 0)])
def test_a_body_that_may_take_longer_than_a_stop_waits_deserves_a_look(tmp_path, timeout, told):
    path = write(tmp_path)
    path.write_text(
        path.read_text().replace('"/{rest...}"}', f'"/{{rest...}}"}}\n    body_timeout: {timeout}')
    )
    problems, warnings = check_config(path, {})
    assert problems == ()
    assert [it.path for it in warnings] == ["routes[0].body_timeout"] * told


def test_tls_files_that_do_not_belong_together(tmp_path, tmp_path_factory):
    ours, theirs = (Certificates.made(tmp_path_factory.mktemp("tls")) for _ in range(2))
    path = write(tmp_path)

    def checked(certificate: Path, key: Path, authorities: Path) -> list[str]:
        tls = f"tls: {{certificate: {certificate}, private_key: {key}}}"
        text = path.read_text().replace("port: 8080}", f"port: 8080, {tls}}}")
        upstream = f'url: "https://127.0.0.1:8081", tls: {{ca_file: {authorities}}}'
        configuration = path.with_name("tls.yaml")
        configuration.write_text(text.replace('url: "http://127.0.0.1:8081"', upstream))
        return [f"{it.path}: {it.message}" for it in check_config(configuration, {})[0]]

    assert checked(ours.certificate, ours.key, ours.ca) == []
    listener, upstream = checked(ours.certificate, theirs.key, ours.key)
    assert listener.startswith("listeners.proxy.tls: the TLS files of a listener cannot be used: ")
    assert listener.endswith(f": the private key does not belong to the certificate ({ours.certificate})")
    assert upstream.startswith("upstreams.store.tls: the TLS files of an upstream cannot be used: ")
    assert upstream.endswith(f": a file of authorities contains no PEM certificate ({ours.key})")


@pytest.mark.parametrize(
    ("days", "words"),
    [(-400, "is not valid before"), (0, ""), (80, ""), (83, "expires on"), (90, "expired on")],
)
def test_a_certificate_that_nobody_accepts_or_soon(tmp_path, days, words):
    now = datetime.now(UTC)
    certificates = Certificates.made(tmp_path)
    certificate, key = certificates.leaf("own", *LOCALHOST, until=now + timedelta(days=89))
    path = write(tmp_path)
    tls = f"tls: {{certificate: {certificate}, private_key: {key}}}"
    path.write_text(path.read_text().replace("port: 8080}", f"port: 8080, {tls}}}"))
    key.chmod(0o600)
    problems, warnings = check_config(path, {}, (now + timedelta(days=days)).timestamp)
    assert problems == ()
    assert [it.path for it in warnings] == ["listeners.proxy.tls.certificate"] * bool(words)
    assert all(words in it.message for it in warnings)


def test_whole_configurations_in_documents_have_no_problems(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environment = dict.fromkeys(("STORE_HOST", "SHIELD_TICKETS_KEY", "SHIELD_PSEUDONYM_KEY"), KEY)
    examples = []
    for document in ("README.md", "docs/configuration.md"):
        text = (ROOT / document).read_text("utf-8")
        examples += re.findall(r"```yaml\n(version: 1\n.*?)```", text, re.DOTALL)
    assert len(examples) > 1
    for example in examples:
        path = tmp_path / "shield.yaml"
        path.write_text(example)
        assert check_config(path, environment)[0] == (), example


def test_the_documented_policy_has_no_problems(tmp_path):
    (example,) = re.findall(r"```yaml\n(version: 1\n.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "shield.yaml"
    path.write_text(example)
    assert check_config(path, {}) == ((), ())


def test_policies_with_the_same_model_hold_it_once(tmp_path, monkeypatch):
    """It is some 50 MB, not counting its token memory."""
    read = []
    real = Tagger.load
    monkeypatch.setattr(Tagger, "load", lambda folder: read.append(folder) or real(folder))
    path = write(tmp_path, entities="PERSON: replace")
    text = path.read_text().replace("model: none", "model: fast")
    other = "  other: {detector: {model: fast, recognizers: []}, entities: {PERSON: replace}}\n"
    path.write_text(text.replace("policies:\n", f"policies:\n{other}"))
    analyzers = checked_analyzers(load(path, {}), {})
    assert len(analyzers) == 2
    assert len(read) == 1


def test_a_users_own_recognizer_is_built_once(tmp_path, monkeypatch):
    """It may bring a model. Workers check the configuration too, with the analyzer that they share."""
    built = []

    class Badges(PatternRecognizer):
        def __init__(self) -> None:
            built.append(self)
            super().__init__("BADGE", patterns=[Pattern("badge", r"\bB-[0-9]{6}\b", 0.9)])

    class Offer:
        name = "Badges"

        def load(self) -> type[Badges]:
            return Badges

    monkeypatch.setattr(heart, "entry_points", lambda group: [Offer()])
    loaded = load(write(tmp_path, recognizers="Badges", entities="BADGE: replace"), {})
    known = checked_analyzers(loaded, {})
    assert checked_analyzers(loaded, known) == known
    assert len(built) == 1
