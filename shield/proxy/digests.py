"""Digests of the body in a request's header fields, of a body that redaction changed.

A storage that compares them would refuse every redacted write by the digests of what was sent here, so each
is made anew of what is sent on. Then nobody behind the proxy can see any more that the body was damaged on
its way to it: that is checked here, before the digest is replaced.

Sources: RFC 9530 (Content-Digest, Repr-Digest), RFC 3230 (Digest), RFC 1864 (Content-MD5). All are of the
body with its content codings. A digest by an algorithm that is not known here can be neither checked nor
made.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shield.errors import DigestMismatchError

NAMES = frozenset({"content-digest", "content-md5", "digest", "repr-digest"})
"""The fields that this is about, in lower case."""

_STRUCTURED = frozenset({"content-digest", "repr-digest"})
_HASHES: dict[str, Callable[[bytes], hashlib._Hash]] = {
    "sha-256": hashlib.sha256,
    "sha-512": hashlib.sha512,
    "sha": lambda body: hashlib.sha1(body, usedforsecurity=False),
    "md5": lambda body: hashlib.md5(body, usedforsecurity=False),
}


class _Sums(dict[str, str]):
    """The digests of a body in base64 by algorithm, each made once, however often the fields name it."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    def __missing__(self, algorithm: str) -> str:
        self[algorithm] = made = base64.b64encode(_HASHES[algorithm](self._body).digest()).decode()
        return made


class _Digest(NamedTuple):
    """One digest of a field: `value` is in base64, `form` is how the field writes it, for `str.format`."""

    algorithm: str
    value: str
    form: str


def check_digests(fields: Iterable[tuple[str, str]], body: bytes, *, dropped: Callable[[str], bool]) -> None:
    """Raise DigestMismatchError if a digest among `fields` is not that of `body`, as it was received.

    Fields of which `dropped` is true are passed over: nobody would see them.
    """
    sums = _Sums(body)
    for name, value in fields:
        lower = name.lower()
        if lower not in NAMES or dropped(name):
            continue
        for digest in _known(lower, value):
            if digest.value != sums[digest.algorithm]:
                raise DigestMismatchError(f"{lower} ({digest.algorithm})")


def renewed(fields: Iterable[tuple[str, str]], body: bytes) -> list[tuple[str, str]]:
    """`fields` with the digests of `body`, as it is sent on, by the algorithms that are known here."""
    sums = _Sums(body)
    out: list[tuple[str, str]] = []
    for name, value in fields:
        lower = name.lower()
        if lower not in NAMES:
            out.append((name, value))
        elif made := [digest.form.format(sums[digest.algorithm]) for digest in _known(lower, value)]:
            out.append((name, ", ".join(made)))
    return out


def _known(lower: str, value: str) -> Iterator[_Digest]:
    """The digests in the value of the field `lower` whose algorithms are known here."""
    if lower == "content-md5":
        yield _Digest("md5", value.strip(), "{}")
        return
    form = "{}=:{{}}:" if lower in _STRUCTURED else "{}={{}}"
    for member in value.split(","):
        key, _, given = member.strip().partition("=")
        algorithm = key.lower()
        if algorithm in _HASHES:
            if lower in _STRUCTURED:
                given = given.partition(";")[0].strip().removeprefix(":").removesuffix(":")
            yield _Digest(algorithm, given, form.format(key))
