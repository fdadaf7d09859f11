"""Recognizes cries and laughter ("Aaaaah", "hahaha", "Wahaaay", "asdfgh"), which the models take for names.

The same one is written in many lengths, so each is an expression. What may be a name is not among them:
"Boo", "Huh", "Ha", "Hai".
"""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 24  # letters
_INTERJECTION: Final = re.compile(
    r"""
      a{2,}h+ | a+r+g+h+ | u+g+h+ | b+l+e+[cg]+h+ | e{3,}k+ | e+w{2,} | a+w{2,} | o{2,}h+ | e{2,}h+
    | z{3,} | h+m{2,} | g+r{2,} | b+r{3,} | s+h{3,} | p+s+t{2,} | p+f{2,}t* | o{2,}p+s+ | m+w+a+h+
    | b?w?(?:ha){2,}h? | (?:he){3,}h? | (?:hi){3,}h? | (?:ja){3,} | (?:xo){2,}
    | w+a+h+a{2,}y+ | w+o{2,}h+o* | w+h+o+a+h* | y+a{2,}y+ | yay+ | yipp?ee+ | hurra[hy] | hoo?ra+y+ | phe+w+
    | yikes | lo+l+ | lma+o+ | rofl | pmsl | omg+ | asdf[a-z]* | qwert[a-z]*
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_interjection(word: str) -> bool:
    """Whether a word, all of a span, is a cry, laughter or keys that were hit at random."""
    return len(word) <= _LONGEST and _INTERJECTION.fullmatch(word) is not None
