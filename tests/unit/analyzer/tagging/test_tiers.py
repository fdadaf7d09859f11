"""The tiers: what the encoder reads besides the tagger, how much of a text, and how both are combined."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.tagger_ner import ENCODER, FOLDER
from shield.analyzer.tagging.encoder import WINDOW, Encoder, FloatArray, sentences, windows
from shield.analyzer.tagging.joint_scores import JointScores
from shield.analyzer.tagging.tagger import Tagger, calibrated, decoded
from shield.analyzer.tagging.tiers import (
    FEWEST,
    LEAST,
    TOGETHER,
    Accurate,
    ByEncoder,
    Cascade,
    Models,
    budget,
    chosen,
    dearest,
    goes_on,
    is_little,
    leads,
    packs_of,
    together,
    within_numbers,
)
from shield.analyzer.tagging.tokens import BROKEN, Tokens, tokenize
from tests.unit.analyzer.tagging.conftest import LONG, TEXT


@pytest.fixture(scope="module")
def joint(tagger: Tagger, encoder: Encoder) -> JointScores:
    return JointScores.read(ENCODER, tagger.config, encoder.config)


class Counting(Encoder):
    """An encoder that notes how many tokens it was given."""

    @classmethod
    def of(cls, encoder: Encoder) -> Counting:
        counting = cls.__new__(cls)
        counting.__dict__.update(vars(encoder), tokens=0)
        return counting

    def window(self, tokens: Tokens) -> FloatArray:
        self.tokens: int = self.tokens + len(tokens)
        return super().window(tokens)


def test_without_doubt_a_tier_is_the_tagger(tagger: Tagger, encoder: Encoder, joint: JointScores) -> None:
    texts = ["nothing to see here at all", LONG]
    assert Cascade(tagger, encoder, doubt=1.1).tag(texts) == tagger.tag(texts)
    assert Accurate(tagger, encoder, joint, certain=0.0).tag(texts) == tagger.tag(texts)


def test_in_doubt_of_everything_and_without_a_limit_the_cascade_is_the_encoder(
    tagger: Tagger, encoder: Encoder
) -> None:
    texts = [TEXT, LONG, "Call Maria"]
    assert Cascade(tagger, encoder, doubt=0.0, share=1.0).tag(texts) == ByEncoder(encoder).tag(texts)


def test_in_doubt_of_everything_both_decide_over_the_whole_text(
    tagger: Tagger, encoder: Encoder, joint: JointScores
) -> None:
    """They read windows of sentences with the joint calibration, which does not count what was added."""
    for text in [TEXT, LONG, "Call Maria"]:
        tokens = tokenize(text)
        read = [encoder.window(tokens[a:b]) for a, b in windows(together(sentences(tokens)))]
        scores = joint.of(tagger.scores(tokens), np.concatenate(read))
        config = replace(joint.config, added=joint.added)
        spans = calibrated(tokens, decoded(scores, config), config)
        assert Accurate(tagger, encoder, joint, certain=1.1).tag([text]) == [spans]


def test_the_encoder_reads_what_the_tagger_is_not_certain_of(
    tagger: Tagger, encoder: Encoder, joint: JointScores
) -> None:
    counting = Counting.of(encoder)
    accurate = Accurate(tagger, counting, joint)
    sure = "Could you please have a look and tell me what else I can try in the meantime?"
    unsure = "Then Oz and brentley of the Dunmore office wrote back about the same thing, again."
    assert accurate.tag([sure]) == [[]]
    assert counting.tokens == 0
    accurate.tag([f"{sure} {unsure} {sure}"])
    assert counting.tokens == len(tokenize(unsure))


def test_a_tier_without_a_joint_decision_is_not_made(
    tmp_path: Path, tagger: Tagger, encoder: Encoder
) -> None:
    raw = json.loads((ENCODER / "config.json").read_text(encoding="utf-8"))
    del raw["joint"]
    (tmp_path / "config.json").write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(ValueError, match="no joint decision"):
        JointScores.read(tmp_path, tagger.config, encoder.config)
    other = replace(encoder.config, labels=encoder.config.labels[::-1])
    with pytest.raises(ValueError, match="same labels"):
        JointScores.read(ENCODER, tagger.config, other)


def test_joint_scores_are_a_weighted_mean_with_what_is_added(joint: JointScores, tagger: Tagger) -> None:
    by_tagger = np.zeros((1, 41), np.float32)
    by_encoder = np.full((1, 41), -2.0, np.float32)
    scores = joint.of(by_tagger, by_encoder)
    assert scores[0, -1] == pytest.approx(-2.0 * (1 - joint.share))
    assert scores[0, 0] == pytest.approx(-2.0 * (1 - joint.share) + joint.leaning[0])
    person = 1 + 2 * tagger.labels.index("PERSON")
    assert joint.added[0] == 0.0
    assert joint.added[person] == pytest.approx(-0.6 + joint.leaning[person])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_the_encoder_of_the_cascade_reads_no_more_than_its_share(
    tagger: Tagger, encoder: Encoder, share: float
) -> None:
    counting = Counting.of(encoder)
    Cascade(tagger, counting, doubt=0.0, share=share).tag([LONG])
    assert 0 < counting.tokens <= max(LEAST, share * len(tokenize(LONG)) + 1)


@pytest.mark.parametrize("name", ["cascade", "accurate"])
def test_what_is_found_of_a_text_does_not_depend_on_the_others(name: str) -> None:
    tier = Models(FOLDER, ENCODER).tier(name)
    texts = [TEXT, "spoke to okafor of billing", LONG]
    assert tier.tag(texts) == [tier.tag([text])[0] for text in texts]


@pytest.mark.parametrize(("count", "share", "most"), [(10, 0.15, LEAST), (1000, 0.15, 150), (1001, 0.1, 101)])
def test_a_short_text_has_a_least_budget(count: int, share: float, most: int) -> None:
    assert budget(count, share) == most


def doubts(count: int, **at: float) -> FloatArray:
    values = np.zeros(count, np.float32)
    for place, value in at.items():
        values[int(place[1:])] = value
    return values


def test_most_doubt_for_its_length_comes_first() -> None:
    parts = [(0, 20), (20, 40), (40, 60)]
    assert dearest(doubts(60, _3=0.1, _25=0.3, _50=0.2), parts, 0.05, 40) == [(20, 40), (40, 60)]


def test_what_is_below_the_least_doubt_is_not_asked() -> None:
    assert dearest(doubts(20, _3=0.04), [(0, 20)], 0.05, 40) == []


def test_a_sentence_longer_than_what_is_left_is_cut_around_its_doubt() -> None:
    assert dearest(doubts(100, _50=0.3), [(0, 100)], 0.05, 20) == [(40, 60)]
    assert dearest(doubts(100, _99=0.3), [(0, 100)], 0.05, 20) == [(80, 100)]
    assert dearest(doubts(100, _1=0.3), [(0, 100)], 0.05, 20) == [(0, 20)]


def test_a_rest_too_short_to_be_understood_is_not_spent() -> None:
    parts = [(0, 20), (20, 40)]
    assert dearest(doubts(40, _3=0.3, _30=0.2), parts, 0.05, 20 + FEWEST - 1) == [(0, 20)]


def test_it_is_spent_on_shorter_sentences_in_order_of_their_doubt() -> None:
    parts = [(0, 20), (20, 40), (40, 44), (44, 48), (48, 51), (51, 52)]
    values = doubts(52, _3=0.9, _30=0.9, _41=0.06, _45=0.08, _49=0.07, _51=0.05)
    # 7 left: the second does not fit, the fourth does, then the fifth; nothing is left for the last.
    assert dearest(values, parts, 0.05, 27) == [(0, 20), (44, 48), (48, 51)]
    assert dearest(values, parts, 0.05, 25) == [(0, 20), (44, 48), (51, 52)]
    assert dearest(values, parts, 0.05, 22) == [(0, 20), (51, 52)]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30), st.integers(0, 120), st.randoms())
def test_ranges_are_disjoint_and_within_the_budget(lengths: list[int], most: int, rng: random.Random) -> None:
    ends = np.cumsum(lengths).tolist()
    parts = list(zip([0, *ends[:-1]], ends, strict=True))
    values = np.array([rng.random() / 2 for _ in range(ends[-1])], np.float32)
    taken = dearest(values, parts, 0.05, most)
    assert sum(end - start for start, end in taken) <= most
    assert all(a[1] <= b[0] for a, b in pairwise(taken))
    assert all(any(s <= start < end <= e for s, e in parts) for start, end in taken)
    left = most - sum(end - start for start, end in taken)
    asked = {part for part in parts for start, end in taken if part[0] <= start < end <= part[1]}
    unasked = [part for part in parts if part not in asked and values[part[0] : part[1]].max() >= 0.05]
    assert all(left < min(end - start, FEWEST) for start, end in unasked)


@given(st.text(max_size=600))
def test_short_parts_are_put_together_and_cover_the_text(text: str) -> None:
    tokens = tokenize(text)
    parts = list(together(sentences(tokens)))
    assert [start for start, _ in parts] == [0, *(end for _, end in parts[:-1])][: len(parts)]
    assert (parts[-1][1] if parts else 0) == len(tokens)
    assert all(0 < end - start <= WINDOW for start, end in parts)
    for (a, _), (start, end) in pairwise(parts):
        assert end - start >= TOGETHER or end - a > WINDOW - TOGETHER


def test_a_short_answer_is_read_with_its_question() -> None:
    tokens = tokenize("and what is the name on the account, please?\nokafor")
    assert list(together(sentences(tokens))) == [(0, len(tokens))]


def test_signs_numbers_and_short_words_in_lower_case_are_little() -> None:
    assert [is_little(word) for word in ("-", "48", "at", "our")] == [True] * 4
    assert not any(is_little(word) for word in ("Li", "maria", "I", "EU"))


@given(st.text(max_size=600))
def test_all_sentences_together_are_read_in_the_windows_of_the_encoder(text: str) -> None:
    parts = list(sentences(tokenize(text)))
    assert [(pack[0][0], pack[-1][1]) for pack in packs_of(parts)] == list(windows(parts))


def test_a_run_holds_no_more_than_a_window() -> None:
    packs = list(packs_of([(0, 60), (100, 130), (200, 260)]))
    assert packs == [[(0, 60), (100, 130)], [(200, 260)]]
    assert all(sum(end - start for start, end in pack) <= WINDOW for pack in packs)


def test_what_does_not_follow_its_neighbour_begins_as_a_line_does() -> None:
    tokens = tokenize("one two. three four. five six.")
    picked = chosen(tokens, [(0, 3), (6, 9)])
    assert picked.texts == ["one", "two", ".", "five", "six", "."]
    assert picked.gaps[3] == BROKEN
    assert picked[3].start == tokens[6].start
    assert chosen(tokens, [(0, 3), (3, 6)]).gaps == tokens[0:6].gaps


def test_a_word_between_numbers_is_no_name_to_ask_about() -> None:
    words = tokenize("GB 82 WEST 1234 from Maria 12").texts
    assert within_numbers(words, words.index("WEST"))
    assert not any(within_numbers(words, words.index(word)) for word in ("GB", "Maria", "12"))


def test_a_few_capitals_right_before_a_number_begin_an_identifier() -> None:
    tokens = tokenize("the refund is GB82 WEST, Maria12 and GB 82")
    assert [i for i in range(len(tokens)) if leads(tokens, i)] == [tokens.texts.index("GB")]


def test_a_number_right_behind_letters_goes_on_an_identifier():
    tokens = tokenize("IBAN GB82 WEST at 82 Main Street, No.7")
    assert [i for i in range(len(tokens)) if goes_on(tokens, i)] == [tokens.texts.index("82")]


def test_tiers_of_the_same_models_share_what_was_read(tmp_path: Path) -> None:
    """Nothing is read that no tier asked for."""
    models = Models(FOLDER, tmp_path)
    assert models.tier("fast") is models.tier("fast")
    with pytest.raises(FileNotFoundError):
        models.tier("accurate")
    whole = Models(FOLDER, ENCODER)
    assert isinstance(whole.tier("cascade"), Cascade)
    assert whole.tier("fast") is whole.tier("fast")
