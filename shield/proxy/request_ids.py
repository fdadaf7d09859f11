"""Makes request ids: 128 random bits in hexadecimal, never the client's (see `exchange`)."""

from __future__ import annotations

from collections.abc import Callable

_BYTES = 16
_DRAWN = 256
_WORD = 8  # hexadecimal digits, 32 bits


def is_chosen(request_id: str, share: float, word: int = 0) -> bool:
    """Whether a request is in a share (0 to 1) of all, by one word (0 to 3) of its own random bits.

    So the choice can be checked afterwards, and choosing by another word is independent.
    """
    return int(request_id[word * _WORD : (word + 1) * _WORD], 16) < share * (1 << 4 * _WORD)


class RequestIds:
    """Makes ids in one event loop, drawing the randomness of many with one system call.

    A system call releases the interpreter's lock, and getting it back from a busy thread takes a while.
    """

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._pool = b""
        self._next = 0

    def __call__(self) -> str:
        if self._next == len(self._pool):
            self._pool = self._random(_DRAWN * _BYTES)
            self._next = 0
        start = self._next
        self._next = start + _BYTES
        return self._pool[start : self._next].hex()
