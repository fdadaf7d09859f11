"""Chooses the requests that an auditor looks at, so that anybody can repeat it from the seed. Pure.

Algorithm `shield evidence sample v1`. Each request of the period is named by its id, `ORIGIN#INDEX`.
Its rank is SHA-256 of the UTF-8 text

    shield evidence sample v1 LF SEED LF ORIGIN#INDEX

(LF is one newline; none at the end). The sample consists of the requests with the lowest ranks. The record's
index is the counter; no language's random generator is involved. To anybody who does not choose the seed,
every choice of that size is equally likely, and an id's rank does not depend on the others.

With strata the size is shared out first: one each, the largest strata first while it lasts; the rest in
proportion to what each has left, in whole numbers, and what that leaves over goes to the largest
remainders. Ties go by name. In each stratum the lowest ranks are taken.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

ALGORITHM = "shield evidence sample v1"
STRATIFIERS = ("origin", "kind", "route", "method", "upstream", "decision", "mode", "policy", "media_type")
WHOLE = "all"
_UNSAFE = re.compile(r"[^A-Za-z0-9._:/-]")


def rank(seed: str, item: str) -> bytes:
    """The 32 bytes by which an id is ordered."""
    return sha256(f"{ALGORITHM}\n{seed}\n{item}".encode()).digest()


def stratum_of(origin: str, fields: Mapping[str, Any], stratify: Sequence[str]) -> str:
    """The stratum of a record: its values joined by `|`, safe for CSV (other bytes as %XX); `-` for none."""
    if not stratify:
        return WHOLE
    values = [origin if name == "origin" else fields.get(name) for name in stratify]
    return "|".join(_safe(str(value)) if value else "-" for value in values)


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def share_out(size: int, populations: Mapping[str, int]) -> dict[str, int]:
    """How many of each stratum are taken; their sum is `size`, or all there are. Populations are positive."""
    if size >= sum(populations.values()):
        return dict(populations)
    by_size = sorted(populations, key=lambda name: (-populations[name], name))
    shares = {name: int(place < size) for place, name in enumerate(by_size)}
    rest = size - sum(shares.values())
    left = {name: populations[name] - shares[name] for name in populations}
    whole = sum(left.values())
    for name in populations:
        shares[name] += rest * left[name] // whole
    over = size - sum(shares.values())
    for name in sorted(left, key=lambda name: (-(rest * left[name] % whole), name))[:over]:
        shares[name] += 1
    return shares


@dataclass(frozen=True, slots=True)
class Chosen:
    """A request of the sample."""

    origin: str
    index: int
    stratum: str
    rank: bytes

    @property
    def id(self) -> str:
        return f"{self.origin}#{self.index}"


class Sampler:
    """Takes the population once, in any order. Memory: at most `size` ids a stratum."""

    def __init__(self, seed: str, size: int) -> None:
        self._seed = seed
        self._size = size
        self._lowest: dict[str, list[tuple[int, str, int]]] = {}
        self.populations: Counter[str] = Counter()

    def take(self, origin: str, index: int, stratum: str) -> None:
        self.populations[stratum] += 1
        lowest = self._lowest.setdefault(stratum, [])
        # A heap yields the smallest first, and the highest rank must be dropped, so ranks are negated.
        item = (-int.from_bytes(rank(self._seed, f"{origin}#{index}")), origin, index)
        if len(lowest) < self._size:
            heapq.heappush(lowest, item)
        else:
            heapq.heappushpop(lowest, item)

    def choose(self) -> list[Chosen]:
        """The sample, by stratum and rank."""
        shares = share_out(self._size, self.populations)
        return [
            Chosen(origin, index, stratum, (-negative).to_bytes(32))
            for stratum in sorted(shares)
            for negative, origin, index in sorted(self._lowest[stratum], reverse=True)[: shares[stratum]]
        ]
