"""Chooses texts of kinds beyond chats and forms: news, posts, help-desk sentences, turns about a person."""

from __future__ import annotations

import random
from typing import Final

from models.training import lexicon as lex
from models.training.bearers import Bearers
from models.training.cast import Cast
from models.training.desk_texts import DESK, NOBODY, TURNS
from models.training.draws import Slots
from models.training.names import Names
from models.training.news_texts import HEADLINES, JOBS, NEWS
from models.training.social_texts import SOCIAL

SHARES: Final = {"news": 0.34, "headlines": 0.06, "desk": 0.22, "turns": 0.15, "nobody": 0.09, "social": 0.14}
LOWER: Final = {"news": 0.0, "headlines": 0.0, "desk": 0.1, "turns": 0.7, "nobody": 0.6, "social": 0.1}
"""The share of texts of each kind, and the share of these in lower case."""


class Scenes:
    """Chooses the templates of a text; `slots` gives the slots that only these templates have."""

    def __init__(self, names: Names, cities: dict[str, list[str]], rng: random.Random) -> None:
        self.rng = rng
        self.cast, self.bearers = Cast(names, rng), Bearers(names, cities, rng)
        self.jobs = lex.listed(JOBS)
        self.slots: Slots = {
            **self.cast.slots,
            **self.bearers.slots,
            "job": lambda: [(rng.choice(self.jobs), "")],
            "year": lambda: [(str(rng.randint(1640, 2026)), "DATE_TIME")],
            "month": lambda: [(rng.choice(lex.MONTHS), "DATE_TIME")],
            "short": lambda: [("".join(rng.choices("abcdefghkmnpqrstwxyzABCDEFGHKLMNPQRS234567", k=9)), "")],
            "club_tag": lambda: [("".join(rng.choices("ABCDEFGHLMNPRSTUVW", k=3)), "")],
        }

    def templates(self) -> tuple[list[str], str, bool]:
        """The templates of a text, the separator between them, and whether all is in lower case."""
        rng = self.rng
        self.cast.new()
        kind = rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
        lower = rng.random() < LOWER[kind]
        if kind == "news":
            return rng.choices(NEWS, k=rng.choice([1, 1, 2, 3])), " ", lower
        if kind == "headlines":
            return [rng.choice(HEADLINES)], " ", lower
        if kind == "desk":
            return rng.choices(DESK, k=rng.choice([1, 1, 1, 2, 3])), rng.choice([" ", "\n"]), lower
        if kind == "turns":
            turns = rng.choices([*TURNS, *NOBODY], weights=[3.0] * len(TURNS) + [0.6] * len(NOBODY), k=2)
            return turns[: rng.choice([1, 1, 1, 2])], rng.choice([" ", "\n", ", "]), lower
        if kind == "nobody":
            return rng.choices(NOBODY, k=rng.choice([1, 1, 2])), rng.choice([" ", "\n", ", "]), lower
        return [rng.choice(SOCIAL)], " ", lower

    def organisation(self) -> str:
        """Any organisation, to replace a span of a real text."""
        bearers = self.bearers
        slot = self.rng.choice(
            [bearers.slot_firm, bearers.slot_firm, bearers.slot_school, bearers.slot_body, bearers.slot_club]
        )
        return slot()[0][0]
