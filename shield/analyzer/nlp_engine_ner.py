"""Runs a user's own named-entity model through Presidio's `NlpEngine`: the models named `nlp:NAME`.

`NAME` is an entry point of the group `shield.nlp_engines`: a callable without arguments that returns a
`presidio_analyzer.nlp_engine.NlpEngine`, such as Presidio's own engines for spaCy, Stanza and transformers.
Only what a configuration names is loaded. The entity types and scores are those that the engine gives
(Presidio's engines map their labels by an `NerModelConfiguration`).

An engine reads one language at a time. Where it has several of the policy's, each passage is read in the one
that it is surely in, or in all of them where it is too short or too mixed to tell (`text_languages`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from shield.analyzer.passages import Passage
from shield.analyzer.text_languages import TextLanguages
from shield.config_codes import ProblemCode
from shield.domain import Check, Finding, no_check
from shield.errors import ConfigError, DetectionIncompleteError
from shield.foreign_errors import failed

GROUP = "shield.nlp_engines"
PREFIX = "nlp:"
SCORE = 0.85  # as in Presidio, where an engine gives no score
RECOGNIZER = "NlpEngineRecognizer"


class NlpEngineNer:
    """The loaded engine `name`, for those of the policy's `languages` that it has; it must have the first.

    Raises ConfigError where it cannot be loaded. Reads one text at a time.
    """

    latin_only = False

    def __init__(self, name: str, languages: Sequence[str]) -> None:
        point = _offered(name)
        self._engine = _made(name, point)
        self._lock = threading.Lock()  # an engine need not be safe for several threads
        try:
            if not self._engine.is_loaded():
                self._engine.load()
            offered = [str(language) for language in self._engine.get_supported_languages()]
            self.entities = frozenset(map(str, self._engine.get_supported_entities()))
        except Exception as error:  # noqa: BLE001  # foreign code; whatever it raises, the start is refused
            raise ConfigError(
                ProblemCode.MODEL_UNUSABLE, f"model nlp:{name} does not load: {type(error).__name__}"
            ) from None
        if languages[0] not in offered:
            raise ConfigError(
                ProblemCode.MODEL_UNUSABLE,
                f"model nlp:{name} has no language {languages[0]}; it has {', '.join(offered)}",
            )
        self._languages = tuple(language for language in dict.fromkeys(languages) if language in offered)
        self._told = TextLanguages(self._languages) if len(self._languages) > 1 else None
        version = point.dist.version if point.dist is not None else "unknown"
        self.digest = f"nlp:{name} {point.value} {version}"
        if self._told is not None:
            self.digest += f" {self._told.digest}"

    @property
    def recognizer(self) -> str:
        return RECOGNIZER

    def read(
        self, passages: Sequence[Passage], wanted: frozenset[str], check: Check = no_check
    ) -> Iterator[list[Finding]]:
        """The entities of the wanted types, aligned with `passages`, in their offsets.

        Raises `DetectionIncompleteError` where the engine raises or returns no valid result,
        `ResourcesExhaustedError` where it lacks memory or a thread, and whatever `check` raises.
        """
        for passage in passages:
            found: dict[Finding, None] = {}
            for language in self._languages_of(passage.text):
                check()
                found.update(dict.fromkeys(self._read(passage.text, language, wanted)))
            yield list(found)

    def _languages_of(self, text: str) -> tuple[str, ...]:
        return self._languages if self._told is None else self._told.of(text)

    def _read(self, text: str, language: str, wanted: frozenset[str]) -> list[Finding]:
        readable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        try:
            with self._lock:
                artifacts = self._engine.process_text(readable, language)
            spans = [
                (int(entity.start_char), int(entity.end_char), str(entity.label_))
                for entity in artifacts.entities
            ]
            scores = artifacts.scores or [SCORE] * len(spans)
            found = [
                Finding(start, end, label, float(score), RECOGNIZER)
                for (start, end, label), score in zip(spans, scores, strict=True)
                if label in wanted
            ]
        except (Exception, SystemExit, GeneratorExit) as error:  # noqa: BLE001  # it may carry the text
            raise failed(error, DetectionIncompleteError(recognizer=RECOGNIZER)) from None
        # A span outside the text means that something was found at an unknown place, not "nothing found".
        # Nor does a score that is not a number (NaN) count as below all thresholds.
        if not all(0 <= it.start < it.end <= len(text) and 0.0 <= it.score <= 1.0 for it in found):
            raise DetectionIncompleteError(recognizer=RECOGNIZER)
        return found


def entities_of(name: str) -> frozenset[str]:
    """The types that the engine `name` gives, without loading its model. Raises ConfigError."""
    engine = _made(name, _offered(name))
    try:
        return frozenset(map(str, engine.get_supported_entities()))
    except Exception as error:  # noqa: BLE001  # foreign code
        raise ConfigError(
            ProblemCode.MODEL_UNUSABLE, f"model nlp:{name} does not load: {type(error).__name__}"
        ) from None


def _offered(name: str) -> EntryPoint:
    offered = {point.name: point for point in entry_points(group=GROUP)}
    if name not in offered:
        known = ", ".join(sorted(offered)) or "none is installed"
        raise ConfigError(
            ProblemCode.MODEL_UNKNOWN, f"model nlp:{name}: no entry point of that name in {GROUP} ({known})"
        )
    return offered[name]


def _made(name: str, point: EntryPoint) -> Any:
    try:
        factory: Callable[[], Any] = point.load()
        return factory()
    except Exception as error:  # noqa: BLE001  # foreign code; whatever it raises, the start is refused
        raise ConfigError(
            ProblemCode.MODEL_UNUSABLE, f"model nlp:{name} does not load: {type(error).__name__}"
        ) from None
