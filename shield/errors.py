"""One tree of errors: each has a stable code, an HTTP status and a message that is safe to publish.

Law: an error never holds any part of a payload. `message` and `detail` are built from configuration,
from counts and from positions, never from the bytes of a request. Foreign exceptions that carry the
document (`json.JSONDecodeError.doc`, `UnicodeDecodeError.object`) are re-raised `from None` where
they are translated.

Each code is one class, so that a code cannot be misspelt and the documents can list all of them
(`docs/operations.md`, "Errors"). The replies that the proxy makes of them are RFC 9457 problems.
"""

from __future__ import annotations

from typing import ClassVar

from shield.config_codes import ProblemCode


class ShieldError(Exception):
    """Base of everything the shield raises on purpose.

    `code` is a stable snake_case name, part of the public contract; `status` is the HTTP status that
    the proxy answers with; `title` is one sentence for people, the same for each occurrence;
    `detail` says more about this occurrence and is as safe to publish as `title`.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "The shield failed; the write was not forwarded."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class RetryLater(Exception):  # noqa: N818  a part of errors, and none itself
    """Mixin of temporary errors: the reply says to retry after `retry_after` seconds (RFC 9110, 10.2.3)."""

    def __init__(self, detail: str = "", *, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def codes_of(*kinds: type[ShieldError]) -> tuple[str, ...]:
    """The codes of `kinds` and of all their subclasses, sorted."""
    codes: set[str] = set()
    open_kinds = list(kinds)
    while open_kinds:
        kind = open_kinds.pop()
        codes.add(kind.code)
        open_kinds += kind.__subclasses__()
    return tuple(sorted(codes))


class ConfigError(ShieldError):
    """The configuration cannot be used. Raised at start and on reload, never for a request.

    `problem` says which kind of problem it is; `code` is the same for all kinds.
    """

    code = "config_invalid"
    title = "The configuration is not valid."

    def __init__(self, problem: ProblemCode, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem

    def __str__(self) -> str:
        """What is wrong, followed by the code of the problem in brackets."""
        return f"{self.detail or self.title} [{self.problem}]"


class RequestError(ShieldError):
    """The request is at fault (4xx). Nothing was forwarded."""

    code = "request_invalid"
    status = 400
    title = "The request is not valid."


class HostMissingError(RequestError):
    """HTTP/1.1 demands a Host header (RFC 9112, 3.2)."""

    code = "host_missing"
    title = "The request has no Host header."


class FramingConflictError(RequestError):
    """The header fields leave in doubt where the body ends (RFC 9112, 6.3). The connection ends with it."""

    code = "framing_conflict"
    title = "The header fields that frame the body conflict."


class RouteNotFoundError(RequestError):
    code = "route_not_found"
    status = 404
    title = "No route matches this host and path."


class CredentialsRequiredError(RequestError):
    """Only routes of tenants match, and the request has no credentials of a tenant.

    On the admin listener: the page is for the callers of `admin.callers`.
    """

    code = "credentials_required"
    status = 401
    title = "Credentials are required; send an API key or a client certificate."


class CredentialsInvalidError(RequestError):
    code = "credentials_invalid"
    status = 401
    title = "The credentials are not known."


class CallerForbiddenError(RequestError):
    """The caller is known, but is none of the tenants of the routes that match."""

    code = "caller_forbidden"
    status = 403
    title = "The route belongs to another tenant."


class MethodNotAllowedError(RequestError):
    code = "method_not_allowed"
    status = 405
    title = "The route does not accept this method."

    def __init__(self, detail: str = "", *, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.allowed = allowed


class MalformedBodyError(RequestError):
    """The body is not what its media type says. `offset` is in bytes of the decoded body."""

    code = "body_malformed"
    title = "The body is not valid for its media type."

    def __init__(self, detail: str = "", *, offset: int | None = None) -> None:
        super().__init__(detail)
        self.offset = offset


class PartialBodyError(RequestError):
    """The body is only a part of a document (RFC 9110, section 14.5), and the rest is not available."""

    code = "body_partial"
    title = "A part of a document cannot be inspected; send the whole document."


class DigestMismatchError(RequestError):
    """A digest that the sender gave is not that of the body, which is to be redacted.

    `detail` names the field and the algorithm.
    """

    code = "digest_mismatch"
    title = "The body is not the one that the digest in a header field is of."


class IncompleteBodyError(RequestError):
    code = "body_incomplete"
    title = "The body ended before its declared length."


class MalformedTargetError(RequestError):
    code = "target_malformed"
    title = "The request target is not valid."


class UnsupportedMediaTypeError(RequestError):
    code = "media_type_unsupported"
    status = 415
    title = "The route does not accept this media type."

    def __init__(self, detail: str = "", *, accepted: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.accepted = accepted


class UnsupportedContentEncodingError(RequestError):
    code = "content_encoding_unsupported"
    status = 415
    title = "The content encoding is not supported."


class MalformedContentEncodingError(RequestError):
    code = "content_encoding_malformed"
    title = "The body cannot be decompressed as its content encoding says."


class ExpectationFailedError(RequestError):
    code = "expectation_failed"
    status = 417
    title = "The expectation of the request cannot be met."


class TooLargeError(RequestError):
    """A limit of the route on the body or on what it decodes to was exceeded."""

    code = "body_too_large"
    status = 413
    title = "The body exceeds a limit of the route."


class DecompressionRatioError(TooLargeError):
    code = "decompression_ratio_exceeded"
    title = "The body decompresses to more than the route's ratio limit allows."


class TooDeepError(TooLargeError):
    code = "nesting_too_deep"
    title = "The body is nested deeper than the route allows."


class TooManySegmentsError(TooLargeError):
    code = "too_many_segments"
    title = "The body has more pieces of text than the route allows."


class ProxyHeaderError(RequestError):
    """A load balancer's connection does not begin with a complete PROXY header."""

    code = "proxy_header_invalid"
    title = "The connection does not begin with a valid PROXY header."


