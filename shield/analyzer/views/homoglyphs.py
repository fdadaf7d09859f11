"""Letters of other scripts that look like ASCII letters (after Unicode's confusables, UTS #39).

Only letters that look the same in all common typefaces are listed, so that words of these scripts are not
garbled beyond what a reader would take for Latin. They are read only next to ASCII letters and digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_PAIRS = (
    # Cyrillic, upper and lower case
    ("АВЕЅІЈКМНОРСТУХԌԚԜҮԁһ", "ABESIJKMHOPCTYXGQWYdh"),
    ("аеѕіјорсухԛԝүѵґӏ", "aesijopcyxqwyvrl"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "ABEZHIKMNOPTYXC"),  # noqa: RUF001  the look-alikes are the point
    ("ανορικϲϳυ", "avopikcju"),
    # Armenian, Cherokee, Lisu-like and Latin letters that pass for others
    ("ՍՕսօոհցզ", "UOuonhgq"),  # noqa: RUF001  the look-alikes are the point
    ("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷΝᏢᏒᏚᎢᏙᎳᏃ", "ABCDEGHiJKLMNPRSTVWZ"),  # noqa: RUF001  the look-alikes are the point
    ("ıɑɡɩʏʟᴄᴏᴠᴡᴢꜱʀɴʙɢʜɪᴊᴋᴍᴘᴛᴜᴀᴅᴇ", "iagiylcovwzsrnbghijkmptuade"),
)

HOMOGLYPHS: Mapping[str, str] = MappingProxyType(
    {like: letter for likes, letters in _PAIRS for like, letter in zip(likes, letters, strict=True)}
)

CAPITALS = "".join(like for like, letter in HOMOGLYPHS.items() if letter.isupper())
