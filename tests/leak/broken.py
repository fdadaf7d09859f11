"""Parts that fail on purpose: user-supplied recognizers, and a disk."""

from __future__ import annotations

import threading
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from shield.audit.files import OsFiles
from tests.leak.rows import MAIL


class Raising(EntityRecognizer):
    """A user's careless recognizer, which fails with the text in its exception."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["CREDIT_CARD"], name="Raising")

    def load(self) -> None: ...

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        del entities, nlp_artifacts
        raise ValueError(f"cannot read {text!r}")


class Hanging(EntityRecognizer):
    """A user's recognizer that hangs until it is released; the warm-up passes."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["CREDIT_CARD"], name="Hanging")
        self.let_go = threading.Event()

    def load(self) -> None: ...

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        del entities, nlp_artifacts
        if MAIL in text:
            self.let_go.wait(30)
        return []


class LateRaising(Raising):
    """Fails on the canary only, so that the service can start."""

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        return super().analyze(text, entities, nlp_artifacts) if MAIL in text else []


class Exhausted(Raising):
    """Gets no memory, thread or the like on the canary: raises `error`, or its own that is caused by it."""

    def __init__(self, error: type[Exception], *arguments: object) -> None:
        super().__init__()
        self._error = error
        self._arguments = arguments

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        if MAIL not in text:
            return []
        if self._arguments:
            raise ValueError(f"cannot read {text!r}") from self._error(*self._arguments)
        raise self._error(f"no memory for {text!r}")


class FailingFiles(OsFiles):
    """A disk that fails from a chosen moment on."""

    def __init__(self, number: int, calls: tuple[str, ...]) -> None:
        self.failing = False
        self._number = number
        self._calls = calls

    def write(self, fd: int, data: Any) -> int:
        self._fail("write")
        return super().write(fd, data)

    def fdatasync(self, fd: int) -> None:
        self._fail("fdatasync")
        super().fdatasync(fd)

    def _fail(self, call: str) -> None:
        if self.failing and call in self._calls:
            raise OSError(self._number, "made to fail")
