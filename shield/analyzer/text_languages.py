"""Tells which languages a text is in, for a model that reads one at a time (decision 027).

It uses py3langid's model: naive Bayes over sequences of bytes (Lui and Baldwin, "langid.py: An Off-the-shelf
Language Identification Tool", ACL 2012). Nothing of a text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

from shield.config_codes import ProblemCode
from shield.errors import ConfigError

SURE: Final = 0.9
"""The probability from which an answer is used; decision 027 says how often it is right."""
PIECE: Final = 240
"""Code points after which the next lines are judged separately: a mail may quote another language."""

_LEAST_WORDS: Final = 4  # among fewer a name decides: "Maria García" is not a Spanish text
_WORD = re.compile(r"[^\W\d_]{2,}")


class TextLanguages:
    """Tells texts in the languages `among` (ISO 639-1) apart. Thread-safe.

    Raises `ConfigError` where the package is not installed or does not know one of them.
    """

    def __init__(self, among: Sequence[str]) -> None:
        self._among = tuple(among)
        self._identifier = _identifier(self._among)
        self.digest = f"py3langid {version('py3langid')} {SURE} {PIECE}"

    def of(self, text: str) -> tuple[str, ...]:
        """The languages that `text` is surely in, by its pieces; all of them where no piece is sure.

        One language too many only costs time; one too few would lose findings.
        """
        sure = set()
        for piece in _pieces(text):
            language, probability = self._identifier.classify(piece)
            if probability >= SURE and len(_WORD.findall(piece)) >= _LEAST_WORDS:
                sure.add(language)
        return tuple(language for language in self._among if language in sure) or self._among


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    whole = True  # whether the last piece is long enough to be judged
    for line in text.splitlines(keepends=True):
        if whole:
            pieces.append(line)
        else:
            pieces[-1] += line
        whole = len(pieces[-1]) >= PIECE
    if not whole and len(pieces) > 1:
        pieces[-2:] = ["".join(pieces[-2:])]
    return pieces


def _identifier(among: Sequence[str]) -> Any:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # an extra
    except ImportError:
        raise ConfigError(
            ProblemCode.MODEL_UNUSABLE,
            f"the model has several of the policy's languages ({', '.join(among)}): to tell which one a text "
            "is in, run pip install '.[languages]' in a checkout, or name only one",
        ) from None
    try:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except (OSError, ValueError) as error:  # the model is unpacked into a temporary file
        raise ConfigError(
            ProblemCode.MODEL_UNUSABLE,
            f"what tells the languages of texts does not load: {type(error).__name__}",
        ) from None
    if unknown := sorted(set(among) - set(identifier.labels)):
        raise ConfigError(
            ProblemCode.MODEL_UNUSABLE, f"texts in {', '.join(unknown)} cannot be told from those in others"
        )
    identifier.set_languages(among)
    return identifier
