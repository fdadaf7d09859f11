"""Decides what a later detector adds to the findings of earlier ones in a segment."""

from __future__ import annotations

from collections.abc import Sequence

from shield.analyzer.covered import Covered
from shield.analyzer.views.reading import WRITTEN
from shield.analyzer.views.view import TABLE, View
from shield.domain import KEEP, Finding, Policy

_SURE_ENOUGH = 0.5
"""The score from which a check digit, a form or a label confirms a rule's finding."""
KINDS_OF_NUMBERS = frozenset(
    {
        "ACCOUNT_NUMBER",
        "CREDIT_CARD",
        "LICENSE_PLATE",
        "MEDICAL_RECORD_NUMBER",
        "NATIONAL_ID",
        "PASSWORD",
        "PHONE_NUMBER",
        "PIN",
        "POSTCODE",
        "US_BANK_NUMBER",
        "US_SSN",
        "USERNAME",
        "VEHICLE_ID",
    }
)
"""Types of numbers and codes that a model can give."""
VAGUE = frozenset({"DATE_TIME", "URL", "NRP", "ORGANIZATION", "PERSON", "LOCATION"})
"""Types that say little about a value."""


class Named:
    """Tells to which of the model's numbers a rule gave a type. Reads the findings on the first call only."""

    __slots__ = ("_by_rule", "_policy", "_within")

    def __init__(self, by_rule: Sequence[Finding], policy: Policy | None = None) -> None:
        """Findings of `by_rule` below the thresholds of `policy` do not count."""
        self._by_rule = by_rule
        self._policy = policy
        self._within: Covered | None = None

    def holds(self, entity_type: str, start: int, end: int) -> bool:
        """Whether it is a number within a finding that a rule is sure of."""
        if not self._by_rule or entity_type not in KINDS_OF_NUMBERS:
            return False
        if self._within is None:
            self._within = Covered([each for each in self._by_rule if self._is_sure(each)])
        return self._within.hold(start, end)

    def _is_sure(self, finding: Finding) -> bool:
        policy, kind = self._policy, finding.entity_type
        least = _SURE_ENOUGH
        if policy is not None and kind in policy.operators:
            least = max(least, policy.threshold_of(kind))
        return finding.score >= least


def unnamed(
    findings: Sequence[Finding], named: Named, by_rule: Sequence[Finding], policy: Policy
) -> Sequence[Finding]:
    """The model's findings without the numbers that a rule named, and without those in a named cell.

    The model knows that a number is personal long before it knows its kind; a rule that knows its form or its
    label gives the kind. For any value in a table, the column's name is better evidence than the model; it
    counts where the `policy` acts on it. `named` is made of `by_rule`.
    """
    if not findings or not by_rule:
        return findings
    news = [each for each in findings if not named.holds(each.entity_type, each.start, each.end)]
    cells = [each for each in by_rule if each.view == TABLE and _acts(policy, each)]
    if not cells:
        return news
    within = Covered(cells)
    return [each for each in news if not within.hold(each.start, each.end)]


def _acts(policy: Policy, finding: Finding) -> bool:
    """Whether the policy replaces the finding."""
    kind = finding.entity_type
    return (
        finding.score >= policy.threshold_of(kind)
        and kind in policy.operators
        and policy.operators[kind].name != KEEP
    )


def add(found: list[Finding], view: View, again: Sequence[Finding]) -> None:
    """Adds the new findings of a view, in raw offsets.

    Where words or figures are read as a number, chance hits are likely: findings that no check digit, form
    or label confirms are left out, and so are those whose type says little about the value.
    """
    known = {(f.start, f.end, f.entity_type): f.score for f in found}
    for finding in again:
        if view.name not in WRITTEN and (
            finding.score < _SURE_ENOUGH
            or finding.entity_type in VAGUE
            or not view.changes(finding.start, finding.end)
        ):
            continue
        start, end = view.raw_span(finding.start, finding.end)
        place = (start, end, finding.entity_type)
        if known.get(place, -1.0) < finding.score:
            known[place] = finding.score
            found.append(finding._replace(start=start, end=end, view=view.name))