class ProxyPeerError(RequestError):
    """The listener takes PROXY headers, but not from this peer."""

    code = "proxy_peer_not_trusted"
    status = 403
    title = "The listener accepts connections only from its load balancers."


class HeaderTimeoutError(RequestError):
    code = "header_timeout"
    status = 408
    title = "The head of the request did not arrive in time."


class BodyTimeoutError(RequestError):
    code = "body_timeout"
    status = 408
    title = "The body did not arrive in time."


class BodyTooSlowError(BodyTimeoutError):
    """The body came slower than the listener's minimum rate, long before its time limit."""

    code = "body_too_slow"
    title = "The body arrives more slowly than the listener allows."


class LoopDetectedError(RequestError):
    """The request carries the mark of this very deployment (RFC 8586): an upstream leads back here."""

    code = "loop_detected"
    status = 508
    title = "The request has already passed this shield: an upstream leads back to it."


class RateLimitedError(RetryLater, RequestError):
    """The route or the tenant is at its rate limit. Nothing was read; retry in `retry_after` seconds."""

    code = "rate_limited"
    status = 429
    title = "The route or the tenant is at its rate limit; try again later."


class PolicyBlockedError(RequestError):
    """How the proxy answers a `Decision.BLOCK` of the policy; the heart never raises it."""

    code = "policy_blocked"
    status = 422
    title = "The policy blocks this request."


class OpaqueContentError(PolicyBlockedError):
    """A text holds content that cannot be inspected (a file in base64), and the route does not allow it."""

    code = "opaque_content"
    title = "The body holds content that cannot be inspected."


class ProtectionError(ShieldError):
    """The shield cannot protect this write now (5xx), so it does not forward it."""

    code = "protection_unavailable"
    status = 503
    title = "The write cannot be protected now and was not forwarded."


class DeadlineExceededError(ProtectionError):
    code = "deadline_exceeded"
    title = "The inspection did not finish within its time limit."


class SaturatedError(RetryLater, ProtectionError):
    """There is too much load to serve this in time. Nothing was forwarded; retry in `retry_after` seconds."""

    code = "saturated"
    title = "The shield is overloaded; try again later."


class DrainingError(ProtectionError):
    code = "draining"
    title = "The shield is stopping; try another instance."


