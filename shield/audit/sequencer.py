"""Gives records their index, time and nonce, in order, and keeps track of open intents. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shield.audit.record import AWAITING_OUTCOME, NONCE_BYTES, Draft, Kind, encode_record


class Sequencer:
    """Numbers, dates and encodes drafts, and knows which intents still wait for their outcome.

    Its memory is the open intents (index to request id), lowest index first. Not safe for threads.
    """

    def __init__(
        self,
        *,
        next_index: int,
        last_time_us: int,
        open_intents: Mapping[int, str],
        clock: Callable[[], int],
        random: Callable[[int], bytes],
    ) -> None:
        self.next_index = next_index
        self._last_time_us = last_time_us
        self.open_intents = dict(open_intents)
        self._clock = clock
        self._random = random
        self._nonces = b""
        self._used = 0

    def encode(self, draft: Draft) -> tuple[int, bytes]:
        """The index and the stored bytes of the next record; where it raises, nothing changes.

        Raises `ValueError` for an outcome of what is not an open intent.
        """
        kind = draft.kind
        is_outcome = kind is Kind.OUTCOME
        if is_outcome and draft.fields["intent"] not in self.open_intents:
            raise ValueError("an outcome must name an intent that is open")
        if self._used == len(self._nonces):
            self._nonces = self._random(NONCE_BYTES * 256)
            self._used = 0
        nonce = self._nonces[self._used : self._used + NONCE_BYTES]
        time = self._clock()
        time_us = time // 1000
        back = self._last_time_us - time_us
        index = self.next_index
        raw = encode_record(draft, index=index, time=time, nonce=nonce, clock_back_us=max(0, back))
        self._used += NONCE_BYTES
        self._last_time_us = time_us
        self.next_index = index + 1
        if kind in AWAITING_OUTCOME:
            self.open_intents[index] = draft.fields["request_id"]
        elif is_outcome:
            del self.open_intents[draft.fields["intent"]]
        return index, raw

    @property
    def oldest_needed(self) -> int:
        """The lowest index whose record recovery would need: that of the oldest open intent."""
        return next(iter(self.open_intents), self.next_index)
