"""Classifies header fields that no rule of a route names, by what fields of their name hold.

The names are those of HTTP's registry (IANA, "HTTP Field Names") and of what storage, clouds, proxies and
tracers read (docs/decisions/039-header-values.md). Any other field is inspected.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import enum
from typing import Final

from shield.proxy import digests
from shield.proxy.header_names import FORWARDED, OVERRIDES


class Sort(enum.Enum):
    """What the fields of a name hold, as far as an inspection needs to know."""

    TEXT = "text"  # anybody's own words: inspected
    PROTOCOL = "protocol"  # words of a protocol, or credentials: forwarded as they are
    MACHINE = "machine"  # a signature, token, version, or id of the request: inspected if it is none
    PROGRAM = "program"  # which program asks: inspected if it is more than names and versions
    TYPE = "type"  # the type of the body: inspected if it has a parameter with words of the sender
    ONCE = "once"  # by which the upstream recognizes a repeated write: as MACHINE, but never rewritten
    ADDRESS = "address"  # the address of another object: as the path of the request


_PROTOCOL: Final = frozenset(
    """
    a-im alt-svc alt-used authentication authorization cache-control cdn-loop content-digest content-dpr
    content-encoding content-features content-language content-length content-md5 content-range
    content-script-type content-security-policy content-security-policy-report-only content-style-type
    content-transfer-encoding content-version cookie cookie2 date dav depth device-memory dnt downlink
    dpop early-data ect expect expires grpc-accept-encoding grpc-encoding grpc-timeout hobareg if ims
    keep-alive last-event-id last-modified lock-token max-forwards mime-version negotiate odata-isolation
    odata-maxversion odata-version ordering-type origin overwrite pragma prefer priority purpose range
    rtt save-data service-worker service-worker-navigation-preload signature signature-input sunset
    surrogate-capability tcn timeout traceparent tracestate transfer-encoding tus-resumable
    upgrade-insecure-requests upload-concat upload-defer-length upload-length upload-offset vary via
    viewport-width want-content-digest want-digest want-repr-digest warning width x-client-cert
    x-dns-prefetch-control x-forwarded-access-token x-forwarded-by x-forwarded-client-cert
    x-forwarded-method x-forwarded-port x-forwarded-prefix x-forwarded-protocol x-forwarded-scheme
    x-forwarded-server x-forwarded-ssl x-forwarded-tls-client-cert x-forwarded-tls-client-cert-info x-moz
    x-purpose x-requested-with x-ssl-client-cert x-ua-compatible x-upload-content-length
    x-upload-content-type x-wap-profile
    """.split()
)
_PROTOCOL_PREFIXES: Final = (
    "accept", "access-control-", "if-", "sec-", "x-amz-", "x-amzn-", "x-b3-", "x-datadog-", "x-goog-",
    "x-ms-",
)  # fmt: skip
_WORDS_OF_SENDER: Final = (
    "x-amz-meta-", "x-amz-tagging", "x-goog-authenticated-user-email", "x-goog-custom-audit-",
    "x-goog-meta-", "x-ms-blob-content-disposition", "x-ms-client-principal", "x-ms-content-disposition",
    "x-ms-meta-", "x-ms-tags",
)  # fmt: skip
"""Prefixes of names that a sender fills with words, although `_PROTOCOL_PREFIXES` cover them."""
_OF_TARGETS: Final = ("url", "uri", "path")
"""Suffixes of the names of a forwarder's fields that hold the original target, which may have a query."""
_ADDRESSES: Final = frozenset(
    """
    content-location destination x-amz-copy-source x-amz-rename-source x-copy-from x-goog-copy-source
    x-ms-copy-source x-ms-file-rename-source x-ms-rename-source x-amz-website-redirect-location
    """.split()
)
_ONCE: Final = frozenset(
    "idempotency-key x-idempotency-key repeatability-request-id x-ms-client-request-id".split()
)
_MACHINE: Final = frozenset(
    """
    b3 request-id sentry-trace uber-trace-id x-cloud-trace-context x-client-trace-id x-newrelic-id
    x-newrelic-transaction newrelic elastic-apm-traceparent x-instana-t x-instana-s x-dynatrace
    """.split()
)
_MACHINE_ENDS: Final = frozenset(
    """
    assertion checksum crc32 crc32c csrf datacenter digest env environment etag expires hash hmac jwt key
    locale md5 nonce platform region secret sha1 sha256 sha512 signature span timestamp timezone token trace
    traceparent version xsrf zone
    """.split()
)
"""Last words of names whose fields hold no words."""
_IDS_OF: Final = frozenset(
    """
    batch causation correlation delivery event flow idempotency invocation job message operation request run
    session span trace tracking transaction
    """.split()
)
"""Words before `-id` in names of ids that are made for each request or run, and identify nobody."""
_PROGRAMS: Final = frozenset(
    "api app application client integration marketplace plugin program sdk server service".split()
)
"""Words before `-name` in names of fields that say which program asks."""


def sort_of(name: str) -> Sort:
    """What fields of a name hold; `name` is in lower case, with `-` for `_`."""
    if name in _ADDRESSES:
        return Sort.ADDRESS
    if name in _ONCE:
        return Sort.ONCE
    if name.startswith(_WORDS_OF_SENDER):
        return Sort.TEXT
    if name in FORWARDED:
        return Sort.TEXT if name.endswith(_OF_TARGETS) else Sort.PROTOCOL
    if name in _PROTOCOL or name in OVERRIDES or name in digests.NAMES or name.startswith(_PROTOCOL_PREFIXES):
        return Sort.PROTOCOL
    if name == "user-agent":
        return Sort.PROGRAM
    if name == "content-type":
        return Sort.TYPE
    if name in _MACHINE:
        return Sort.MACHINE
    *before, last = [word for word in name.split("-") if not word.isdigit()] or [""]
    of = before[-1] if before else ""
    is_machine = (
        last in _MACHINE_ENDS or (last == "id" and of in _IDS_OF) or (last == "name" and of in _PROGRAMS)
    )
    return Sort.MACHINE if is_machine else Sort.TEXT