class DetectionIncompleteError(ProtectionError):
    """A detector raised, hung or could not read a part of the text. This never counts as `no finding`.

    `recognizer` is the name of the one that failed, where known; the name comes from the configuration.
    """

    code = "detection_incomplete"
    title = "The inspection is incomplete."

    def __init__(self, detail: str = "", *, recognizer: str = "") -> None:
        if recognizer and not detail:
            detail = f"recognizer {recognizer} failed"
        super().__init__(detail)
        self.recognizer = recognizer


class AnonymizationFailedError(ProtectionError):
    """An operator raised or gave no text, so a finding has no replacement."""

    code = "anonymization_failed"
    title = "A finding could not be replaced."


class AuditUnavailableError(ProtectionError):
    code = "audit_unavailable"
    title = "The audit log cannot be written."


class ResourcesExhaustedError(RetryLater, ShieldError):
    """The system gave no memory or thread for this request. Nothing is forwarded, not even by a bypass."""

    code = "resources_exhausted"
    status = 503
    title = "The system has no memory or threads left for this request; try again later."


class OutcomeUnknownError(ShieldError):
    """The shield failed once the write was on record, so nobody knows whether it took effect."""

    code = "outcome_unknown"
    title = "The shield failed after the write was recorded; whether it took effect is unknown."


class UpstreamError(ShieldError):
    """The upstream failed after the inspection (502/504)."""

    code = "upstream_failed"
    status = 502
    title = "The upstream failed."


class UpstreamUnavailableError(RetryLater, UpstreamError):
    """All addresses of the upstream failed lately and are not tried for now; nothing was read or sent."""

    code = "upstream_unavailable"
    status = 503
    title = "The upstream is not answering; try again later."


class UpstreamConnectError(UpstreamError):
    code = "upstream_unreachable"
    title = "No connection to the upstream could be made."


class UpstreamProtocolError(UpstreamError):
    code = "upstream_protocol_error"
    title = "The upstream did not answer in valid HTTP."


class UpstreamRedirectError(UpstreamError):
    """The upstream did not take the write, and redirects the client to where it would bypass the shield."""

    code = "upstream_redirected"
    title = "The upstream redirects the client to an address that bypasses the shield."


class UpstreamResetError(UpstreamError):
    """The connection broke after bytes went out: whether the write took effect is unknown."""

    code = "upstream_reset"
    title = "The upstream closed the connection before it answered."


class UpstreamTimeoutError(UpstreamError):
    code = "upstream_timeout"
    status = 504
    title = "The upstream did not answer in time."


class AuditCorruptError(ShieldError):
    """A log on disk is damaged below its last signed size; `detail` names the first bad record."""

    code = "audit_corrupt"
    title = "The audit log is damaged."


class RoleInsufficientError(ShieldError):
    """The caller of the admin listener is known, but its role may not do this."""

    code = "role_insufficient"
    status = 403
    title = "The caller's role does not allow this."


class AdminRateLimitedError(RetryLater, ShieldError):
    """A caller of the admin listener asks too often, or its address sent too many wrong credentials."""

    code = "admin_rate_limited"
    status = 429
    title = "Too many requests to the admin listener; try again later."


class NotServingError(ShieldError):
    """The instance is starting or stopping, so nothing about it can be changed now."""

    code = "not_serving"
    status = 503
    title = "The instance is starting or stopping."


class ReloadRefusedError(ShieldError):
    """A reload over the admin API was refused; `problems` says why, `cause_code` is the error's code."""

    code = "reload_refused"
    status = 409
    title = "The new configuration was refused; the previous one stays in force."

    def __init__(self, *, cause_code: str, problems: tuple[str, ...]) -> None:
        super().__init__()
        self.cause_code = cause_code
        self.problems = problems


class EvidenceError(ShieldError):
    """The source of evidence cannot be read, or the evidence cannot be made from it. Never for a request."""

    code = "evidence_unavailable"
    title = "The evidence cannot be made."


class DecryptionError(ShieldError):
    """An encrypted replacement was altered, or none of the given keys made it. Never for a request."""

    code = "decryption_failed"
    title = "An encrypted replacement cannot be decrypted."
