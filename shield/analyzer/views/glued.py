"""The glued view: values that stand without a blank beside an address or a label, with one between them.

"john@example.com536-22-1234", "john@example.com.Thanks", "phone:415-555-0132email:john@example.com",
"tel4155550132": people who fill in a form, and programs that join fields, leave out what separates. No
recognizer finds a value inside a longer word, so that the address, the number or both are lost. A blank is
read after the top-level domain of an address where something else goes on, between digits and a label behind
them, between a label and digits behind it, and before the number in what was read from a card's stripe. The
reading only adds: what is found without it stays.
"""

from __future__ import annotations

import re

from shield.analyzer.views.view import Draft, View

NAME = "glued"
LABELS = (
    r"(?:e-?mail|mail|phone|tel|mobile|cell|fax|ssn|dob|iban|card|account|acct|passport|name|address|zip|"
    r"password|pin|cvv)"
)
"""Labels of forms, behind digits."""
BEFORE_DIGITS = r"(?:phone|tel|mobile|cell|fax|ssn|card|visa)"
"""Those that name a number with a form of its own."""
STRIPE = r"b(?=[0-9]{12,19}\^)"
"""What begins the first track of a card's stripe (ISO/IEC 7813): its number and its holder's name follow."""
DOMAINS = r"(?:com(?:\.au)?|org|net|edu|gov|info|biz|io|co\.uk|de|fr|es|it|nl|pt|pl|eu|ca)"
"""Top-level domains after which an address can end."""
DIGITS = r"[+]?[0-9(][0-9 .()-]{5,24}[0-9]"
# Who writes on behind an address begins with a capital; a domain goes on in lower case.
_GOES_ON = r"(?=[0-9]|[_-][0-9]|\.[A-Z][a-z]|[A-Za-z0-9._%+-]{1,64}@)"
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
        if text[end] in "_-":  # at which neither a word nor a number ends
            draft.put(end, end + 1, " ")
            end += 1
        else:
            draft.put(end - 1, end, text[end - 1] + " ")
        draft.put(end, end + 1, text[end])  # what begins here begins anew
    return draft.view(NAME, over)
