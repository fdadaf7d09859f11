"""Loads certificate files, and explains why they cannot be used without naming or quoting a file."""

from __future__ import annotations

import errno
import re
import ssl
import types
from pathlib import Path

_WORDS = types.MappingProxyType(
    {
        "KEY_VALUES_MISMATCH": "the private key does not belong to the certificate",
        "NO_CERTIFICATE_OR_CRL_FOUND": "a file of authorities contains no PEM certificate",
        "NO_START_LINE": "a file contains no PEM certificate, or no PEM private key",
        "PEM_LIB": "a file contains no PEM certificate, or no PEM private key",
    }
)

_NOT_SAID = "OpenSSL refuses them; one may not be whole"
_CERTIFICATE = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----")
_PRIVATE_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")


def load_chain(context: ssl.SSLContext, certificate: Path, private_key: Path) -> None:
    """As `load_cert_chain`, but never asks the terminal for a passphrase.

    Raises `OSError`, which `why_unusable` explains. OpenSSL says little about a file of the wrong kind, so
    that is checked first.
    """
    _expect(certificate, _CERTIFICATE, "the certificate file contains no PEM certificate")
    _expect(private_key, _PRIVATE_KEY, "the private key file contains no PEM private key")
    context.load_cert_chain(certificate, private_key, _no_passphrase)


def _expect(file: Path, mark: re.Pattern[bytes], otherwise: str) -> None:
    if not file.is_file() and file.exists():
        raise OSError(errno.EINVAL, "a file is not a regular file")  # a pipe would be waited for
    if mark.search(file.read_bytes()) is None:
        raise OSError(errno.EINVAL, otherwise)


def _no_passphrase() -> str:
    raise OSError(errno.EINVAL, "the private key is encrypted; store it without a passphrase")


def why_unusable(error: OSError) -> str:
    """Explains an error of `load_chain` or `load_verify_locations`."""
    if isinstance(error, ssl.SSLError):
        reason = error.reason or ""
        return _WORDS.get(reason, reason.lower().replace("_", " ") or _NOT_SAID)
    return error.strerror or type(error).__name__
