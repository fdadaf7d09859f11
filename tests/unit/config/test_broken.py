# ruff: noqa: E501 - the table holds whole error lines
from __future__ import annotations

from pathlib import Path

import pytest

from shield.config.loader import ConfigErrors, load
from shield.config.schema import ConfigDocument
from shield.errors import ConfigError
from tests.unit.config.sample import ENV, SAMPLE, changed, load_sample

# What of the sample is changed, into what, and each error line with the file's name left out. The table is what makes
# this module long.
TOP_LEVEL = ", ".join(sorted(ConfigDocument.model_fields))

KEY = "sha256:" + "0" * 64

BROKEN = [
    ("version: 1", "version: 2", ["1:10 version: must be 1"]),
    ("version: 1\n", "", ["1:1 version: the key is missing; it is required"]),
    ("version: 1", "version: '1'", ["1:10 version: must be 1 without quotes"]),
    ("version: 1", "version: 1\nversion: 1", ["2:1 version: the key is already set in line 1; set it once"]),
    (
        "version: 1",
        "version: [1",
        ["2:10 (document): not valid YAML: while parsing a flow sequence: expected ',' or ']', but got ':'"],
    ),
    ("version: 1", "version: *none", ["1:10 (document): not valid YAML: found undefined alias 'none'"]),
    (
        "version: 1",
        "version: !!python/name:os.system 1",
        ["1:10 version: the tag !!python/name:os.system is not allowed; only plain YAML values are read"],
    ),
    ("version: 1", "version: !!int one", ["1:10 version: not a value of the tag !!int"]),
    (
        "version: 1",
        "version: 1\n<<: {}",
        [f"2:1 <<: unknown key; allowed: {TOP_LEVEL}"],
    ),
    ("version: 1", "version: 1\n1: x", ["2:1 (document): a key that is not text; put it in quotes"]),
    (
        "version: 1",
        "version: 1\n---\nversion: 1",
        [
            "2:1 (document): not valid YAML: expected a single document in the stream: but found another document"
        ],
    ),
    (
        "version: 1",
        "version: 1\n\tx: 1",
        [
            "2:1 (document): not valid YAML: while scanning for the next token: found character '\\t' that cannot start any token"
        ],
    ),
    (
        "version: 1",
        "version: 1\nrotes: []",
        [f"2:1 rotes: unknown key (did you mean 'routes'?); allowed: {TOP_LEVEL}"],
    ),
    (
        "proxy: {host: 127.0.0.1, port: 8080}",
        "proxy: {host: 127.0.0.1}",
        ["3:3 listeners.proxy.port: the key is missing; it is required"],
    ),
    ("port: 8080", "port: 65536", ["3:34 listeners.proxy.port: must be at most 65535"]),
    (
        "port: 8080",
        "port: 8080, proxy_protocol: {trusted: [10.1.0.0/8, 10.0.0.0/8, balancer.example], others: guess}",
        [
            "3:67 listeners.proxy.proxy_protocol.trusted[0]: must be an IP address or a network, such as 10.0.0.0/16 or fd00:10::/64; its address has no bits behind the prefix",
            "3:91 listeners.proxy.proxy_protocol.trusted[2]: must be an IP address or a network, such as 10.0.0.0/16 or fd00:10::/64; its address has no bits behind the prefix",
            "3:118 listeners.proxy.proxy_protocol.others: must be one of refuse, serve",
        ],
    ),
    (
        "port: 8080",
        "port: 8080, proxy_protocol: {trusted: []}",
        ["3:66 listeners.proxy.proxy_protocol.trusted: must hold at least 1 item"],
    ),
    ("port: 8080", "port: '8080'", ["3:34 listeners.proxy.port: must be a whole number"]),
    (
        "port: 8080",
        "port: 9090",
        ["4:34 listeners.admin.port: the proxy listener has this host and port; choose another"],
    ),
    (
        "audit:",
        "console: {listener: {host: 0.0.0.0, port: 9090}}\naudit:",
        ["37:43 console.listener.port: the admin listener has this host and port; choose another"],
    ),
    (
        "port: 8080",
        "port: ${env:HOST}",
        [
            "3:35 (document): not valid YAML: while parsing a flow mapping: expected ',' or '}', but got '{'; put a value that holds ${…} in quotes"
        ],
    ),
    (
        "port: 8080",
        "prot: 8080",
        [
            "3:3 listeners.proxy.port: the key is missing; it is required",
            "3:28 listeners.proxy.prot: unknown key (did you mean 'port'?); allowed: host, port, proxy_protocol, tls",
        ],
    ),
    (
        "host: 127.0.0.1, port: 8080",
        "host: 'http://x', port: 8080",
        ["3:17 listeners.proxy.host: must be a host name or an IP address, without a port"],
    ),
    (
        "port: 8080}",
        "port: 8080, tls: {certificate: no.pem, private_key: no.key}}",
        [
            "3:59 listeners.proxy.tls.certificate: the file 'no.pem' cannot be read: No such file or directory; paths are relative to the configuration file's folder",
            "3:80 listeners.proxy.tls.private_key: the file 'no.key' cannot be read: No such file or directory; paths are relative to the configuration file's folder",
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: ftp://127.0.0.1",
        ["7:10 upstreams.store.url: must be http://HOST[:PORT][/BASE] or https://…"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://user:${env:MAIN_KEY}@store.example.com",
        [
            "7:10 upstreams.store.url: a URL may not hold credentials; what the client sends reaches the upstream unchanged"
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://store.example.com/?a=1",
        ["7:10 upstreams.store.url: a base URL may not hold a query or a fragment"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://store.example.com:99999",
        ["7:10 upstreams.store.url: not a URL; write http://HOST[:PORT][/BASE] or https://…"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://store.example.com\n    tls: {ca_file: shield.yaml}",
        ["7:5 upstreams.store: tls is set but the url is http; use https, or remove tls"],
    ),
    ("url: http://127.0.0.1:8081", "url:", ["7:9 upstreams.store.url: has no value; it must be text"]),
    (
        "connect: 2s",
        "connect: 2 seconds",
        [
            "8:25 upstreams.store.timeouts.connect: must be a duration: a number of seconds, or such as 5ms, 2s, 1m, 1h"
        ],
    ),
    ("connect: 2s", "connect: 0", ["8:25 upstreams.store.timeouts.connect: must be more than 0"]),
    (
        "total: 60s",
        "total: -1",
        [
            "8:47 upstreams.store.timeouts.total: must be a duration: a number of seconds, or such as 5ms, 2s, 1m, 1h"
        ],
    ),
    (
        "total: 60s",
        "total: 60s, wirte: 1s",
        ["8:52 upstreams.store.timeouts.wirte: unknown key; allowed: connect, read, total"],
    ),
    ("total: 60s}", "total: 60s}\n    pool_size: 0", ["9:16 upstreams.store.pool_size: must be at least 1"]),
    (
        "languages: [en]",
        "languages: en",
        ["11:16 policies.default.languages: must be a list, such as [a, b]"],
    ),
    (
        "languages: [en]",
        "languages: [english]",
        ["11:17 policies.default.languages[0]: a language is its ISO 639 code in lower case, such as en"],
    ),
    (
        "model: spacy:en_core_web_sm",
        "model: en_core_web_sm",
        [
            "13:14 policies.default.detector.model: must be 'none', 'fast', 'cascade', 'accurate', 'spacy:PACKAGE' or 'nlp:NAME'"
        ],
    ),
    ("score: 0.6", "score: 1.5", ["15:71 policies.default.detector.patterns[0].score: must be at most 1"]),
    ("score: 0.6", "score: .nan", ["15:71 policies.default.detector.patterns[0].score: must be a number"]),
    (
        "entity: CASE_NUMBER, regex",
        "entity: case_number, regex",
        [
            "15:32 policies.default.detector.patterns[0].entity: an entity type is upper case: A-Z, then A-Z, 0-9 and '_', such as EMAIL_ADDRESS"
        ],
    ),
    (
        "score: 0.6}",
        "score: 0.6}\n        - {name: case, entity: PERSON, regex: x, score: 1}",
        [
            "16:18 policies.default.detector.patterns[1].name: the pattern 'case' is already used in line 15; choose another"
        ],
    ),
    (
        "PERSON: replace",
        "Person: replace",
        [
            "17:7 policies.default.entities.Person: an entity type is upper case: A-Z, then A-Z, 0-9 and '_', such as EMAIL_ADDRESS",
            "22:35 policies.default.deny_lists[0].entity: the policy does not list 'PERSON': its findings would be left as they are; the entity types of this policy are: CASE_NUMBER, Person",
            "29:54 routes[0].fields[0].entity: the policy does not list 'PERSON': the value would be left as it is; policy 'default' lists: CASE_NUMBER, Person",
        ],
    ),
    (
        "PERSON: replace",
        "PERSON: 5",
        [
            "17:15 policies.default.entities.PERSON: must be the name of an operator, or a mapping such as {operator: mask, keep_last: 4}"
        ],
    ),
    (
        "PERSON: replace",
        "PERSON:",
        [
            "17:14 policies.default.entities.PERSON: must be the name of an operator, or a mapping such as {operator: mask, keep_last: 4}"
        ],
    ),
    (
        "regex: 'CASE-\\d+'",
        'regex: "\\bCASE"',
        [
            "15:52 policies.default.detector.patterns[0].regex: a regex may not hold control characters: in double quotes YAML reads \\b as one; write the regex in single quotes"
        ],
    ),
    (
        "model: spacy:en_core_web_sm",
        "model: cascad",
        [
            "13:14 policies.default.detector.model: must be 'none', 'fast', 'cascade', 'accurate', 'spacy:PACKAGE' or 'nlp:NAME' (did you mean 'cascade'?)"
        ],
    ),
    (
        "PERSON: replace",
        "PERSON: {with: x}",
        ["17:7 policies.default.entities.PERSON.operator: the key is missing; it is required"],
    ),
    (
        "PERSON: replace",
        "PERSON: {operator: replace, threshold: 2}",
        ["17:46 policies.default.entities.PERSON.threshold: must be at most 1"],
    ),
    (
        "key: main",
        "key: mian",
        [
            "18:42 policies.default.entities.CASE_NUMBER.key: there is no key 'mian' (did you mean 'main'?); there are: main"
        ],
    ),
    (
        "key: main",
        "key: '${file:shield.yaml}'",
        [
            "18:42 policies.default.entities.CASE_NUMBER.key: ${file:PATH} is for secrets only; name a key of 'keys' instead"
        ],
    ),
    (
        "terms: [Zendesk]",
        "terms: []",
        ["20:17 policies.default.allow_lists[0].terms: must hold at least 1 item"],
    ),
    (
        "terms: [Zendesk]",
        "terms: [12345]",
        [
            "20:18 policies.default.allow_lists[0].terms[0]: must be text; put a number, true, false or a date in quotes"
        ],
    ),
    (
        "terms: [Zendesk]",
        "terms: ['  ']",
        ["20:18 policies.default.allow_lists[0].terms[0]: must not be empty"],
    ),
    (
        "terms: [Aurora], entity: PERSON",
        "terms: [Aurora], entity: PROJECT",
        [
            "22:35 policies.default.deny_lists[0].entity: the policy does not list 'PROJECT': its findings would be left as they are; the entity types of this policy are: CASE_NUMBER, PERSON"
        ],
    ),
    (
        "name: tickets",
        "name: Tickets",
        ["24:11 routes[0].name: a route's name is 1 to 64 of a-z, 0-9, '_' and '-'"],
    ),
    (
        "name: contacts",
        "name: tickets",
        ["30:11 routes[1].name: the route name 'tickets' is already used in line 24; choose another"],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: 'api/tickets'",
        ["25:19 routes[0].match.path: a path must start with '/', such as /api/tickets/{id}"],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: '/api/{rest...}/x'",
        ["25:19 routes[0].match.path: {rest...} must be the last segment: it takes what remains"],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: '/api/x{id}'",
        ["25:19 routes[0].match.path: a placeholder is a whole segment, {name}, or at the end {name...}"],
    ),
    (
        "path: '/api/tickets/{id}'",
        "path: '/api/*'",
        [
            "25:19 routes[0].match.path: '*' is no placeholder here; write {name}, or {name...} for all that remains"
        ],
    ),
    (
        "path: '/api/contacts'",
        "path: '/api/tickets/{key}', methods: [PUT, POST]",
        [
            "31:19 routes[1].match.path: matches the same requests as routes[0] in line 24; tell them apart by host, path, methods or tenants"
        ],
    ),
    (
        "methods: [POST]",
        "methods: [post]",
        [
            "25:50 routes[0].match.methods[0]: a method is in upper case, such as POST; CONNECT and TRACE are never proxied"
        ],
    ),
    (
        "methods: [POST]",
        "methods: [CONNECT]",
        [
            "25:50 routes[0].match.methods[0]: a method is in upper case, such as POST; CONNECT and TRACE are never proxied"
        ],
    ),
    (
        "methods: [POST]",
        "media_types: [json]",
        [
            "25:54 routes[0].match.media_types[0]: must be a media type in lower case without parameters: type/subtype, type/*, */* or */*+suffix"
        ],
    ),
    (
        "methods: [POST]",
        "media_types: ['application/json; charset=utf-8']",
        [
            "25:54 routes[0].match.media_types[0]: must be a media type in lower case without parameters: type/subtype, type/*, */* or */*+suffix"
        ],
    ),
    (
        "methods: [POST]",
        "host: 'example.com:80'",
        [
            "25:46 routes[0].match.host: must be '*' (any), '*.' and a domain, or a host name or IP address, without a port"
        ],
    ),
    (
        "upstream: store\n    policy: default\n    fields",
        "upstream: stroe\n    policy: default\n    fields",
        ["26:15 routes[0].upstream: there is no upstream 'stroe' (did you mean 'store'?); there are: store"],
    ),
    (
        "policy: default\n    fields",
        "policy: strict\n    fields",
        ["27:13 routes[0].policy: there is no policy 'strict'; there are: default"],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    mode: observ\n    fields",
        ["28:11 routes[0].mode: must be one of enforce, observe (did you mean 'observe'?)"],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    query: {default: drop}\n    fields",
        ["28:22 routes[0].query.default: must be one of redact, block, keep"],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    query: {parameters: {a.b: x}}\n    fields",
        ['28:31 routes[0].query.parameters["a.b"]: must be one of redact, block, keep'],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    limits: {body: 10 mib}\n    fields",
        [
            "28:20 routes[0].limits.body: must be a size: a whole number of bytes, or such as 20kB, 10MiB, 1GiB"
        ],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    limits: {nesting_depth: 2.5}\n    fields",
        ["28:29 routes[0].limits.nesting_depth: must be a whole number"],
    ),
    (
        "action: treat_as, entity: PERSON",
        "action: treat_as, entity: EMAIL",
        [
            "29:54 routes[0].fields[0].entity: the policy does not list 'EMAIL': the value would be left as it is; policy 'default' lists: CASE_NUMBER, PERSON"
        ],
    ),
    (
        "action: treat_as, entity: PERSON",
        "action: treat_as",
        ["29:9 routes[0].fields[0]: action treat_as needs the key entity, such as entity: PERSON"],
    ),
    (
        "action: treat_as, entity: PERSON",
        "action: keep, entity: PERSON",
        ["29:9 routes[0].fields[0]: the key entity goes with action treat_as alone; remove it"],
    ),
    (
        "body: 1MiB",
        "body: 0.5B",
        ["34:16 limits.body: must be a size: a whole number of bytes, or such as 20kB, 10MiB, 1GiB"],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: literal-key-of-enough-bytes",
        [
            "36:9 keys.main: a secret is never written in the file; use ${env:NAME} or ${file:PATH}, nothing around it"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${env:MIAN_KEY}",
        ["36:9 keys.main: the environment variable MIAN_KEY is not set (did you mean 'MAIN_KEY'?); set it"],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${file:absent.key}",
        ["36:9 keys.main: the file absent.key cannot be read: No such file or directory"],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${env:PORT}",
        ["36:9 keys.main: a key of 4 bytes; at least 16 are needed"],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: x${env:MAIN_KEY}",
        [
            "36:9 keys.main: a secret is never written in the file; use ${env:NAME} or ${file:PATH}, nothing around it"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${MAIN_KEY}",
        [
            "36:9 keys.main: not a reference that is known; write ${env:NAME} or, for a secret, ${file:PATH}; a literal ${ is written $${"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${env:MAIN_KEY",
        [
            "36:9 keys.main: not a reference that is known; write ${env:NAME} or, for a secret, ${file:PATH}; a literal ${ is written $${"
        ],
    ),
    (
        "origin: shield.example/log-0",
        "origin: shield example",
        [
            "39:11 audit.origin: an origin is 1 to 200 letters, digits, '.', '_', '~', ':', '-' and '/', no space and no '+', such as shield.example.com/worker-0"
        ],
    ),
    (
        "origin: shield.example/log-0",
        "origin: shield+example",
        [
            "39:11 audit.origin: an origin is 1 to 200 letters, digits, '.', '_', '~', ':', '-' and '/', no space and no '+', such as shield.example.com/worker-0"
        ],
    ),
    (
        "origin: shield.example/log-0",
        "origin: ${file:shield.yaml}",
        ["39:11 audit.origin: ${file:PATH} is for secrets only; write the value, or ${env:NAME}"],
    ),
    ("directory: state/audit", "directory: ''", ["38:14 audit.directory: must not be empty"]),
    (
        "directory: state/audit",
        "directory: state/audit\n  commit_interval: 2s",
        ["39:20 audit.commit_interval: must be at most 1"],
    ),
    (
        "directory: state/audit",
        "directory: state/audit\n  signing_key: ${env:MAIN_KEY}",
        ["39:16 audit.signing_key: must be a PEM, or a seed of 32 bytes (raw, base64:… or hex:…)"],
    ),
    (
        "limits: {body: 1MiB}",
        f"admin: {{callers: {{a: {{role: root, api_keys: ['{KEY}']}}, b: {{role: viewer}}}}}}",
        [
            "34:29 admin.callers.a.role: must be one of metrics, viewer, operator",
            "34:126 admin.callers.b: a caller needs api_keys or certificates; nobody could be it",
        ],
    ),
    (
        "limits: {body: 1MiB}",
        f"admin: {{callers: {{a: {{role: viewer, api_keys: ['{KEY}']}}, b: {{role: viewer, certificates: ['{KEY}']}}}}}}",
        [
            f"34:158 admin.callers.b.certificates[0]: the credential '{KEY}' is already used in line 34; choose another",
        ],
    ),
    (
        "limits: {body: 1MiB}",
        "tenants: {acme: {}, b: {api_keys: [a-key-itself]}, c: {certificates: ['cn:name']}}",
        [
            "34:17 tenants.acme: a caller needs api_keys or certificates; nobody could be it",
            "34:36 tenants.b.api_keys[0]: must be sha256: and 64 hex digits, as `shield callers new` prints it; never the key itself",
            "34:71 tenants.c.certificates[0]: must be sha256: and the 64 hex digits of the certificate's fingerprint, dns: and a name in lower case, or uri: and a URI",
        ],
    ),
    (
        "limits: {body: 1MiB}",
        "tenants:\n  acme: {certificates: ['dns:a.example']}\n  b: {certificates: ['dns:a.example']}",
        [
            "36:22 tenants.b.certificates[0]: the credential 'dns:a.example' is already used in line 35; choose another"
        ],
    ),
    (
        "methods: [POST]}",
        "methods: [POST], tenants: [acne]}",
        ["25:67 routes[0].match.tenants[0]: there is no tenant 'acne'; there are: none"],
    ),
    (
        "policy: default\n    fields",
        "policy: default\n    drop_headers: [Content-type, 'X: y']\n    fields",
        [
            "28:20 routes[0].drop_headers[0]: this field describes the message and cannot be dropped",
            "28:34 routes[0].drop_headers[1]: not the name of a header field, such as X-Customer-Email",
        ],
    ),
    (
        "level: info",
        "level: inof",
        ["40:18 logging.level: must be one of debug, info, warning, error (did you mean 'info'?)"],
    ),
    ("level: info", "access: yes", ["40:19 logging.access: must be true or false"]),
    (
        "logging: {level: info}",
        "logging:",
        ["40:9 logging: has no value; it must be a mapping of keys to values"],
    ),
    (
        "logging: {level: info}",
        "logging: &l {level: info, x: *l}",
        ["40:10 logging.x: an alias to what encloses it; aliases may not form a circle"],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_broken(old, new, lines, tmp_path, monkeypatch):
    (tmp_path / "shield.yaml").write_text("x" * 20)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed(old, new))
    assert [str(problem).removeprefix("shield.yaml:") for problem in caught.value.problems] == lines


def test_the_table_is_as_long_as_it_says():
    assert len(BROKEN) >= 80


def test_everything_is_reported_at_once_in_the_order_of_the_file():
    text = SAMPLE
    for old, new in [
        ("version: 1", "version: 3"),
        ("url: http://127.0.0.1:8081", "url: ftp://x"),
        ("key: main", "key: other"),
        ("name: contacts", "name: tickets"),
        ("main: ${env:MAIN_KEY}", "main: ${env:ABSENT_KEY}"),
        ("logging: {level: info}", "loging: {}"),
    ]:
        text = text.replace(old, new)
    with pytest.raises(ConfigErrors) as caught:
        load_sample(text)
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (1, "version"),
        (7, "upstreams.store.url"),
        (18, "policies.default.entities.CASE_NUMBER.key"),
        (30, "routes[1].name"),
        (36, "keys.main"),
        (40, "loging"),
    ]
    assert isinstance(caught.value, ConfigError)
    assert caught.value.code == "config_invalid"
    assert caught.value.detail.count("\n") == 5


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "1:1 (document): the file is empty; it must hold a mapping that starts with 'version: 1'"),
        (
            b"# nothing\n",
            "1:1 (document): the file is empty; it must hold a mapping that starts with 'version: 1'",
        ),
        (b"- a\n", "1:1 (document): must be a mapping of keys to values"),
        (b"just text", "1:1 (document): must be a mapping of keys to values"),
        (b"null", "1:1 (document): has no value; it must be a mapping of keys to values"),
        (b"a: 1\nb: \xff\n", "2:1 (document): not UTF-8; save the file as UTF-8"),
        (b"a: 1\nbc: \x00\n", "2:5 (document): a control character; YAML allows none but tab and line ends"),
        (b"[" * 65, "1:65 (document): not valid YAML: nested deeper than 64 levels"),
        (b"[" * 100_000, "1:65 (document): not valid YAML: nested deeper than 64 levels"),
        (b"x" * (1024 * 1024 + 1), "1:1 (document): the file has 1048577 bytes; at most 1048576 are read"),
    ],
)
def test_no_configuration_at_all(content, line, tmp_path):
    path = tmp_path / "shield.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigErrors) as caught:
        load(path, {})
    assert [str(problem) for problem in caught.value.problems] == [f"{path}:{line}"]


def test_an_alias_bomb_is_bounded():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(ConfigErrors, match="more than 100000 values, aliases followed") as caught:
        load_sample("\n".join(lines))
    assert len(caught.value.problems) == 1


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path / "no.yaml", {})
    expected = f"{tmp_path}/no.yaml:1:1 (document): the file cannot be read: No such file or directory"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "new",
    [
        "url: http://user:${env:MAIN_KEY}@store.example.com",
        "url: ${env:MAIN_KEY}",
        "url: http://store.example.com/?${env:MAIN_KEY}",
    ],
)
def test_a_value_of_the_environment_is_in_no_error(new):
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed("url: http://127.0.0.1:8081", new))
    assert ENV["MAIN_KEY"] not in str(caught.value)
    assert ENV["MAIN_KEY"] not in repr(caught.value.__context__)


def test_a_reference_is_quoted_as_it_is_written():
    text = changed(
        "upstream: store\n    policy: default\n    fields",
        "upstream: ${env:MAIN_KEY}\n    policy: x\n    fields",
    )
    with pytest.raises(ConfigErrors) as caught:
        load_sample(text)
    assert "there is no upstream '${env:MAIN_KEY}'; there are: store" in str(caught.value)


def test_a_literal_secret_is_not_repeated():
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed("main: ${env:MAIN_KEY}", "main: 0123456789-literal"))
    assert "literal" not in str(caught.value)


def test_check_works_from_any_folder(tmp_path):
    path = tmp_path / "shield.yaml"
    path.write_text(SAMPLE)
    assert load(path, ENV).settings.digest == load_sample(folder=Path("/nonexistent")).settings.digest
