"""TLS sessions to an upstream, resumed (RFC 8446, 2.2; RFC 5077): a new connection need not do all anew.

asyncio has no place for a session, but asks the context to wrap each connection: so the context holds it.
One context belongs to one endpoint; a session is never offered to another server.
"""

from __future__ import annotations

import ssl
from typing import Any


class SessionKeepingContext(ssl.SSLContext):
    """A client's context that offers the session of the connection before."""

    session: ssl.SSLSession | None = None

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        """The base's, with the session that is kept."""
        options.setdefault("session", self.session)
        return super().wrap_bio(*arguments, **options)

    def keep(self, connection: object) -> None:
        """Keep the session of a connection of this context, once something was received over it.

        TLS 1.3 hands sessions out after the handshake, with the first data.
        """
        if isinstance(connection, ssl.SSLObject) and connection.session is not None:
            self.session = connection.session
