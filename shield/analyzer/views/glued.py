"""The glued view: puts a blank between a value and an address or label that follow each other without one.

"john@example.com536-22-1234", "john@example.com.Thanks", "phone:415-555-0132email:john@example.com",
"tel4155550132": people who fill in a form, and programs that join fields, leave out separators. No recognizer
finds a value inside a longer word, so the address, the number or both would be missed. A blank is read after
the top-level domain of an address where something else follows (a word, the ending of a file), between digits
and a label after them, between a label and digits after it, and before the number in data read from a card's
stripe. The view only adds findings: what is found without it stays.
"""

from __future__ import annotations

import re

from shield.analyzer.views.view import Draft, View

NAME = "glued"
LABELS = (
    r"(?:e-?mail|mail|phone|tel|mobile|cell|fax|ssn|dob|iban|card|account|acct|passport|name|address|zip|"
    r"password|pin|cvv)"
)
"""Labels of forms that may follow digits."""
BEFORE_DIGITS = r"(?:phone|tel|mobile|cell|fax|ssn|card|cc|visa)"
"""Labels before digits: those of numbers with a form of their own."""
STRIPE = r"b(?=[0-9]{12,19}\^)"
"""The start of the first track of a card's stripe (ISO/IEC 7813); the number and holder's name follow."""
DOMAINS = r"(?:com(?:\.au)?|org|net|edu|gov|info|biz|io|co\.uk|de|fr|es|it|nl|pt|pl|eu|ca)"
"""Top-level domains after which an address can end."""
FILES = r"(?:json|xml|txt|csv|pdf|docx?|xlsx?|html?|zip|gz|tar|bak|log|eml|msg|vcf|ics|png|jpe?g|wav|mp[34])"
"""Endings of files and of resources of an API that may follow an address."""
DIGITS = r"[+]?[0-9(][0-9 .()-]{5,24}[0-9]"
# Text right after an address begins with a capital; a domain continues in lower case.
_GOES_ON = (
    rf"(?=[0-9]|[_-][0-9]|\.[A-Z][a-z]|\.{FILES}(?![A-Za-z0-9-])|(?<=[a-z])[A-Z][a-z]{{2}}"
    r"|[A-Za-z0-9._%+-]{1,64}@)"
)
_GLUED = re.compile(
    rf"@(?:[A-Za-z0-9-]{{1,63}}\.){{1,4}}?(?i:{DOMAINS}){_GOES_ON}"
    rf"|[0-9]{{4}}(?=(?i:{LABELS})\s?[:=])"
    rf"|(?<![^\W_])(?i:{BEFORE_DIGITS})(?={DIGITS})"
    rf"|(?<![^\W_])(?i:{STRIPE})"
)


def glued(text: str, over: View | None = None) -> View | None:
    """The view of `text` with blanks at such places; `None` where there are none."""
    draft = Draft(text)
    for match in _GLUED.finditer(text):
        end = match.end()
        if end - 1 < draft.position:
            continue
        if text[end] in "_-":  # neither a word nor a number ends there
            draft.put(end, end + 1, " ")
            end += 1
        else:
            draft.put(end - 1, end, text[end - 1] + " ")
        draft.put(end, end + 1, text[end])  # a new value begins here
    return draft.view(NAME, over)
