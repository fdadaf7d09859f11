"""Letters of the writing systems that the shield's models have not learned, as character classes.

The models have read texts in Latin letters. Cyrillic, Greek and Armenian (`CASED`) have capitals, as Latin
has, so that what a model has learned of names is worth a little there. In the others (`CASELESS`: Chinese,
Japanese, Korean, Arabic, Hebrew, Thai, the scripts of India and more) it is worth nothing. Ranges are
blocks of the Unicode Standard; the marks and signs between the letters of a block count as its letters.
"""

from __future__ import annotations

from typing import Final

HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
KANA: Final = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HAN: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CASED: Final = "\u0370-\u058f\u1c80-\u1c8f\u1f00-\u1fff\u2c80-\u2cff\ua640-\ua69f"
"""Greek, Cyrillic, Armenian and Coptic."""
CASELESS: Final = (
    "\u0590-\u10ff\u1200-\u1c7f\u1c90-\u1cff\u2d00-\u2ddf\u3100-\u312f\u31a0-\u31bf\ua000-\ua4ff\ua800-\ua95f"
    f"\ua980-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010000-\U0001cfff{HANGUL}{KANA}{HAN}"
)
