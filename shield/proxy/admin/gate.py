"""Decides who may do what on the admin listener, and how often.

A caller is identified as a tenant is (`proxy.callers`): by an API key, sent here as `Authorization: Bearer
KEY` (RFC 6750), which scrapers support, or by a verified client certificate.

Law: an operation that changes something is never open to a caller without a name.

On the loopback device anybody may use the operations that change nothing, but only under a name of this host:
a page in a browser on this host could have its own name resolved to the device and read the answers (DNS
rebinding).

An address that sent several wrong keys is locked out for a while: no key from it is checked, right or wrong,
so that guessing reveals nothing. A certificate cannot be guessed and is always checked.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp.web import BaseRequest

from shield.config.settings import Listener
from shield.config.settings_callers import AdminAccess, AdminCaller, AdminRole
from shield.domain import sender_of
from shield.errors import (
    AdminRateLimitedError,
    CredentialsInvalidError,
    CredentialsRequiredError,
    RoleInsufficientError,
)
from shield.proxy.admin.operations import Operation
from shield.proxy.callers import certificate_owner, key_digest
from shield.proxy.token_bucket import TokenBuckets

FAILURE_RATE = 1 / 30
"""Wrong credentials a second by which an address's allowance is refilled."""
MAX_ADDRESSES = 4096
"""Addresses that can be locked out at the same time."""
_LOOPBACK_NAME = "localhost"
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. `name` is empty for an unknown caller, who has the role open to anybody, None for no role."""

    name: str
    role: AdminRole | None


def anybodys_role(listener: Listener, access: AdminAccess) -> AdminRole | None:
    """The role of a caller without a name: none where callers are configured, else by the listener's host."""
    if access.callers:
        return None
    return AdminRole.VIEWER if _is_loopback(listener.host) else AdminRole.METRICS


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == _LOOPBACK_NAME


def _asks_by_local_name(request: BaseRequest) -> bool:
    """Whether the Host header names this host, with any port."""
    host = request.headers.get("Host", "").lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return _is_loopback(name)


def address_of(request: BaseRequest) -> str:
    """The client's address in the form that a record holds; empty where there is none."""
    peername = request.protocol.peername
    if not isinstance(peername, tuple):
        return ""
    try:
        return ipaddress.ip_address(peername[0].partition("%")[0]).exploded
    except ValueError:
        return ""


class Gate:
    """Keeps how often each sender asked, so use one for the life of a listener. `clock` is monotonic."""

    def __init__(self, listener: Listener, access: AdminAccess, clock: Callable[[], float]) -> None:
        self._listener = listener
        self._clock = clock
        self._most_failures = 0
        self.configure(access)

    def configure(self, access: AdminAccess) -> None:
        """Use `access` from now on. Senders that are locked out stay so."""
        if access.failures != self._most_failures:
            self._most_failures = access.failures
            self._failures = TokenBuckets(FAILURE_RATE, access.failures, MAX_ADDRESSES)
        self._callers = access.callers
        self._anybody = Identity("", anybodys_role(self._listener, access))
        self._requests = TokenBuckets(access.rate, 2.0 * access.rate, max(1, len(access.callers)))
        self._keys = {key: it for it in access.callers.values() for key in it.api_keys}
        self._certificates = {each: it.name for it in access.callers.values() for each in it.certificates}

    def identify(self, request: BaseRequest) -> Identity:
        """Identify the caller. Raises CredentialsInvalidError; AdminRateLimitedError where locked out."""
        if not self._callers:
            if self._anybody.role is AdminRole.VIEWER and not _asks_by_local_name(request):
                return Identity("", AdminRole.METRICS)
            return self._anybody
        owner = certificate_owner(request, self._certificates) if self._certificates else ""
        sent = request.headers.getall("Authorization", [])
        caller = self._callers.get(owner)
        if sent:
            sender = sender_of(address_of(request))
            self._check_lock(sender)
            by_key = self._by_key(sent[0]) if len(sent) == 1 else None
            if by_key is None or (caller is not None and by_key != caller):
                self._failures.take(sender, self._clock())
                raise CredentialsInvalidError
            caller = by_key
        return self._anybody if caller is None else Identity(caller.name, caller.role)

    def _by_key(self, value: str) -> AdminCaller | None:
        if not value.lower().startswith(_SCHEME):
            return None
        return self._keys.get(key_digest(value[len(_SCHEME) :].strip(" ").encode("utf-8", "surrogateescape")))

    def _check_lock(self, sender: str) -> None:
        if wait := self._failures.wait(sender, self._clock()):
            raise AdminRateLimitedError(
                "This address sent too many wrong credentials.", retry_after=math.ceil(wait)
            )

    def allow(self, who: Identity, operation: Operation, request: BaseRequest) -> None:
        """Return if `who` may do `operation` now.

        Raises CredentialsRequiredError, RoleInsufficientError, AdminRateLimitedError.
        """
        if operation.role is None:
            return
        if who.name and (wait := self._requests.take(who.name, self._clock())):
            raise AdminRateLimitedError("This caller sends too many requests.", retry_after=math.ceil(wait))
        if not who.name and (operation.changes or who.role is None or who.role < operation.role):
            if operation.changes:
                sender = sender_of(address_of(request))
                self._check_lock(sender)
                self._failures.take(sender, self._clock())
            raise CredentialsRequiredError(
                "On this listener a key is sent as `Authorization: Bearer KEY`."
                if self._callers
                else "The configuration names no caller in `admin.callers`."
            )
        if who.role is None or who.role < operation.role:
            raise RoleInsufficientError
