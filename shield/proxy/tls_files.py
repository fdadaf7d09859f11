"""Why certificate files cannot be used, in words. Pure: no name and no content of a file is in them."""

from __future__ import annotations

import ssl
import types

_WORDS = types.MappingProxyType(
    {
        "KEY_VALUES_MISMATCH": "the private key is not that of the certificate",
        "NO_CERTIFICATE_OR_CRL_FOUND": "a file of authorities holds no certificate in PEM",
        "NO_START_LINE": "a file holds no certificate, or no private key, in PEM",
        "PEM_LIB": "a file holds no certificate, or no private key, in PEM",
    }
)


def why_unusable(error: OSError) -> str:
    """What is wrong, from the error of `load_cert_chain` or `load_verify_locations`."""
    if isinstance(error, ssl.SSLError):
        reason = error.reason or ""
        return _WORDS.get(reason, reason.lower().replace("_", " ") or "OpenSSL refuses them")
    return error.strerror or type(error).__name__
