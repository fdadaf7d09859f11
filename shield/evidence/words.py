"""Checks whether an operator's words hold personal data, with the detectors that inspect the traffic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from shield.analyzer.build import build_analyzer
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.resolver import resolve
from shield.domain import Policy, Segment

Inspect = Callable[[str], Sequence[str]]
"""The entity types that a text holds, each once."""


def words_inspector(policy: Policy, store: CompiledStore | None = None) -> Inspect:
    """An inspector that uses the policy's patterns alone: a few words give a language model nothing to go by.

    `store` keeps the compiled patterns for the next time. Raises `ConfigError` where the detectors cannot be
    built. What it returns raises `DetectionIncompleteError`.
    """
    plain = replace(policy, detector=replace(policy.detector, model="none"))
    analyzer = build_analyzer(plain.detector, store=store)

    def inspect(text: str) -> Sequence[str]:
        found = analyzer.analyze([Segment(0, text)], plain)[0]
        return sorted({finding.entity_type for finding in resolve(text, found, plain)})

    return inspect
