"""RFC 3161: a time-stamp authority attests that a document existed at a time. Pure: bytes in, bytes out.

A token does not prevent cutting a log back, since the authority keeps nothing; it prevents rewriting one and
dating it into the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

_GRANTED = frozenset({0, 1})  # granted, and granted with modifications
_UNREADABLE = (ValueError, TypeError, x509.InvalidVersion)  # of what a token holds
QUERY_MEDIA_TYPE = "application/timestamp-query"


class TimestampError(Exception):
    """A token is malformed or does not hold; the message is safe to publish."""


def timestamp_request(document: bytes) -> TimeStampRequest:
    """A query over the SHA-512 of a document, with a nonce; `as_bytes()` is what is posted."""
    return TimestampRequestBuilder().data(document).hash_algorithm(HashAlgorithm.SHA512).build()


def parse_roots(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The authority's root certificates; raises `TimestampError`."""
    try:
        roots = tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise TimestampError("the root certificates are not PEM") from None
    return roots


def check_timestamp(
    reply: bytes, document: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None
) -> datetime:
    """The time of a token over `document`, UTC; `nonce` where the query is at hand.

    Raises `TimestampError` unless it is granted and signed by a time-stamping certificate under `roots`.
    """
    try:
        response = decode_timestamp_response(reply)
    except (ValueError, TypeError):
        raise TimestampError("the answer is not an RFC 3161 answer") from None
    if response.status not in _GRANTED:
        raise TimestampError(f"the authority granted no time stamp: status {response.status}")
    try:
        builder = VerifierBuilder(roots=list(roots), nonce=nonce)
        builder.build().verify_message(response, document)
    except (VerificationError, *_UNREADABLE) as error:
        why = _not_valid_then(response) or type(error).__name__
        raise TimestampError(f"the time stamp does not hold: {why}") from None
    return response.tst_info.gen_time


def _not_valid_then(response: TimeStampResponse) -> str:
    """Names a certificate of the token that was not valid then, if any: an authority may forget to renew."""
    try:
        time = response.tst_info.gen_time
        for der in response.signed_data.certificates:
            certificate = x509.load_der_x509_certificate(der)
            first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            if not first <= time <= last:
                return (
                    f"of {time:%Y-%m-%d}, by a certificate valid to {last:%Y-%m-%d} (from {first:%Y-%m-%d})"
                )
    except _UNREADABLE:
        pass  # then its certificates cannot be read
    return ""
