"""Presidio's e-mail recognizer without network access, and with addresses as people and programs write them.

Presidio validates the domain with `tldextract`, which fetches the public suffix list from the internet
at its first use. This one uses the snapshot that the package bundles, and no cache on disk.

What differs from Presidio's, on purpose:

- Presidio's local part may hold `/`, `?`, `#` and `&`, as in RFC 5322; then it validates the whole of
  "search?email=maria@example.com" as a host, which fails, and drops the address. Here an address begins
  after these and after the signs of tables and markup (`|`, `{`, `}`, `*`, a backquote), and only its
  domain is validated.
- The name of a field before `=` is no part of an address ("owner=jo@example.org"), nor is anything before
  `='` ("WHERE t.owner='jo@example.org'"), though `=` may be ("bounce+jo=a.org@lists.org").
- It does not begin within a percent-encoded sign: the rest of one would be another sign.
- A domain ends before `_` and, at its last label, before `-`: "_maria@example.com_",
  "maria@example.com-urgent".
"""

from __future__ import annotations

from typing import Any, Final, cast

import tldextract
from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import EmailRecognizer

# One way to read each character: of a choice between two, `effort` could not tell that a search ends soon.
_LOCAL: Final = r"(?:(?!=')[\w!$%'+\-^~.=])"
# What follows a part (`@`, a dot) cannot be in it, so a possessive repeat loses no match: there is only one
# way to read an address, and a search for it surely ends.
_LABEL: Final = r"[^\W_][\w\-]*+(?<![-_])"
_TOP: Final = r"(?:xn--[a-zA-Z0-9-]{2,59}|[^\W\d_]{2,63})"
_USUAL: Final = r"\.(?:com|org|net|edu|gov|io|co|de|fr|es|it|nl|pl|pt|uk|eu|us|ca|au)"
_FIELD: Final = "mail|login|address|query|requester|contact|customer"
# A forwarder writes the sender's domain after `=`: "jo=example.org@lists.org". All that is looked at has less
# than `effort.BRIEF` code points, and one way to be read.
_NAME: Final = rf"(?:[\w.\-]{{1,28}}+(?<={_FIELD})|[^\W\d_]\w{{0,23}}+(?!=[\w.\-]{{1,31}}+(?<={_USUAL})@))="
_HEX: Final = "[0-9a-fA-F]{2}"
_START: Final = rf"(?:(?<![^\W_])(?!(?<=%){_HEX})|(?<=%{_HEX}))(?!{_NAME})[^\W_]"
PATTERN: Final = rf"{_START}{_LOCAL}{{0,255}}+(?<!\.)@(?:{_LABEL}\.)+{_TOP}(?![^\W_])"

_REMEMBERED: Final = 1024  # domains: most addresses have one of a few
_NO_SESSION: Final = cast("Any", object())
"""Given to `tldextract` for a session, which it would make, and import `requests` for, though it has no list
to fetch."""
_LONGEST: Final = 253  # code points of a domain (RFC 1035, 2.3.4, without the ends); longer ones are not kept


class OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc]  # the library has no types
    """`EmailRecognizer`, by its name, on the bundled public suffix list."""

    def __init__(self, **options: Any) -> None:
        score = EmailRecognizer.PATTERNS[0].score
        patterns = [Pattern("e-mail address", PATTERN, score)]
        super().__init__(**{"name": "EmailRecognizer", "patterns": patterns, **options})
        self._suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        self._known: dict[str, bool] = {}

    def validate_result(self, pattern_text: str) -> bool:
        domain = pattern_text.rpartition("@")[2]
        known = self._known.get(domain)
        if known is None and len(domain) > _LONGEST:
            return bool(self._suffixes(domain, session=_NO_SESSION).fqdn)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()  # domains that never recur must not fill the memory
            known = self._known[domain] = bool(self._suffixes(domain, session=_NO_SESSION).fqdn)
        return known
