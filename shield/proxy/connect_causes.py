"""Says in a few words why no connection to an upstream was made: by the error alone, for the program's log.

No byte of the upstream is in them: they are names of the system's errors and OpenSSL's own sentences, which
at most name the host that the configuration asks for.
"""

from __future__ import annotations

import errno
import socket
import ssl

from shield.errors import UpstreamConnectError


class UnconnectedError(UpstreamConnectError):
    """No connection was made. `cause` is for the log; the client is not told what the network looks like."""

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.cause = cause


def connect_cause(error: OSError) -> str:
    """Why connecting, or the TLS handshake after it, failed."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {getattr(error, 'verify_message', 'not verified')}"
    if isinstance(error, ssl.SSLError):  # of those that Python makes itself some have no reason
        return f"tls: {(getattr(error, 'reason', None) or 'handshake failed').lower().replace('_', ' ')}"
    if isinstance(error, socket.gaierror):
        return f"name: {(error.strerror or 'not resolved').lower()}"
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
