"""Decides what a later detector adds to the findings of earlier ones in a segment."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from shield.analyzer.tables import TABLE
from shield.analyzer.views.reading import WRITTEN
from shield.analyzer.views.view import View
from shield.domain import Finding, Policy

_SURE_ENOUGH = 0.5
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
_SIGN = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#3[49]|#60|#62|#160);|</?[A-Za-z][A-Za-z0-9]{0,9}\s?/?>")
_LONGEST_SIGN = 14
_MENTIONED = re.compile(r"(?<!\w)@([^\W\d_][^\W\d_'\u2019.-]{1,30}) \Z")
_LONGEST_MENTION = 34
_OF_ANY_SIGN = frozenset({"PASSWORD", "SECRET_KEY"})
_EMPHASIS = re.compile(r"\*{1,3}")
_KEY = re.compile(r"(?<![\w=+/])[A-Za-z_][\w.\-]{0,40}=(?!=)")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_TAG_BEFORE = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,9})>\Z")  # plain tags, which `mask` leaves as they are
_CLOSED_BY_NOTHING = frozenset({"br", "hr", "img", "input", "wbr"})
_WORDS = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"})
PIECE = "joined"
"""The view of findings that are a piece of a value: `mask` shows nothing of them."""
VAGUE = frozenset({"DATE_TIME", "URL", "NRP", "ORGANIZATION", "PERSON", "LOCATION"})
"""Types that say little about a value."""


class Named:
    """Tells to which of the model's numbers a rule gave a type. Reads the findings on the first call only."""

    __slots__ = ("_by_rule", "_policy", "_within")

    def __init__(self, by_rule: Sequence[Finding], policy: Policy | None = None) -> None:
        """Findings of `by_rule` below the thresholds of `policy` do not count."""
        self._by_rule = by_rule
        self._policy = policy
        self._within: _Within | None = None

    def holds(self, entity_type: str, start: int, end: int) -> bool:
        """Whether it is a number within a finding that a rule is sure of."""
        if not self._by_rule or entity_type not in KINDS_OF_NUMBERS:
            return False
        if self._within is None:
            self._within = _Within([each for each in self._by_rule if self._is_sure(each)])
        return self._within.hold(start, end)

    def _is_sure(self, finding: Finding) -> bool:
        policy, kind = self._policy, finding.entity_type
        least = _SURE_ENOUGH
        if policy is not None and kind in policy.operators:
            least = max(least, policy.thresholds.get(kind, policy.score_threshold))
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
    within = _Within(cells)
    return [each for each in news if not within.hold(each.start, each.end)]


def _acts(policy: Policy, finding: Finding) -> bool:
    """Whether the policy replaces the finding."""
    kind = finding.entity_type
    return (
        finding.score >= policy.thresholds.get(kind, policy.score_threshold)
        and kind in policy.operators
        and policy.operators[kind].name != "keep"
    )


