# ruff: noqa: E501 - the table holds whole error lines
"""Mistakes in listeners, upstreams and callers, each with its error lines, without the file's name."""

from __future__ import annotations

import pytest

from tests.unit.config.sample import changed, lines_of_sample, load_sample

PROXY = "proxy listener's own address: requests would loop"
ADMIN = "admin listener's own address: it is not a storage"
KEY = "sha256:" + "0" * 64

# The text of the sample that is changed, and its replacement.
BROKEN = [
    (
        "proxy: {host: 127.0.0.1, port: 8080}",
        "proxy: {host: 127.0.0.1}",
        ["3:3 listeners.proxy.port: this required key is missing; add it [key_missing]"],
    ),
    ("port: 8080", "port: 65536", ["3:34 listeners.proxy.port: must be at most 65535 [value_out_of_range]"]),
    (
        "port: 8080",
        "port: 8080, proxy_protocol: {trusted: [10.1.0.0/8, 10.0.0.0/8, balancer.example], others: guess}",
        [
            "3:67 listeners.proxy.proxy_protocol.trusted[0]: must be an IP address or a network, such as 10.0.0.0/16 or fd00:10::/64; no bit after the prefix may be set [value_malformed]",
            "3:91 listeners.proxy.proxy_protocol.trusted[2]: must be an IP address or a network, such as 10.0.0.0/16 or fd00:10::/64; no bit after the prefix may be set [value_malformed]",
            "3:118 listeners.proxy.proxy_protocol.others: must be one of refuse, serve [value_not_a_choice]",
        ],
    ),
    (
        "port: 8080",
        "port: 8080, proxy_protocol: {trusted: []}",
        ["3:66 listeners.proxy.proxy_protocol.trusted: must hold at least 1 item [value_out_of_range]"],
    ),
    ("port: 8080", "port: '8080'", ["3:34 listeners.proxy.port: must be a whole number [value_wrong_kind]"]),
    (
        "port: 8080",
        "port: 9090",
        [
            "4:34 listeners.admin.port: the proxy listener already uses this host and port; choose another port [address_taken]"
        ],
    ),
    (
        "audit:",
        "console: {listener: {host: 0.0.0.0, port: 9090}}\naudit:",
        [
            "37:43 console.listener.port: the admin listener already uses this host and port; choose another port [address_taken]"
        ],
    ),
    *(
        (
            "proxy: {host: 127.0.0.1, port: 8080}\n  admin: {host: 127.0.0.1, port: 9090}",
            f"proxy: {{host: '{host}', port: 9090}}\n  admin: {{host: '{other}', port: 9090}}",
            [
                f"4:{27 + len(other)} listeners.admin.port: the proxy listener already uses this host and port; choose another port [address_taken]"
            ],
        )
        for host, other in [
            ("localhost", "127.0.0.1"),
            ("::", "localhost"),
            ("::1", "::"),
            ("shield.example", "Shield.example."),
            ("0.0.0.0", "127.0.0.2"),
        ]
    ),
    *(
        (
            (
                "proxy: {host: 127.0.0.1, port: 8080}\n  admin: {host: 127.0.0.1, port: 9090}\nupstreams:\n"
                "  store:\n    url: http://127.0.0.1:8081"
            ),
            (
                f"proxy: {{host: '{host}', port: 8080}}\n  admin: {{host: 127.0.0.1, port: 9090}}\nupstreams:\n"
                f"  store:\n    url: {url}"
            ),
            [
                f"7:10 upstreams.store.url: this is the {told}; write the storage's address [upstream_is_listener]"
            ],
        )
        for host, url, told in [
            ("127.0.0.1", "http://127.0.0.1:8080", PROXY),
            ("127.0.0.1", "https://localhost:8080/base", PROXY),
            ("127.0.0.1", "http://0.0.0.0:8080", PROXY),
            ("0.0.0.0", "http://127.0.0.1:8080", PROXY),
            ("0.0.0.0", "http://localhost.:8080", PROXY),
            ("0.0.0.0", "http://[::ffff:127.0.0.1]:8080", PROXY),
            ("::", "http://[::1]:8080", PROXY),
            ("10.0.0.1", "http://10.0.0.1:8080", PROXY),
            ("shield.example", "http://SHIELD.example:8080", PROXY),
            ("0.0.0.0", "http://localhost:9090", ADMIN),
        ]
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://127.0.0.1:8081\n    replicas: [http://10.0.0.1:8080, http://127.0.0.1:8080]",
        [
            f"8:38 upstreams.store.replicas[1]: this is the {PROXY}; write the storage's address [upstream_is_listener]"
        ],
    ),
    (
        "port: 8080",
        "prot: 8080",
        [
            "3:3 listeners.proxy.port: this required key is missing; add it [key_missing]",
            "3:28 listeners.proxy.prot: unknown key (did you mean 'port'?); allowed: host, port, proxy_protocol, tls [key_unknown]",
        ],
    ),
    (
        "host: 127.0.0.1, port: 8080",
        "host: 'http://x', port: 8080",
        ["3:17 listeners.proxy.host: must be a host name or an IP address, without a port [value_malformed]"],
    ),
    (
        "port: 8080}",
        "port: 8080, tls: {certificate: no.pem, private_key: no.key}}",
        [
            "3:59 listeners.proxy.tls.certificate: the file 'no.pem' cannot be read: No such file or directory; paths are relative to the configuration file's folder [tls_file_unreadable]",
            "3:80 listeners.proxy.tls.private_key: the file 'no.key' cannot be read: No such file or directory; paths are relative to the configuration file's folder [tls_file_unreadable]",
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: ftp://127.0.0.1",
        ["7:10 upstreams.store.url: must be http://HOST[:PORT][/BASE] or https://… [value_malformed]"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://user:${env:MAIN_KEY}@store.example.com",
        [
            "7:10 upstreams.store.url: a URL must not contain credentials; those that the client sends reach the upstream unchanged [value_malformed]"
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://store.example.com/?a=1",
        ["7:10 upstreams.store.url: a base URL must not contain a query or a fragment [value_malformed]"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://store.example.com:99999",
        [
            "7:10 upstreams.store.url: this is not a URL; write http://HOST[:PORT][/BASE] or https://… [value_malformed]"
        ],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: http://store.example.com\n    tls: {ca_file: shield.yaml}",
        ["7:5 upstreams.store: tls is set but the url is http; use https, or remove tls [keys_inconsistent]"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url:",
        ["7:9 upstreams.store.url: has no value; it must be text [value_missing]"],
    ),
    (
        "url: http://127.0.0.1:8081",
        "url: https://store.example.com\n    tls: {servername: other.example.com}",
        [
            "8:11 upstreams.store.tls.servername: unknown key (did you mean 'server_name'?); allowed: ca_file, certificate, private_key, server_name [key_unknown]"
        ],
    ),
    (
        "connect: 2s",
        "connect: 2 seconds",
        [
            "8:25 upstreams.store.timeouts.connect: must be a duration: a number of seconds, or one with a unit, such as 5ms, 2s, 1m or 1h [value_malformed]"
        ],
    ),
    (
        "connect: 2s",
        "connect: 0",
        ["8:25 upstreams.store.timeouts.connect: must be more than 0 [value_out_of_range]"],
    ),
    (
        "total: 60s",
        "total: -1",
        [
            "8:47 upstreams.store.timeouts.total: must be a duration: a number of seconds, or one with a unit, such as 5ms, 2s, 1m or 1h [value_malformed]"
        ],
    ),
    (
        "total: 60s",
        "total: 60s, wirte: 1s",
        ["8:52 upstreams.store.timeouts.wirte: unknown key; allowed: connect, read, total [key_unknown]"],
    ),
    (
        "total: 60s}",
        "total: 60s}\n    pool_size: 0",
        ["9:16 upstreams.store.pool_size: must be at least 1 [value_out_of_range]"],
    ),
    (
        "limits: {body: 1MiB}",
        f"admin: {{callers: {{a: {{role: root, api_keys: ['{KEY}']}}, b: {{role: viewer}}}}}}",
        [
            "34:29 admin.callers.a.role: must be one of metrics, viewer, operator [value_not_a_choice]",
            "34:126 admin.callers.b: a caller needs api_keys or certificates; without them nobody can be recognized as it [keys_inconsistent]",
        ],
    ),
    (
        "limits: {body: 1MiB}",
        f"admin: {{callers: {{a: {{role: viewer, api_keys: ['{KEY}']}}, b: {{role: viewer, certificates: ['{KEY}']}}}}}}",
        [
            f"34:158 admin.callers.b.certificates[0]: the credential '{KEY}' is already used on line 34; choose another [name_duplicate]",
        ],
    ),
    (
        "limits: {body: 1MiB}",
        "tenants: {acme: {}, b: {api_keys: [a-key-itself]}, c: {certificates: ['cn:name']}}",
        [
            "34:17 tenants.acme: a caller needs api_keys or certificates; without them nobody can be recognized as it [keys_inconsistent]",
            "34:36 tenants.b.api_keys[0]: must be sha256: and 64 hex digits, as `shield callers new` prints it; never the key itself [value_malformed]",
            "34:71 tenants.c.certificates[0]: must be sha256: and the 64 hex digits of the certificate's fingerprint, dns: and a name in lower case, or uri: and a URI [value_malformed]",
        ],
    ),
    (
        "limits: {body: 1MiB}",
        "tenants:\n  acme: {certificates: ['dns:a.example']}\n  b: {certificates: ['dns:a.example']}",
        [
            "36:22 tenants.b.certificates[0]: the credential 'dns:a.example' is already used on line 35; choose another [name_duplicate]"
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_broken(old, new, lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shield.yaml").write_text("x" * 20)
    assert lines_of_sample(old, new) == lines


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(
            ("url: http://127.0.0.1:8081", f"url: {url}")
            for url in [
                "http://10.0.0.1:8080",
                "http://[::1]:8080",
                "http://shield.example:8080",
                "http://127.0.0.1",
            ]
        ),
        (
            "proxy: {host: 127.0.0.1, port: 8080}\n  admin: {host: 127.0.0.1, port: 9090}",
            "proxy: {host: 127.0.0.1, port: 9090}\n  admin: {host: 127.0.0.1, port: 0}",
        ),
        ("proxy: {host: 127.0.0.1, port: 8080}", "proxy: {host: '::1', port: 9090}"),
    ],
)
def test_another_address_is_no_listener_of_ours(old, new):
    assert load_sample(changed(old, new)).warnings == ()
