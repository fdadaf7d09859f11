"""Fills slots with companies, products, goods and teams."""

from __future__ import annotations

from models.training import lexicon as lex
from models.training.addresses import Addresses
from models.training.draws import Draws, Piece, Slots
from models.training.names import Names
from models.training.product_texts import GOODS, NAMESAKES, PRODUCTS, TEAMS


class Trade:
    """Fills slots of companies and of what they sell. Every random choice comes from the draws."""

    def __init__(self, names: Names, addresses: Addresses, draws: Draws) -> None:
        self.names, self.addresses, self.rng = names, addresses, draws.rng
        self.company_kinds = lex.listed(lex.COMPANY_KINDS)
        self.companies = lex.listed(lex.KNOWN_COMPANIES)
        self.things = lex.listed(lex.COMMON_THINGS)
        self.products = lex.listed(PRODUCTS)
        self.namesakes = lex.listed(NAMESAKES)
        self.goods = lex.listed(GOODS)
        self.teams = lex.listed(TEAMS)
        self.slots: Slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def slot_company(self) -> list[Piece]:
        rng = self.rng
        form = rng.random()
        if form < 0.35:
            name = rng.choice(self.companies)
        elif form < 0.7:
            name = f"{rng.choice(lex.COMPANY_WORDS)} {rng.choice(self.company_kinds)}"
        elif form < 0.85:
            name = f"{self.names.pair(rng)[1]} {rng.choice(self.company_kinds)}"
        else:
            name = f"{self.names.pair(rng)[1]}, {self.names.pair(rng)[1]} and {self.names.pair(rng)[1]}"
        return [(name, "ORGANIZATION")]

    def slot_nationality(self) -> list[Piece]:
        return [(self.rng.choice(lex.NATIONALITIES), "NRP")]

    def slot_thing(self) -> list[Piece]:
        return [(self.rng.choice(self.things), "")]

    def slot_product(self) -> list[Piece]:
        return [(self.rng.choice(self.products), "")]

    def slot_namesake(self) -> list[Piece]:
        return [(self.rng.choice(self.namesakes), "")]

    def slot_good(self) -> list[Piece]:
        return [(self.rng.choice(self.goods), "")]

    def slot_named_good(self) -> list[Piece]:
        """Goods named after a forename or a city, as in shops."""
        rng = self.rng
        name = self.addresses.city() if rng.random() < 0.25 else self.names.given(rng)
        return [(f"{name} {rng.choice(self.goods)}", "")]

    def slot_team(self) -> list[Piece]:
        return [(self.rng.choice(self.teams), "")]
