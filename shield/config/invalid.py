"""What the validators of the schema raise: a sentence and the code of its kind, for pydantic to gather."""

from __future__ import annotations

from shield.config_codes import ProblemCode


class InvalidValueError(ValueError):
    """A value that is refused; the text says what is wrong and what is allowed, and shows no value."""

    def __init__(self, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.code = code
