"""Signs one head at a time in a separate thread, so that no commit waits for an external signer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from shield.audit.checkpoint import SignedCheckpoint, SignerError, TextSigner, sign_head


class SigningThread:
    """`begin` and `take` are for the writer's thread; `done` is called from the signing thread."""

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._answer: SignedCheckpoint | SignerError | None = None
        self.busy = False

    @property
    def ready(self) -> bool:
        """Whether `take` has an answer."""
        return self._answer is not None

    def begin(self, signer: TextSigner, size: int, root: bytes) -> None:
        """Asks for the signature of a head; not allowed while `busy`."""
        self.busy = True
        thread = threading.Thread(target=self._sign, args=(signer, size, root), name="signer", daemon=True)
        thread.start()

    def _sign(self, signer: TextSigner, size: int, root: bytes) -> None:
        try:
            self._answer = sign_head(signer, size, root)
        except SignerError as error:
            self._answer = error
        except Exception as error:  # noqa: BLE001 -- whatever it is, the next head is tried
            self._answer = SignerError(type(error).__name__)
        self._done()

    def take(self) -> SignedCheckpoint | SignerError:
        """The answer, once `ready`; ends `busy`."""
        answer, self._answer, self.busy = self._answer, None, False
        if answer is None:
            raise RuntimeError("nothing was signed")
        return answer
