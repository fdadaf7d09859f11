"""Names of header fields that mean something to the shield or to servers in between, in lower case.

Sources: RFC 9110 (7.6.1 hop-by-hop), RFC 7239 (Forwarded), RFC 9530 (digest fields), and other fields that
servers, proxies and frameworks act on.
"""

from __future__ import annotations

HOP_BY_HOP = frozenset(
    {
        "connection",
        "http2-settings",
        "keep-alive",
        "proxy",  # not a field of HTTP; CGI hosts turn it into HTTP_PROXY ("httpoxy")
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
FORWARDED = frozenset(
    {
        "cf-connecting-ip",
        "client-ip",
        "fastly-client-ip",
        "forwarded",
        "front-end-https",
        "proxy-client-ip",
        "true-client-ip",
        "wl-proxy-client-ip",
        "x-azure-clientip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-envoy-external-address",
        "x-envoy-original-host",
        "x-envoy-original-method",
        "x-envoy-original-path",
        "x-forward-for",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-host",
        "x-host-override",
        "x-http-destinationurl",
        "x-http-host-override",
        "x-http-path-override",
        "x-http-url-override",
        "x-original-forwarded-for",
        "x-original-host",
        "x-original-method",
        "x-original-path",
        "x-original-proto",
        "x-original-scheme",
        "x-original-uri",
        "x-original-url",
        "x-originating-ip",
        "x-override-path",
        "x-override-uri",
        "x-override-url",
        "x-proxy-host",
        "x-proxy-url",
        "x-real-ip",
        "x-remote-addr",
        "x-remote-ip",
        "x-request-uri",
        "x-rewrite-path",
        "x-rewrite-uri",
        "x-rewrite-url",
        "x-scheme",
        "x-url-scheme",
    }
)
"""Fields that tell a server who asked, how and for what.

A client's own are believed only from trusted forwarders.

Every other `X-Forwarded-*` belongs here as well: see `is_forwarded`.

Some servers route by `X-Original-URL` and its like instead of the target, which is what was inspected.
"""

OVERRIDES = frozenset(
    {"x-http-method", "x-http-method-override", "x-method", "x-method-override", "x-override-method"}
)
"""Fields that tell a server to treat the request as one of another method: see `overrides`."""


def is_forwarded(lower: str) -> bool:
    """Whether a field of this name, in lower case, states what only a forwarder can know of the request."""
    return lower in FORWARDED or lower.startswith("x-forwarded-")
