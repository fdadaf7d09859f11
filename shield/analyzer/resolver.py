"""Reduces the detectors' findings to those that the policy acts on, disjoint and in order.

The rules of precedence, each with a test named after it:

1. A finding whose type has no operator in the policy is dropped first, so it never shadows one that the
   policy acts on.
2. A finding below the threshold of its type is dropped; a type without its own threshold has the
   policy's.
3. A finding whose whole text is an allowed term, whatever its case and kind of quotation marks, is dropped.
   (The terms of a policy are made `domain.comparable` when it is compiled.)
4. A replacement (`<PERSON>`, in HTML `&lt;PERSON&gt;`) at the edge of a finding is cut off it, and what lies
   within one is dropped, where the policy has a type of that name: an earlier write put it there, and the
   text is sent again. So are pseudonyms, and what was encrypted (`earlier`).
5. Findings that overlap are united: the union is redacted whole, so no tail stays exposed.
6. The union takes the type of the highest score; among equal scores, of the longest finding; among
   equal lengths, the more specific type; then the type first in the alphabet.
7. A finding whose type is kept never wins over one that is acted on, and is dropped where they overlap:
   keeping one on purpose is no reason to expose the other.
8. Neighbouring persons, and neighbouring locations, with nothing but space between are one finding.
9. A finding over one mark of a short CDATA section is extended to the section's other mark, so that none is
   left alone.
10. The score, the recognizer and the view of the union are those of the finding that gave the type. Where
    findings of other types make it longer, its view is that of a piece, of which no operator shows a part:
    the last digits would be another value's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter

from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.sections import OPENING, over_both_marks
from shield.analyzer.replaced import beside, may_hold, replaced
from shield.domain import KEEP, AllowRule, Finding, Policy, comparable

_MERGED_WITH_NEIGHBOURS = frozenset({"PERSON", "LOCATION"})
_PLACE = itemgetter(0, 1)  # where a finding starts and ends
# Types that say least about the value: where all else is equal, any other type wins.
_LEAST_SPECIFIC = ("NRP", "ORGANIZATION", "DATE_TIME", "URL")


def resolve(
    text: str, findings: Sequence[Finding], policy: Policy, earlier: Sequence[tuple[int, int]] = ()
) -> list[Finding]:
    """The findings that `policy` acts on (or keeps), disjoint, sorted by `start`.

    `earlier` are the places of what operators with a key wrote before, in order.
    """
    considered, keeps = _considered(text, findings, policy, earlier)
    marked = OPENING in text
    if not considered or (len(considered) == 1 and not marked):
        return considered
    kept: list[Finding] = []
    if keeps:  # which no preset policy does
        operators = policy.operators
        kept = [finding for finding in considered if operators[finding.entity_type].name == KEEP]
        considered = [finding for finding in considered if operators[finding.entity_type].name != KEEP]
    if marked:
        considered = over_both_marks(text, considered)
    acted = _merged(text, _united(considered))
    if not kept:
        return acted
    starts = [finding.start for finding in acted]
    spared = [finding for finding in _united(kept) if not _touches_any(finding, acted, starts)]
    return sorted([*acted, *spared], key=lambda finding: finding.start)


def _considered(
    text: str, findings: Sequence[Finding], policy: Policy, earlier: Sequence[tuple[int, int]]
) -> tuple[list[Finding], bool]:
    """The findings that count under the policy, and whether it keeps any of them."""
    operators, allow = policy.operators, policy.allow
    thresholds, usual = policy.thresholds, policy.score_threshold
    considered: list[Finding] = []
    keeps = False
    if may_hold(text) and (others := replaced(text, operators)):
        earlier = sorted([*earlier, *others])
    for finding in findings:
        start, end, entity_type, score, _, _ = finding
        spec = operators.get(entity_type)
        if spec is None or start >= end or score < thresholds.get(entity_type, usual):
            continue
        if allow and _is_allowed(comparable(text[start:end]), entity_type, allow):
            continue
        if earlier:
            place = beside(text, start, end, earlier)
            if place != (start, end):
                if place[0] == place[1]:
                    continue
                finding = finding._replace(start=place[0], end=place[1])  # noqa: PLW2901  cut
        considered.append(finding)
        keeps = keeps or spec.name == KEEP
    return considered, keeps


def _is_allowed(term: str, entity_type: str, allow: Sequence[AllowRule]) -> bool:
    # A loop rather than `any`: a policy has one or two rules, and a generator costs more than these.
    for rule in allow:  # noqa: SIM110
        if term in rule.terms and (not rule.entities or entity_type in rule.entities):
            return True
    return False


def _rank(finding: Finding) -> tuple[float, int, int, str]:
    """The sort key of precedence; the smallest wins."""
    entity_type = finding.entity_type
    vague = _LEAST_SPECIFIC.index(entity_type) + 1 if entity_type in _LEAST_SPECIFIC else 0
    return (-finding.score, finding.start - finding.end, vague, entity_type)


def _united(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those that overlap united (rules 5 and 6)."""
    united: list[Finding] = []
    start = end = -1
    winner: Finding | None = None
    mixed = False  # of several types
    for finding in sorted(findings, key=_PLACE):
        if finding.start < end and winner is not None:
            end = max(end, finding.end)
            mixed = mixed or finding.entity_type != winner.entity_type
            if _rank(finding) < _rank(winner):
                winner = finding
        else:
            if winner is not None:
                united.append(_over(winner, start, end, mixed=mixed))
            start, end, *_ = winner = finding
            mixed = False
    if winner is not None:
        united.append(_over(winner, start, end, mixed=mixed))
    return united


def _over(finding: Finding, start: int, end: int, *, mixed: bool) -> Finding:
    if (start, end) == finding[:2]:
        return finding
    return finding._replace(start=start, end=end, view=JOINED if mixed else finding.view)


def _merged(text: str, findings: Sequence[Finding]) -> list[Finding]:
    merged: list[Finding] = []
    for finding in findings:
        last = merged[-1] if merged else None
        if (
            last is not None
            and finding.entity_type == last.entity_type
            and finding.entity_type in _MERGED_WITH_NEIGHBOURS
            and (not (between := text[last.end : finding.start]) or between.isspace())
        ):
            best = last if last.score >= finding.score else finding
            merged[-1] = best._replace(start=last.start, end=finding.end)
        else:
            merged.append(finding)
    return merged


def _touches_any(finding: Finding, others: Sequence[Finding], starts: Sequence[int]) -> bool:
    """Whether it overlaps one of `others` (disjoint, sorted, starting at `starts`): only one can."""
    place = bisect_left(starts, finding.end)
    return place > 0 and others[place - 1].end > finding.start
