"""Signs with a key that is elsewhere, through a program such as a client of a key service or token.

The contract is small on purpose: the bytes to sign on standard input, the Ed25519 signature (RFC 8032, pure,
64 bytes or their base64) on standard output, exit code 0. Each signature is verified with the configured
public key, so a program that signs with another key, or signs other bytes, is an error.
"""

from __future__ import annotations

import base64
import binascii
import subprocess
from collections.abc import Sequence

from shield.audit.checkpoint import SignerError, VerifierKey

_SIGNATURE_BYTES = 64
_MOST_OUTPUT = 4096


class CommandSigner:
    """Runs `command` for each signature; at most `timeout` seconds each."""

    remote = True

    def __init__(self, key: VerifierKey, command: Sequence[str], timeout: float) -> None:
        self.key = key
        self._command = list(command)
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"CommandSigner({self.key.vkey})"

    def sign_text(self, message: bytes) -> bytes:
        """The signature, checked against the public key. Raises `SignerError`."""
        try:
            done = subprocess.run(  # noqa: S603 -- the operator's own program, from the configuration
                self._command,
                input=message,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SignerError(f"the signer did not answer within {self._timeout:g} s") from None
        except OSError as error:
            raise SignerError(f"the signer cannot be run: {error.strerror}") from None
        if done.returncode != 0:
            raise SignerError(f"the signer ended with code {done.returncode}")
        signature = _signature(done.stdout)
        if not self.key.verify(message, signature):
            raise SignerError("what the signer returned is not a signature by its public key")
        return signature


def _signature(output: bytes) -> bytes:
    if len(output) == _SIGNATURE_BYTES:
        return output
    try:
        return base64.b64decode(output[:_MOST_OUTPUT].strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
