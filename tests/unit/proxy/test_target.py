from __future__ import annotations

import pytest

from shield.errors import MalformedTargetError
from shield.proxy.target import parse_target


@pytest.mark.parametrize(
    ("raw", "path", "query", "steps"),
    [
        ("/", "/", "", ("",)),
        ("/a/b", "/a/b", "", ("a", "b")),
        ("/a/", "/a/", "", ("a", "")),
        ("//a", "//a", "", ("", "a")),
        ("/a?b=/../c?d", "/a", "b=/../c?d", ("a",)),
        ("/%41/b%2Fc", "/%41/b%2Fc", "", ("A", "b/c")),
        ("/a.b/..c/.d", "/a.b/..c/.d", "", ("a.b", "..c", ".d")),
        ("/%ff", "/%ff", "", ("\udcff",)),
        ("http://H.example/a?b", "/a", "b", ("a",)),
        ("HTTP://h.example?b", "/", "b", ("",)),
    ],
)
def test_targets(raw: str, path: str, query: str, steps: tuple[str, ...]) -> None:
    target = parse_target(raw, "h.example")
    assert (target.path, target.query, target.steps, target.host) == (path, query, steps, "h.example")
    assert "/" + "/".join(target.raw_steps) == path


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "*",
        "a/b",
        "/a/../b",
        "/a/./b",
        "/..",
        "/a/%2e%2e/b",
        "/a/.%2E",
        "/a/x%2f..%2fb",
        "/a/%5c..%5cb",
        "/a/..;x=1/b",
        "/a/%2e%2e%3bx/b",
        "/a/%252e%252e/b",
        "/a/%25252e%25252e/b",
        "/a/%2525252e%2525252e/b",
        "/a/x%252f..%252fb",
        "/a/%252e%252e%253bx/b",
        "/a/..%20/b",
        "/a/..%09;x/b",
        "/a#b",
        "/a\\b",
        "/a b",
        "/a\tb",
        "/\x80",
        "/\udcff",
        "/é",
        "/%",
        "/%4",
        "/%zz",
        "/%00",
        "/%2500",
        "http://other.example/a",
        "http://h.example@other.example/a",
        "ftp://h.example/a",
        "http:///a",
        "h.example:80",
    ],
)
def test_refused(raw: str) -> None:
    with pytest.raises(MalformedTargetError):
        parse_target(raw, "h.example")


@pytest.mark.parametrize(
    "raw",
    [
        "/a/...",
        "/a/..b/.c",
        "/a/b..",
        "/a/100%25",
        "/a/100%2525/%252541",
        "/a/%252f%252f",
        "/a/%20",
        "/a;b=%252e",
    ],
)
def test_names_that_only_look_like_dot_segments_pass(raw: str) -> None:
    assert parse_target(raw, "h.example").path == raw


def test_a_path_that_is_encoded_over_and_over_is_looked_into_so_far_only() -> None:
    raw = "/a/%" + "25" * 8000 + "41"
    assert parse_target(raw, "h.example").path == raw


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        ("H.example:8080", "h.example"),
        ("h.example.:80", "h.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:80", "[::1]"),
        ("", ""),
    ],
)
def test_hosts(authority: str, host: str) -> None:
    assert parse_target("/", authority).host == host


@pytest.mark.parametrize("authority", ["a b", "a,b", "a/b", "a@b", "a:b", "[::1", 'a"', "a:123456", "::1"])
def test_refused_hosts(authority: str) -> None:
    with pytest.raises(MalformedTargetError):
        parse_target("/", authority)
