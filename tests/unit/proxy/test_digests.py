"""Digests of a body are checked as it came, and made anew of what is sent on."""

from __future__ import annotations

import base64
import hashlib

import pytest

from shield.errors import DigestMismatchError
from shield.proxy import digests

CAME, SENT = b'{"name":"Jane Doe"}', b'{"name":"<PERSON>"}'


def _of(algorithm: str, body: bytes) -> str:
    return base64.b64encode(hashlib.new(algorithm, body).digest()).decode()


def _fields(body: bytes) -> list[tuple[str, str]]:
    """Each field with each algorithm that is known, and fields that are none."""
    sha256, sha512 = _of("sha256", body), _of("sha512", body)
    return [
        ("X-Order", "1"),
        ("Content-MD5", _of("md5", body)),
        ("Digest", f"SHA={_of('sha1', body)}, md5={_of('md5', body)}"),
        ("Content-Digest", f"sha-256=:{sha256}:, sha-512=:{sha512}:"),
        ("Repr-Digest", f"sha-256=:{sha256}:"),
    ]


def _none_dropped(_: str) -> bool:
    return False


def test_digests_of_what_came_pass_and_become_those_of_what_is_sent() -> None:
    digests.check_digests(_fields(CAME), CAME, dropped=_none_dropped)
    renewed = digests.renewed(_fields(CAME), SENT)
    assert [(name, value.lower()) for name, value in renewed] == [
        (name, value.lower()) for name, value in _fields(SENT)
    ]
    digests.check_digests(renewed, SENT, dropped=_none_dropped)


@pytest.mark.parametrize("field", _fields(SENT)[1:])
def test_a_digest_of_another_body_is_named_by_its_field(field: tuple[str, str]) -> None:
    with pytest.raises(DigestMismatchError) as refused:
        digests.check_digests([field], CAME, dropped=_none_dropped)
    assert field[0].lower() in str(refused.value)
    assert not any(
        _of(each, body) in str(refused.value) for each in ("md5", "sha256") for body in (CAME, SENT)
    )


@pytest.mark.parametrize("value", ["=", "", ":", "sha-256", "sha-256=", "sha-256=:", "sha-256=::;a=1"])
def test_what_is_no_digest_is_refused_or_taken_off(value: str) -> None:
    field = [("Content-Digest", value)]
    if "sha-256" in value:
        with pytest.raises(DigestMismatchError):
            digests.check_digests(field, CAME, dropped=_none_dropped)
    else:
        digests.check_digests(field, CAME, dropped=_none_dropped)


def test_unknown_algorithms_are_taken_off() -> None:
    fields = [
        ("Digest", "unixsum=30637"),
        ("Content-Digest", f"adler=:abc=:, sha-256=:{_of('sha256', CAME)}:"),
    ]
    digests.check_digests(fields, CAME, dropped=_none_dropped)
    assert digests.renewed(fields, SENT) == [("Content-Digest", f"sha-256=:{_of('sha256', SENT)}:")]


def test_a_field_that_a_rule_drops_is_not_looked_at() -> None:
    digests.check_digests([("Content-MD5", "x")], CAME, dropped="Content-MD5".__eq__)


def test_a_body_is_digested_once_for_each_algorithm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields of some kilobytes can name one hundreds of times, and a body has megabytes."""
    made = []

    def counted(body: bytes) -> hashlib._Hash:
        made.append(body)
        return hashlib.sha256(body)

    monkeypatch.setitem(digests._HASHES, "sha-256", counted)
    fields = [("Digest", ",".join([f"sha-256={_of('sha256', CAME)}"] * 100))]
    digests.check_digests(fields, CAME, dropped=_none_dropped)
    assert len(made) == 1
