"""Why an upstream cannot be connected to is said in words of the system and of OpenSSL."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from shield.proxy.connect_causes import connect_cause


def unverified() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


def in_plain_text() -> ssl.SSLError:
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (TimeoutError(), "timeout"),
        (unverified(), "certificate: certificate has expired"),
        (in_plain_text(), "tls: wrong version number"),
        (ssl.SSLError(1, "secret-zebra"), "tls: handshake failed"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "name: name or service not known"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "secret-zebra"), "ECONNREFUSED"),
        (OSError(errno.EHOSTUNREACH, "secret-zebra"), "EHOSTUNREACH"),
        (OSError("Multiple exceptions: secret-zebra"), "OSError"),
    ],
)
def test_a_cause_quotes_no_message(error: OSError, cause: str) -> None:
    assert connect_cause(error) == cause
