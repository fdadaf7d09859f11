"""The texts of `benchmarks.detection`: synthetic, with reserved or checksum-valid values only."""

# ruff: noqa: E501  # prose
from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.payloads import CARDS, Words

TICKET = (
    "Hi, my name is Maria Garcia and I am writing about order 48213-A: I was charged twice for the same "
    "subscription on 12 March 2024. My card is 4111 1111 1111 1111, the IBAN for the refund is GB82 WEST "
    "1234 5698 7654 32. You can reach me at maria.garcia@example.com or on 415-555-0132, in the evening also on "
    "+1 212 555 0187. I live at 221 Baker Street, London NW1 6XE, and my SSN is 536-22-1234. The last login "
    "came from 203.0.113.7, see https://www.example.com/orders/48213 for details. Please send a copy to John "
    "Smith, our accountant in Springfield, who has the invoice too. Thanks!"
)
PLAIN = (
    "The app keeps closing whenever I open the settings page, and I have already tried to install it again. "
    "Your colleague in the chat suggested that I clear the cache, which I did, but the error came back "
    "after a few minutes. The screen turns white, nothing reacts any more, and I have to restart the phone "
    "to get out of it. My friend has the same model and the same version and sees none of this, so I suspect that "
    "it has to do with my account. Could you please have a look and tell me what else I can try? I would like "
    "to use the new features before my holiday starts. Thank you very much for your help."
)
CHAT = "hi there, can you tell me when my new router will get here?"
SHORT: Mapping[str, str] = {"ticket": TICKET, "plain": PLAIN, "chat": CHAT}
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def tickets(size: int, seed: int = 0) -> str:
    """Support-like sentences of ever-new words, with personal data among them."""
    words = Words(seed)
    paid = f"I paid with card {CARDS[0]} for this order."
    parts = []
    missing = size
    while missing > 0:
        parts.append(f"{words.text(480)} {paid}")
        missing -= len(parts[-1]) + 1
    return " ".join(parts)[:size]


def plain(size: int, seed: int = 0) -> str:  # noqa: ARG001  # there is but one
    """The plain text, repeated."""
    return ((PLAIN + "\n") * (size // len(PLAIN) + 1))[:size]


GROWING: Mapping[str, Callable[..., str]] = {"tickets": tickets, "plain": plain}


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * (size // len(piece) + 1))[:size]


HOSTILE: Mapping[str, Callable[[int], str]] = {
    "letters without a space": _repeated("abcdefghij"),
    "digits without a space": _repeated("1234567890"),
    "single digits": _repeated("1 2 3 4 5 6 7 8 9 0 "),
    "groups of digits": _repeated("123-456-7890 "),
    "cards that fail their checksum": _repeated("4111 1111 1111 1112 "),
    "dots": _repeated("."),
    "names with dots": _repeated("a.b."),
    "address signs": _repeated("a@"),
    "number words": _repeated("four one double five "),
    "letters apart": _repeated("j o n @ e x "),
    "entities": _repeated("&amp;&#x31;"),
    "percent": _repeated("%41%2"),
    "base64": _repeated("QWJjMTIzNDU2Nzg5"),
    "hexadecimal": _repeated("4a6f686e"),
    "beyond ASCII": _repeated("\u00e9\u200b\uff11"),
    "labels": _repeated("password is "),
    "streets": _repeated("12 Long Road "),
    "quotes": _repeated("'\"<b>"),
    "lone surrogates": _repeated("\ud800x"),
}
