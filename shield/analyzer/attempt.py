"""Detection that may be told to stop before its end, and what it had found by then.

The detectors run in an order: first the patterns over all segments, in a time that is linear in the text;
then the recognizers of a user's own; then the model, which is the dearest. Once the patterns are through,
their result is complete and stays in reach, also of another thread while the detectors behind them run
or hang. Whatever those find on the way is added to it: it can only cover more.
"""

from __future__ import annotations

from collections.abc import Sequence

from shield.domain import Check, Finding, no_check


class Attempt:
    """Of one document. `rest` is asked between pieces of work once the patterns are through; may raise.

    With `reduced`, it is the attempt after one that was stopped: nothing but patterns is run, and not even
    these where `found` has them already.
    """

    __slots__ = ("done", "found", "reduced", "rest")

    def __init__(
        self, rest: Check = no_check, *, reduced: bool = False, found: list[list[Finding]] | None = None
    ) -> None:
        self.rest = rest
        self.reduced = reduced
        self.found = found
        self.done = False

    @property
    def past_patterns(self) -> bool:
        """Whether all that runs now is what can be done without."""
        return self.found is not None and not self.done

    def begin_rest(self, found: list[list[Finding]]) -> None:
        """The patterns are through, with `found` of each segment; the detectors behind them add to it."""
        self.found = found
        self.rest()

    def settled(self) -> Attempt:
        """The attempt that makes do with what this one has, whatever becomes of it."""
        found: Sequence[list[Finding]] | None = self.found
        return Attempt(reduced=True, found=None if found is None else [list(each) for each in found])
