"""Makes synthetic payloads of fixed sizes from ever-new words, deterministic for a seed.

Names and words are built from syllables, so that no two payloads share them and no word list of a
detector knows them; card numbers, phone numbers and domains are the reserved ones. Every body has one
serial word that the load generator replaces for each request, so no two requests of a run are equal,
even where the pool of prepared bodies is used several times.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CARDS = ("4111 1111 1111 1111", "5555 5555 5555 4444", "6011 1111 1111 1117")
SERIAL = "Zzzzzzzzzz"  # placeholder of the serial word; the syllables cannot make it
POOL_BYTES = 32 * 1024 * 1024

_SYLLABLES = [c + v for c in "bdfgklmnprstvw" for v in "aeiou"]  # 70 of them: 70**5 serial words
_FIRST_NAMES = ("Anna", "Brian", "Carla", "David", "Elena", "Frank", "Grace", "Henry", "Irene", "James")
_CITIES = ("Berlin", "Chicago", "Dublin", "Haifa", "Lyon", "Mumbai", "Porto", "Seattle", "Toronto", "Leeds")
_SENTENCES = (
    "The {noun} that I ordered last week has still not arrived, and the tracking page shows nothing new.",
    "My name is {name} and I am writing about the {noun} on my account.",
    "Could you please tell me why the {noun} was charged twice this month?",
    "I tried to restart the {noun} as your colleague {name} suggested, but the error came back.",
    "You can reach me at {phone} in the afternoon or write to {email}.",
    "We moved to {city} in spring, so the invoice for the {noun} went to the old address.",
    "Please have a look at the attached screenshot and let me know what else you need from me.",
    "Thanks for the quick answer; the {noun} works now, only the second one is still missing.",
    "Our office in {city} would like to extend the contract for the {noun} by another year.",
    "When I press the button next to {noun}, the page turns white and nothing else happens.",
)


class Words:
    """A source of ever-new words, names and sentences, all from one seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=4))

    def name(self) -> str:
        return f"{self._random.choice(_FIRST_NAMES)} {self.word().capitalize()}"

    def email(self) -> str:
        return f"{self.word()}.{self.word()}@example.com"

    def phone(self) -> str:
        return f"415-555-01{self._random.randrange(100):02d}"

    def city(self) -> str:
        return self._random.choice(_CITIES)

    def card(self) -> str:
        return self._random.choice(CARDS)

    def number(self, below: int) -> int:
        return self._random.randrange(below)

    def sentence(self) -> str:
        return self._random.choice(_SENTENCES).format(
            noun=self.word(), name=self.name(), phone=self.phone(), email=self.email(), city=self.city()
        )

    def text(self, length: int) -> str:
        """Sentences of at least `length` characters together."""
        sentences: list[str] = []
        missing = length
        while missing > 0:
            sentences.append(self.sentence())
            missing -= len(sentences[-1]) + 1
        return " ".join(sentences)


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _comment(words: Words, length: int) -> dict[str, object]:
    return {
        "author": {"name": words.name(), "email": words.email()},
        "public": True,
        "body": words.text(length),
    }


def _paid(words: Words) -> str:
    return f"I paid with card {words.card()} for order {SERIAL}."


def small_ticket(words: Words) -> bytes:
    """A ticket of about 0.9 KB with one comment."""
    return _compact(
        {
            "subject": f"Problem with the {words.word()}",
            "status": "open",
            "priority": "normal",
            "channel": "web",
            "requester": {"name": words.name(), "email": words.email(), "phone": words.phone()},
            "tags": [words.word(), words.word(), "billing"],
            "comment": {"public": True, "body": f"{_paid(words)} {words.text(540)}"},
        }
    )


def large_ticket(words: Words) -> bytes:
    """A ticket of about 10 KB with a thread of comments."""
    return _compact(
        {
            "subject": f"Problem with the {words.word()}",
            "status": "pending",
            "priority": "high",
            "requester": {"name": words.name(), "email": words.email(), "phone": words.phone()},
            "tags": [words.word(), words.word(), "billing"],
            "comment": {"public": True, "body": f"{_paid(words)} {words.text(430)}"},
            "comments": [_comment(words, 430) for _ in range(16)],
        }
    )


def transcript(words: Words) -> bytes:
    """A call transcript of about 100 KB: 730 turns of one sentence each."""
    turns = [
        {"speaker": "agent" if turn % 2 else "caller", "start_ms": turn * 6100, "text": words.sentence()}
        for turn in range(730)
    ]
    turns[20]["text"] = _paid(words)
    return _compact({"channel": "phone", "language": "en", "agent": words.name(), "turns": turns})


def note(words: Words) -> bytes:
    """A very short ticket, about 0.2 KB: for long runs that count requests, not bytes."""
    subject = f"{words.name()} asks about {words.word()} and {words.word()}"
    return _compact({"subject": subject, "comment": {"body": _paid(words)}})


@dataclass(frozen=True, slots=True)
class Payload:
    """A kind of body: how it is made, where it is sent, and over how many connections.

    The connections suffice to saturate a core even where each write waits for a group commit.
    """

    name: str
    title: str
    path: str
    make: Callable[[Words], bytes]
    connections: int


PAYLOADS: dict[str, Payload] = {
    payload.name: payload
    for payload in (
        Payload("ticket", "0.9 KB ticket", "/api/tickets/new", small_ticket, 64),
        Payload("ticket10k", "10 KB ticket", "/api/tickets/new", large_ticket, 16),
        Payload("transcript", "100 KB transcript", "/api/transcripts/new", transcript, 4),
        Payload("note", "0.2 KB note", "/api/tickets/new", note, 16),
    )
}
TIMED = ("ticket", "ticket10k", "transcript")


def serial_word(serial: int) -> bytes:
    """The pronounceable word number `serial`: ten letters, the first a capital; repeats after 70**5."""
    syllables: list[str] = []
    for _ in range(5):
        serial, digit = divmod(serial, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(syllables).capitalize().encode()


def one_body(payload: Payload, seed: int) -> bytes:
    """A single body, for checks."""
    return payload.make(Words(seed)).replace(SERIAL.encode(), serial_word(seed))


@dataclass
class Pool:
    """Prepared bodies of one kind, cut at the serial word: `next` costs the load generator one join.

    With `fresh` each body is made on demand, so that *all* its words are new, which costs more.
    """

    payload: Payload
    seed: int
    pool_bytes: int = POOL_BYTES
    fresh: bool = False
    serial: int = 0
    _words: Words = field(init=False)
    _cut: list[tuple[bytes, bytes]] = field(init=False, default_factory=list)
    _capacity: int = field(init=False)

    def __post_init__(self) -> None:
        self._words = Words(self.seed)
        self._capacity = max(1, self.pool_bytes // len(self.payload.make(Words(self.seed))))

    def fill(self, count: int) -> None:
        """Prepares `count` bodies, or as many as the pool's bytes allow."""
        while len(self._cut) < min(count, self._capacity):
            self._cut.append(self._make())

    def _make(self) -> tuple[bytes, bytes]:
        head, _, tail = self.payload.make(self._words).partition(SERIAL.encode())
        return head, tail

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.serial += 1
        if self.fresh or not self._cut:
            head, tail = self._make()
        else:
            head, tail = self._cut[self.serial % len(self._cut)]
        return head + serial_word(self.serial) + tail

    @property
    def prepared(self) -> int:
        return len(self._cut)
