"""Combines the scores of the tagger and the encoder, where both have read, into one row per token.

The two err at different places. A weighted mean of their log-probabilities (a product of experts) chooses
better than either, so `O` and labels that are chosen too often can be penalized more. The penalties, the
weight and the calibration of the result were fitted on held-out records and are in `joint` of the encoder's
`config.json`. See docs/decisions/037-two-models-decide.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from shield.analyzer.tagging.tagger import FloatArray, TaggerConfig, added_of


@dataclass(frozen=True, slots=True)
class JointScores:
    """`share` of the tagger's scores (0 to 1), the rest of the encoder's, and `leaning` (tags) added to them.

    `config` has the calibration of the joint scores. `added` (tags) is all that was added to the
    log-probabilities, except the penalty on `O`, which does not count in the score of a span.
    """

    config: TaggerConfig
    share: float
    leaning: FloatArray
    added: FloatArray

    def of(self, by_tagger: FloatArray, by_encoder: FloatArray) -> FloatArray:
        """The joint scores (tokens, tags) of tokens that both have read."""
        joint: FloatArray = by_encoder * np.float32(1.0 - self.share)
        joint += by_tagger * np.float32(self.share)
        joint += self.leaning
        return joint

    @classmethod
    def made(
        cls, tagger: TaggerConfig, encoder: TaggerConfig, settings: dict[str, Any], threshold: float
    ) -> JointScores:
        """From the settings `share`, `added` (by label, and `O`), `slope` and `shift`.

        Raises ValueError where the two models do not share their labels.
        """
        if tagger.labels != encoder.labels or tagger.soft != encoder.soft:
            raise ValueError("the models do not have the same labels")
        share = float(settings["share"])
        leaning = added_of(settings["added"], tagger.labels)
        named = leaning.copy()
        named[0] = 0.0
        for config, part in ((tagger, share), (encoder, 1.0 - share)):
            if config.added is not None:
                named += np.float32(part) * config.added
        config = replace(
            encoder,
            slope=float(settings["slope"]),
            shift=float(settings["shift"]),
            threshold=threshold,
            added=None,  # of spans that both have read: `added` below
        )
        return cls(config, share, leaning, named)

    @classmethod
    def of_encoder(cls, encoder: TaggerConfig) -> JointScores:
        """The encoder's own scores, wherever it has read."""
        none = np.zeros(1 + 2 * len(encoder.labels), np.float32)
        return cls(encoder, 0.0, none, none if encoder.added is None else encoder.added)

    @classmethod
    def read(cls, folder: Path, tagger: TaggerConfig, encoder: TaggerConfig) -> JointScores:
        """As set in the `config.json` of the encoder in `folder`. Raises ValueError where it is invalid."""
        raw: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if "joint" not in raw:
            raise ValueError(f"{folder}: no joint decision with a tagger was fitted")
        return cls.made(tagger, encoder, raw["joint"], encoder.threshold)
