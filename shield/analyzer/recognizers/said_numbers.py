"""English words for numbers, as expressions."""

from __future__ import annotations

from typing import Final

ONE: Final = r"(?:one|two|three|four|five|six|seven|eight|nine)"
"""One to nine."""
TEEN: Final = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
"""Ten to nineteen."""
TENS: Final = rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s\-]{ONE})?|{TEEN})"
"""Ten to ninety-nine."""
