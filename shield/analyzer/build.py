"""Builds the analyzer that a `DetectorSpec` asks for, and reports all errors in the spec."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from shield.analyzer import calibration, context, nlp_engine_ner, tagger_ner
from shield.analyzer.catalogue import selected
from shield.analyzer.detectors import Detectors, Ner
from shield.analyzer.engine import Analyzer
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.lettered_patterns import LetteredPatterns
from shield.analyzer.patterns import PatternEngine, is_plain
from shield.analyzer.recognizers import health, key_context, named_values, phone
from shield.analyzer.recognizers.labelled import ValuePatternRecognizer, is_lettered
from shield.analyzer.recognizers.phone_za import CLASSES as SOUTH_AFRICAN
from shield.analyzer.recognizers.phone_za import SouthAfricanNumbers
from shield.analyzer.recognizers.terms import PatternRules
from shield.analyzer.tagger_ner import TaggerNer
from shield.analyzer.tagging.tiers import TIERS, Models
from shield.analyzer.views.reading import Views
from shield.config_codes import ProblemCode
from shield.domain import DetectorSpec, PatternRule
from shield.errors import ConfigError

RULES_VERSION = 140

_PACKAGES = ("presidio-analyzer", "spacy", "hyperscan", "regex", "phonenumbers", "tldextract", "onnxruntime")


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Look for cycles only once all is made: nearly all of it stays, and each look walks over all of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_collecting_later()
def build_analyzer(
    spec: DetectorSpec,
    extra: Sequence[EntityRecognizer] = (),
    store: CompiledStore | None = None,
    models: Models | None = None,
) -> Analyzer:
    """The engine of `spec`; `extra` are recognizers that the configuration allows by entry point.

    `store` keeps the compiled patterns for the next start. `models` are shared by the analyzers that are
    built with them.

    Raises `ConfigError`: unknown recognizer, country or region; a model that is not installed; a
    pattern that cannot run in linear time.
    """
    names = [health.RECOGNIZER, *(recognizer.name for recognizer in extra)]
    chosen = [*selected(spec.recognizers, spec.languages, names), *extra]
    phones = any(type(recognizer) is PhoneRecognizer for recognizer in chosen)
    lettered = [recognizer for recognizer in chosen if is_lettered(recognizer)]
    plain = [recognizer for recognizer in chosen if is_plain(recognizer)]
    south_african = [recognizer for recognizer in chosen if type(recognizer) in SOUTH_AFRICAN]
    opaque = [
        recognizer
        for recognizer in chosen
        if not (is_plain(recognizer) or is_lettered(recognizer))
        and type(recognizer) not in {PhoneRecognizer, *SOUTH_AFRICAN}
    ]
    detectors = Detectors(
        patterns=PatternEngine(plain, store=store),
        rules=PatternRules(spec.patterns),
        opaque=tuple(opaque),
        phones=phone.PhoneNumbers(spec.phone_regions) if phones else None,
        ner=_model(spec.model, spec.languages, models),
        views=Views(store),
        named=_named(chosen),
        health=health.HealthTerms() if _speaks_of_health(spec) else None,
        south_african=SouthAfricanNumbers(south_african) if south_african else None,
        lettered=LetteredPatterns(lettered) if lettered else None,
    )
    document = _document(spec, chosen, detectors.ner)
    return Analyzer(detectors, "sha256:" + hashlib.sha256(document).hexdigest(), document)


def check_pattern(rule: PatternRule) -> None:
    """Raise `ConfigError` where a pattern from the configuration cannot run."""
    PatternRules((rule,))


def known_entities(spec: DetectorSpec, extra: Sequence[EntityRecognizer] = ()) -> frozenset[str]:
    """The entity types that the engine of `spec` can find, without loading its model."""
    names = [health.RECOGNIZER, *(recognizer.name for recognizer in extra)]
    chosen = [*selected(spec.recognizers, spec.languages, names), *extra]
    of_model = _model_entities(spec.model)
    return frozenset(
        {
            *(str(entity) for recognizer in chosen for entity in recognizer.supported_entities),
            *(rule.entity_type for rule in spec.patterns),
            *of_model,
            *key_context.ENTITIES,
            *_named(chosen),
            *(health.ENTITIES if _speaks_of_health(spec) else ()),
        }
    )


def _speaks_of_health(spec: DetectorSpec) -> bool:
    return not {"shield", health.RECOGNIZER}.isdisjoint(spec.recognizers)


def _named(recognizers: Sequence[Any]) -> frozenset[str]:
    """The types of our own recognizers among these, which names of members also announce (`named_values`)."""
    ours = [each for each in recognizers if isinstance(each, ValuePatternRecognizer)]
    return named_values.ENTITIES & {recognizer.ENTITY for recognizer in ours}


def _model_entities(name: str) -> frozenset[str]:
    if name == "none":
        return frozenset()
    if name in TIERS:
        return frozenset(entity for entities in tagger_ner.LABELS.values() for entity in entities)
    if name.startswith(nlp_engine_ner.PREFIX):
        return nlp_engine_ner.entities_of(name.removeprefix(nlp_engine_ner.PREFIX))
    return _spacy_entities()


def _model(name: str, languages: Sequence[str], models: Models | None) -> Ner | None:
    if name == "none":
        return None
    if name in TIERS:
        return TaggerNer(name, models)
    if name.startswith(nlp_engine_ner.PREFIX):
        return nlp_engine_ner.NlpEngineNer(name.removeprefix(nlp_engine_ner.PREFIX), languages)
    kind, _, package = name.partition(":")
    if kind != "spacy" or not package:
        raise ConfigError(
            ProblemCode.MODEL_UNKNOWN,
            f"model {name}: choose from none, {', '.join(TIERS)}, spacy:PACKAGE and nlp:NAME",
        )
    from shield.analyzer.spacy_ner import SpacyNer  # noqa: PLC0415  # whoever does not ask does not pay

    return SpacyNer(package)


def _spacy_entities() -> frozenset[str]:
    from shield.analyzer.spacy_ner import LABELS  # noqa: PLC0415  # as above

    return frozenset(LABELS.values())


def _document(spec: DetectorSpec, recognizers: Sequence[Any], ner: Ner | None) -> bytes:
    """Canonical JSON of all that decides the results, equal on every machine; the digest is its SHA-256."""
    material = {
        "rules": RULES_VERSION,
        "packages": {name: _version(name) for name in _PACKAGES},
        "spec": {
            "languages": list(spec.languages),
            "model": spec.model,
            "patterns": [
                [rule.name, rule.entity_type, rule.regex, rule.score, list(rule.context)]
                for rule in spec.patterns
            ],
            "phone_regions": list(spec.phone_regions),
        },
        "recognizers": [_described(recognizer) for recognizer in recognizers],
        "calibrated": sorted(calibration.CORRECTIONS),
        "context": [context.BOOST, context.NEAR_FLOOR, context.LABEL_FLOOR],
        "model": None if ner is None else ner.digest,
    }
    return json.dumps(material, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _described(recognizer: Any) -> list[Any]:
    patterns = [
        [pattern.name, pattern.regex, pattern.score] for pattern in getattr(recognizer, "patterns", ())
    ]
    return [
        recognizer.name,
        type(recognizer).__qualname__,
        str(recognizer.version),
        sorted(map(str, recognizer.supported_entities)),
        patterns,
        list(recognizer.context or ()),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
