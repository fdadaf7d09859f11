"""Lets a detection be stopped before its end, and keeps what it had found by then.

The detectors run in this order: first the patterns over all segments, in time linear in the text; then the
user's own recognizers; then the model, the most expensive. Once the patterns are done, their result is
complete and available, even to another thread while the later detectors run or hang. What those find on
the way is added to it, so it can only cover more.
"""

from __future__ import annotations

from collections.abc import Sequence

from shield.domain import Check, Finding, no_check


class Attempt:
    """The attempt for one document. Once the patterns are done, `rest` is called between pieces of work.

    `rest` may raise to stop. `reduced` marks the attempt after a stopped one: only patterns are run, and not
    even these where `found` has their result already.
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
        """Whether only dispensable detectors are running now."""
        return self.found is not None and not self.done

    def begin_rest(self, found: list[list[Finding]]) -> None:
        """Called when the patterns are done, with `found` per segment; the later detectors add to it."""
        self.found = found
        self.rest()

    def settled(self) -> Attempt:
        """The reduced attempt that uses what this one has found, whatever happens to this one."""
        found: Sequence[list[Finding]] | None = self.found
        return Attempt(reduced=True, found=None if found is None else [list(each) for each in found])
