"""Payloads of many texts for `benchmarks.detection`, by structure: what grows with the product shows here.

Each maker returns the locations and texts of a body with about `count` records. All values are synthetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.payloads import Words
from shield.domain import Segment

Located = Iterator[tuple[tuple[str | int, ...], str]]
Maker = Callable[[int, Words], Located]


def _messages(count: int, words: Words) -> Located:
    for place in range(count):
        yield ("messages", place, "text"), f"please tell {words.name()} about it, {words.text(40)}"


def _conversations(count: int, words: Words) -> Located:
    for number in range(count // 2):
        for place in range(2):
            yield (f"conversation-{number}", place, "text"), f"please tell about it, {words.text(40)}"


def _turns(count: int, words: Words) -> Located:
    for place in range(count):
        asks = place % 2 == 0
        yield ("turns", place, "speaker"), "agent" if asks else "customer"
        yield ("turns", place, "text"), "And your phone number?" if asks else f"it's {words.phone()}"


def _timed_words(count: int, words: Words) -> Located:
    said = [word for _ in range(count // 4) for word in f"my name is {words.name()}".split()]
    yield ("transcript",), " ".join(said)
    for place, word in enumerate(said):
        yield ("words", place, "word"), word


def _named_values(count: int, words: Words) -> Located:
    for place in range(count):
        yield ("fields", place, "name"), ("first_name", "phone", "note")[place % 3]
        yield ("fields", place, "value"), (words.name().split()[0], words.phone(), words.text(20))[place % 3]


def _rows(count: int, words: Words) -> Located:
    for place, column in enumerate(("first_name", "phone", "city")):
        yield ("columns", place), column
    for row in range(count):
        for place, cell in enumerate((words.name(), words.phone(), words.city())):
            yield ("rows", row, place), cell


def _lines(count: int, words: Words) -> Located:
    yield (
        ("body",),
        "\n".join(f"{words.text(40)} Call {words.name()} on {words.phone()}." for _ in range(count)),
    )


def _labels(count: int, words: Words) -> Located:
    yield ("body",), "\n".join(f"Name: {words.name()}\nPhone: {words.phone()}" for _ in range(count))


def _statements(count: int, words: Words) -> Located:
    into = "INSERT INTO users (first_name, ssn, email) VALUES"
    yield (
        ("body",),
        "\n".join(f"{into} ('{words.name()}', '536-22-1234', '{words.email()}');" for _ in range(count)),
    )


def _table(count: int, words: Words) -> Located:
    yield (
        ("body",),
        "\n".join(
            [
                "| name | phone |",
                "|---|---|",
                *(f"| {words.name()} | {words.phone()} |" for _ in range(count)),
            ]
        ),
    )


def _same_number(count: int, words: Words) -> Located:
    for place in range(count):
        yield ("messages", place, "text"), f"My account number is 48213377. {words.text(40)}"


PAYLOADS: Mapping[str, Maker] = {
    "messages": _messages,
    "conversations by id": _conversations,
    "turns of a call": _turns,
    "a transcript and its words": _timed_words,
    "named values": _named_values,
    "rows below columns": _rows,
    "one text of many lines": _lines,
    "one text of labels": _labels,
    "one text of SQL": _statements,
    "one text with a table": _table,
    "one number in each message": _same_number,
}


def payload(name: str, count: int) -> Sequence[Segment]:
    """The texts of a body, as a codec gives them."""
    located = PAYLOADS[name](count, Words(count))
    return [Segment(index, text, location) for index, (location, text) in enumerate(located)]
