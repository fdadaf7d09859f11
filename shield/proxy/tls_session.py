"""Resumes TLS sessions to an upstream (RFC 8446, 2.2; RFC 5077), which makes new connections cheaper.

asyncio has no place for a session, but asks the context to wrap each connection: so the context holds it. One
context belongs to one endpoint; a session is never offered to another server. A resumed handshake shows no
certificate and issues the next session, so none is offered once the certificate of the first full handshake
has expired.
"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Callable
from typing import Any


class SessionKeepingContext(ssl.SSLContext):
    """A client's context that offers the session of the previous connection."""

    clock: Callable[[], float] = staticmethod(time.time)  # seconds since 1970
    session: ssl.SSLSession | None = None
    _until: float = -math.inf

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """As the base class, with the kept session."""
        options.setdefault("session", self.session if self.clock() < self._until else None)
        return super().wrap_bio(*arguments, **options)

    def keep(self, connection: object) -> None:
        """Keep the session of a connection of this context; call it once something was received over it.

        TLS 1.3 issues sessions after the handshake, with the first data.
        """
        if not isinstance(connection, ssl.SSLObject) or connection.context is not self:
            return  # one that was opened before the certificates were renewed
        session = connection.session
        if session is None or session == self.session:
            return
        self.session = session
        if not connection.session_reused:
            self._until = _expiry(connection.getpeercert())


def _expiry(certificate: dict[str, Any] | None) -> float:
    """Seconds since 1970; long ago where nothing was verified."""
    return ssl.cert_time_to_seconds(certificate["notAfter"]) if certificate else -math.inf
