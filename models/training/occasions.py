"""Fills slots with dates and times."""

from __future__ import annotations

from models.training import lexicon as lex
from models.training.draws import Draws, Piece, Slots


class Occasions:
    """Fills slots of dates and times. Every random choice comes from the draws."""

    def __init__(self, draws: Draws) -> None:
        self.draws, self.rng = draws, draws.rng
        self.slots: Slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def slot_birth(self) -> list[Piece]:
        return [(self.draws.date(1925, 2012), "DATE_OF_BIRTH")]

    def slot_date(self) -> list[Piece]:
        rng = self.rng
        form = rng.random()
        if form < 0.45:
            return [(self.draws.date(2010, 2030), "DATE_TIME")]
        if form < 0.6:
            return [(rng.choice(lex.WEEKDAYS[:7]), "DATE_TIME")]
        if form < 0.75:
            return [(f"{rng.choice(lex.MONTHS)} {rng.randint(1, 28)}", "DATE_TIME")]
        return [
            (
                rng.choice(
                    [
                        "yesterday",
                        "today",
                        "tomorrow",
                        "last week",
                        "next Monday",
                        "this morning",
                        "two days ago",
                        "last month",
                        "next week",
                        "tonight",
                        "in 2019",
                        "last Friday",
                    ]
                ).removeprefix("in "),
                "DATE_TIME",
            )
        ]

    def slot_time(self) -> list[Piece]:
        rng = self.rng
        half = rng.choice(["am", "pm", "AM", "PM"])
        return [
            (
                rng.choice(
                    [
                        f"{rng.randint(1, 12)}:{rng.randint(0, 59):02} {half}",
                        f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}",
                        f"{rng.randint(1, 12)}pm",
                        f"{rng.randint(1, 12)} o'clock",
                        "noon",
                    ]
                ),
                "DATE_TIME",
            )
        ]