class _Within:
    """Tells whether a span lies within one of the findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        spans = sorted((each.start, each.end) for each in findings)
        self._starts = [start for start, _ in spans]
        # The farthest end among those that start no later: a long text has many of both.
        self._reach = [0, *accumulate((end for _, end in spans), max)]

    def hold(self, start: int, end: int) -> bool:
        return self._reach[bisect_right(self._starts, start)] >= end


def beside_markup(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """The findings without character references and bare tags at their ends, which only surround a value.

    A model takes the "lt" of "Maria &lt;maria@example.com&gt;" for part of the address, and the "p>" of
    "<p>Maria" for part of the name.
    """
    if "&" not in text and "<" not in text:
        return findings
    kept = []
    for finding in findings:
        start, end = finding.start, finding.end
        for match in _SIGN.finditer(text, max(0, start - _LONGEST_SIGN), end + _LONGEST_SIGN):
            if match.end() <= start or match.start() >= end:
                continue
            if match.start() <= start:
                start = match.end()
            elif match.end() >= end:
                end = match.start()
        if start < end:
            kept.append(
                finding
                if (start, end) == (finding.start, finding.end)
                else finding._replace(start=start, end=end)
            )
    return kept


def between_signs(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """The model's findings without keys of pairs and marks of Markdown within them.

    In "user=jdoe msg=x" a model takes "user=jdoe msg" for a name, and "**Ana** *Lima*" for a single one.
    """
    if "=" in text:
        findings = _apart(findings, text, _KEY, "=")
    return _apart(findings, text, _EMPHASIS, "*") if "*" in text else findings


def _apart(findings: Sequence[Finding], text: str, form: re.Pattern[str], sign: str) -> Sequence[Finding]:
    """The pieces of the findings between matches of `form`, which contain `sign`."""
    kept = []
    for finding in findings:
        if sign not in text[finding.start : finding.end + 1] or finding.entity_type in _OF_ANY_SIGN:
            kept.append(finding)
            continue
        at = finding.start
        for key in [*form.finditer(text, finding.start, finding.end + 1), None]:
            end = finding.end if key is None else min(key.start(), finding.end)
            piece = text[at:end]
            if any(map(str.isalnum, piece)):
                first = at + len(piece) - len(piece.lstrip())
                kept.append(finding._replace(start=first, end=at + len(piece.rstrip(" \t,;&"))))
            at = finding.end if key is None else key.end()
    return kept


def with_mentions(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """Names extended by the start of a mention: a model reads "@Fatima Al-Rashid" as a handle and a name."""
    if "@" not in text:
        return findings
    kept = []
    for finding in findings:
        if finding.entity_type == "PERSON":
            before = _MENTIONED.search(text, max(0, finding.start - _LONGEST_MENTION), finding.start)
            if before is not None:
                finding = finding._replace(start=before.start(1))  # noqa: PLW2901
        kept.append(finding)
    return kept


def between_tags(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Names, places and addresses split at the HTML tags within them: a finding for each piece between.

    A name is read across tags (`<b>Maria</b> <i>Lima</i>`), and an address across the cells of a row, but the
    tags must stay balanced. Numbers stay whole, as an operator may keep their last digits: a tag within one
    takes its other half right beside the number along. Where that half is not there, the number is split as
    well, lest a tag stay open or be closed twice.
    """
    kept: list[Finding] = []
    for finding in findings:
        tags = list(_TAG.finditer(text, finding.start, finding.end))
        if not tags:
            kept.append(finding)
            continue
        if finding.entity_type not in _WORDS:
            start, end, whole = _with_halves(text, finding, [tag[0] for tag in tags])
            if whole:
                kept.append(finding._replace(start=start, end=end))
                continue
            finding = finding._replace(view=PIECE)  # noqa: PLW2901  of which an operator shows no last digits
        starts = [finding.start, *(tag.end() for tag in tags)]
        ends = [*(tag.start() for tag in tags), finding.end]
        for start, end in zip(starts, ends, strict=True):
            piece = text[start:end]
            if any(map(str.isalnum, piece)):
                first = start + len(piece) - len(piece.lstrip())
                kept.append(finding._replace(start=first, end=first + len(piece.strip())))
    return kept


def _with_halves(text: str, finding: Finding, tags: Sequence[str]) -> tuple[int, int, bool]:
    """Start and end of a finding extended by the tags beside it whose other half is among `tags` within it.

    The third value is whether each of the `tags` now has its other half.
    """
    open_: list[str] = []
    closed: list[str] = []
    for tag in tags:
        name = _TAG_NAME.match(tag)
        if name is None or tag.endswith("/>") or name[2] in _CLOSED_BY_NOTHING:
            continue
        if name[1]:
            if open_ and open_[-1] == name[2]:
                open_.pop()
            else:
                closed.append(name[2])
        else:
            open_.append(name[2])
    start, end = finding.start, finding.end
    whole = True
    for name_ in closed:
        before = _TAG_BEFORE.search(text, max(0, start - _LONGEST_SIGN), start)
        if before is None or before[1] != name_:
            whole = False
            break
        start = before.start()
    for name_ in reversed(open_):
        if not text.startswith(f"</{name_}>", end):
            whole = False
            break
        end += len(name_) + 3
    return start, end, whole


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
