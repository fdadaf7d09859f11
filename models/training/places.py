"""Streets and towns that no list has, made up.

Streets bear persons' names and the suffixes and unit designators of addresses in the United States (USPS
Publication 28, appendices C1 and C2), or the words for a way of other languages; towns bear persons' names.
"""

# ruff: noqa: SIM905 (lists of words)

from __future__ import annotations

import random
from typing import Final

from models.training.lexicon import listed
from models.training.names import Names

SUFFIXES: Final = """Alley Annex Arcade Bayou Bluff Bluffs Bottom Branch Bridge Brook Brooks Burg Burgs
Bypass Camp Cape Causeway Center Centers Circles Cliff Cliffs Common Corner Corners Course Courts Cove
Coves Creek Crescent Crest Crossing Crossroad Curve Dale Dam Divide Drives Estate Estates Expressway
Extension Extensions Fall Falls Ferry Field Fields Flat Flats Ford Fords Forest Forge Forges Fork Forks
Fort Freeway Garden Gardens Gateway Glen Glens Green Greens Grove Groves Harbor Harbors Haven Heights Hill
Hills Hollow Inlet Island Islands Isle Junction Junctions Key Keys Knoll Knolls Lake Lakes Land Landing
Light Lights Loaf Lock Locks Lodge Mall Manor Manors Meadow Meadows Mews Mill Mills Mission Motorway Mount
Mountain Mountains Neck Orchard Oval Overpass Park Parks Parkways Pass Passage Path Pike Pine Pines Plain
Plains Plazas Point Points Port Ports Prairie Radial Ramp Ranch Rapid Rapids Rest Ridge Ridges River Roads
Route Row Run Shoal Shoals Shore Shores Skyway Spring Springs Spur Spurs Squares Station Stravenue Stream
Streets Summit Throughway Trace Track Trafficway Tunnel Turnpike Underpass Union Unions Valley Valleys
Viaduct View Views Village Villages Ville Vista Walk Walks Wall Ways Well Wells""".split()
UNITS: Final = """Apt. {n};Apt {n};Suite {n};Ste {n};Unit {n};Unit {l};#{n};# {n};Floor {u};Room {n};
Bldg {l};Lot {u};Trlr {u};Apartment {u};Apt {u}{l};Suite {l};Ste. {n};Building {u}, Apt {n};{u}th Floor;
PH {u}"""
BOXES: Final = """PSC {m}, Box {m};PSC {m} Box {m};Unit {m} Box {m};CMR {n}, Box {m};RR {u} Box {n};
R.R. {u}, Box {n};HC {u} Box {n};Rural Route {u}, Box {n};Post Office Box {m};PO Box {m};P O Box {m};
p.o. box {n};Box {n};General Delivery;Locked Bag {m};GPO Box {m};Private Bag {n};Postfach {n} {n};
Apartado {m};BP {n}"""
ABROAD: Final = """{p}gatan {n};{p}vägen {n}{l};{p}vej {n}, {u}. tv;{p}gade {n};{p}gata {n};
{p}veien {n}{l};{f}inkatu {n} {l} {u};{p}ntie {n};Rua {f} {p}, {n};Rua {p} {n}, {u}º Dto;
Avenida {f} {p} {n};Av. {p} {n} - apto {n};Travessa {p} {n};Largo {p} {n};{p} utca {n}.;{p} út {n}/{l};
{p}ova {n}/{u};{p}a {n};Str. {f} {p} nr. {n};Bd. {p} {n}, ap. {u};{p} Sokak No:{n};{p} Caddesi {n}/{u};
Rue {f} {p} {n};Chaussée de {p} {n};{p}strasse {n}/{u}/{u};{p}laan {n} bus {u};ul. {p}a {n};bul. {p} {n};
Jalan {p} No. {n};Jl. {f} {p} {n};{n} Jalan {p};{n} {p} Estate;Plot {n} {p} Close;
{n} {p} Crescent, {s} Estate;Block {u}, Flat {n}, {p} Road;{p} Street {n};Calle {u} #{n}-{u};
Carrera {u} No. {n}-{u};Cra {u} # {n} - {u};Jirón {p} {n};Blvd. {p} {n} Int. {u};{n} Street {u};
Villa {u}, Street {n};{u}-{n}-{u} {p}-cho;{n}/{u} Soi {p};{n} {f} {p} Street;{n} Avenue {f} {p};
Kaya {p} {n};Odos {p} {n};{p} {n};{n} {p}"""
FRONT: Final = "North South East West New Port Lake".split()
BACK: Final = """ton ville burgh borough bury mouth port side shire stad land chester fort view furt haven
berg field wick ham worth dale""".split()
PLACES: Final = """Falls Springs Heights Beach Park City Hills Valley Creek Grove Junction Bay Harbor Mills
Ridge Point""".split()


class Places:
    """Makes up streets and towns; every choice comes from `rng`."""

    def __init__(self, names: Names, rng: random.Random) -> None:
        self.names, self.rng = names, rng
        self.units, self.boxes, self.abroad = listed(UNITS), listed(BOXES), listed(ABROAD)

    def filled(self, form: str) -> str:
        """`form` with {n}, {m}, {u} as numbers of at most 5, 4, 2 digits, {l} a letter, {f} {p} {s} names."""
        rng = self.rng
        first, last = self.names.pair(rng)
        return form.format(
            n=rng.randint(1, 10 ** rng.choice([1, 2, 3, 3, 4, 5])),
            m=rng.randint(100, 9999),
            u=rng.randint(1, 60),
            l=rng.choice("ABCDEFGH"),
            f=first,
            p=last,
            s=self.names.pair(rng)[1],
        )

    def street(self) -> str:
        """A street of an American form, with a unit half of the time."""
        rng = self.rng
        first, last = self.names.pair(rng)
        number = f"{rng.randint(1, 99999):0{rng.choice([1, 1, 3, 4, 5])}}"
        text = f"{number} {rng.choice([first, last, last])} {rng.choice(SUFFIXES)}"
        if rng.random() < 0.5:
            text += rng.choice([" ", " ", ", ", "\n"]) + self.unit()
        return text

    def unit(self) -> str:
        """The part of an address that names a flat, floor or room."""
        return self.filled(self.rng.choice(self.units))

    def box(self) -> str:
        """A box, a route or a bag instead of a street."""
        return self.filled(self.rng.choice(self.boxes))

    def foreign(self) -> str:
        """A street of a country that the grammar has no lists of."""
        return self.filled(self.rng.choice(self.abroad))

    def town(self) -> str:
        """A town that bears somebody's name."""
        rng = self.rng
        first, last = self.names.pair(rng)
        name = rng.choice([first, last, last])
        form = rng.random()
        if form < 0.3:
            return f"{rng.choice(FRONT)} {name}{rng.choice(BACK) if rng.random() < 0.3 else ''}"
        if form < 0.65:
            return name.rstrip("aeiouy") + rng.choice(BACK) if len(name) > 4 else name + rng.choice(BACK)
        if form < 0.85:
            return f"{name} {rng.choice(PLACES)}"
        return rng.choice(
            [f"{name}-on-{last}", f"Saint {first}", f"St. {first}", f"San {first}", f"Fort {last}"]
        )
