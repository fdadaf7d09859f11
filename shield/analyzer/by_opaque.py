"""Runs recognizers that have only `analyze`: users' own, and Presidio's that are more than patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from presidio_analyzer import EntityRecognizer

from shield.analyzer.context import ContextWords, KeyContext, boosted
from shield.domain import Check, Finding, OperatorSpec
from shield.errors import DetectionIncompleteError, ShieldError
from shield.foreign_errors import failed


class ByOpaque:
    """Runs `recognizers` one after the other."""

    def __init__(self, recognizers: Sequence[Any]) -> None:
        self._recognizers = tuple(recognizers)
        self._contexts = tuple(ContextWords.of(each.context) for each in recognizers)

    def read(
        self, text: str, operators: Mapping[str, OperatorSpec], keys: KeyContext, check: Check
    ) -> list[Finding]:
        """Their findings of the types in `operators`, in code points of `text`; they may overlap.

        Raises DetectionIncompleteError where one raises or returns no valid result, ResourcesExhaustedError
        where one lacks memory or a thread, and what `check` raises.
        """
        found: list[Finding] = []
        for recognizer, context in zip(self._recognizers, self._contexts, strict=True):
            entities = [entity for entity in recognizer.supported_entities if entity in operators]
            if not entities:
                continue
            check()
            try:
                results = recognizer.analyze(text, entities, nlp_artifacts=None)
                if results is None:
                    raise TypeError  # noqa: TRY301  # the interface's default body; not an empty result
                for result in EntityRecognizer.remove_duplicates(list(results)):
                    span = (int(result.start), int(result.end))
                    if not 0 <= span[0] <= span[1] <= len(text):
                        raise ValueError  # noqa: TRY301  # it points outside the text
                    if not 0.0 <= (given := float(result.score)) <= 1.0:
                        raise ValueError  # noqa: TRY301  no score (NaN is none): to compare it says nothing
                    score = boosted(given, context, text, span, keys)
                    if result.entity_type in operators and span[0] < span[1]:
                        found.append(Finding(*span, str(result.entity_type), score, recognizer.name))
            except ShieldError:
                raise
            except (Exception, SystemExit, GeneratorExit) as error:  # noqa: BLE001  # it may carry the text
                raise failed(error, DetectionIncompleteError(recognizer=recognizer.name)) from None
        return found
