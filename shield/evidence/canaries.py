"""Canaries: synthetic values in sentences, what a policy is expected to do with each, the verdict. Pure.

The sentences are in `canaries.json`: entity type, language, disguise, the text with the value between `[[`
and `]]`, and which recognizers find it with which score (`scripts/calibrate_canaries.py`). A canary is
*expected* of a policy where the policy names its type with an operator that does not keep the text, enables
its language, runs one of those recognizers with a threshold that its score reaches, and does not allow its
value. Nothing is expected of types that a policy does not name. Types that a policy names and no canary
covers are reported.

The verdict rests on the output, not on what the detectors report: no long piece of the value may be left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import orjson

from shield.domain import KEEP, DenyRule, OperatorSpec, Policy

OPEN_MARK, CLOSE_MARK = "[[", "]]"
OWN = "own"
DENIED = "deny_list"

_MASKS = {"mask": "char", "presidio:mask": "masking_char"}
"""The operators that hide characters one by one, and their parameter for the character shown instead."""

_SHORT = 6  # letters and digits: a shorter value is only looked for as a whole


@dataclass(frozen=True, slots=True)
class Canary:
    """One sentence. `start` and `end` are the value's place in `text`; `found_by` maps recognizers to scores.

    An empty `found_by`: always expected, since the configuration says so.
    """

    entity: str
    language: str
    variant: str
    text: str
    start: int
    end: int
    found_by: Mapping[str, float]

    @property
    def id(self) -> str:
        return f"{self.entity}/{self.language}/{self.variant}"

    @property
    def value(self) -> str:
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Suite:
    """The canaries expected of one policy. `uncovered` are the types that it redacts and no canary tests."""

    canaries: tuple[Canary, ...]
    uncovered: tuple[str, ...]


def marked(text: str) -> tuple[str, int, int]:
    """The text without its marks, and the place of what they enclose: all of it where there are none."""
    before, opened, rest = text.partition(OPEN_MARK)
    if not opened:
        return text, 0, len(text)
    value, _, after = rest.partition(CLOSE_MARK)
    return before + value + after, len(before), len(before) + len(value)


def shipped_canaries() -> tuple[Canary, ...]:
    """The canaries of the package."""
    raw = orjson.loads(resources.files("shield.evidence").joinpath("canaries.json").read_bytes())
    return tuple(
        Canary(
            item["entity"],
            item["language"],
            item["variant"],
            *marked(item["text"]),
            found_by=item["found_by"],
        )
        for item in raw
    )


def suite_for(
    policy: Policy,
    recognizers: frozenset[str],
    shipped: Iterable[Canary],
    samples: Mapping[str, Sequence[str]],
) -> Suite:
    """The canaries expected of `policy`, whose engine runs `recognizers`.

    `samples` are the configuration's own texts by type, with or without marks. The terms of the policy's deny
    lists come from the policy.
    """
    language = policy.detector.languages[0]
    own = [
        Canary(entity, language, f"{OWN}{number}", *marked(text), found_by={})
        for entity, texts in sorted(samples.items())
        for number, text in enumerate(texts, 1)
    ]
    denied = [canary for rule in policy.deny for canary in _denied(rule, language)]
    expected = tuple(
        canary for canary in (*shipped, *own, *denied) if _is_expected(canary, policy, recognizers)
    )
    covered = {canary.entity for canary in expected}
    redacted = {entity for entity, spec in policy.operators.items() if spec.name != KEEP}
    return Suite(expected, tuple(sorted(redacted - covered)))


def _denied(rule: DenyRule, language: str) -> Iterable[Canary]:
    for number, term in enumerate(rule.terms[:3], 1):
        yield Canary(rule.entity_type, language, f"{DENIED}{number}", *marked(f"[[{term}]]"), found_by={})


def _is_expected(canary: Canary, policy: Policy, recognizers: frozenset[str]) -> bool:
    spec = policy.operators.get(canary.entity)
    if spec is None or spec.name == KEEP or canary.language not in policy.detector.languages:
        return False
    if canary.found_by:
        scores = [score for name, score in canary.found_by.items() if name in recognizers]
        if not scores or max(scores) < policy.threshold_of(canary.entity):
            return False
    value = canary.value.casefold()
    return not any(
        value in rule.terms and (not rule.entities or canary.entity in rule.entities) for rule in policy.allow
    )


def leaks(canary: Canary, output: str, spec: OperatorSpec) -> bool:
    """Whether `output`, the result for the canary's text, still shows its value.

    Of a value of six letters and digits or more, no run of half of them (six at least) may be left, whatever
    stands between and however they are written; more only where the operator is to show more at one end.
    Hidden characters of a mask separate runs: letters before them do not count towards the few that it shows.
    (A single sign hides nothing: a value that was left may hold it.) A shorter value may not be left as a
    separate word: its few characters occur in any digest.
    """
    value = _bare(canary.value)
    shown = max(_number(spec.params.get(name)) for name in ("keep_first", "keep_last"))
    if "chars_to_mask" in spec.params:  # Presidio's own mask shows all the rest
        shown = max(0, len(value) - _number(spec.params["chars_to_mask"]))
    if len(value) < _SHORT:
        return _has_word(output, canary.value)
    piece = min(len(value), max(-(-len(value) // 2), _SHORT, shown + 1))
    hidden = str(spec.params.get(_MASKS[spec.name], "*")) if spec.name in _MASKS else ""
    parts = re.split(f"{re.escape(hidden)}{{2,}}", output) if hidden else [output]
    rest = "\0".join(_bare(part) for part in parts)
    return any(value[at : at + piece] in rest for at in range(len(value) - piece + 1))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _bare(text: str) -> str:
    """Only letters and digits, compatibility forms normalized, case folded."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def _has_word(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = text.find(word, at + 1)
    return False
