"""The error that the schema's validators raise: a sentence and a code, for pydantic to collect."""

from __future__ import annotations

from shield.config_codes import ProblemCode


class InvalidValueError(ValueError):
    """A refused value; the text says what is wrong and what is allowed, and shows no value."""

    def __init__(self, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.code = code
