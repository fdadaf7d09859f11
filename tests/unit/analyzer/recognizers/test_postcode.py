"""The scan for labelled postcodes looks for the label alone."""

from __future__ import annotations

import pytest
import regex

from shield.analyzer.recognizers.labelled import ValuePattern
from shield.analyzer.recognizers.postcode import PostcodeRecognizer

LABELLED: list[ValuePattern] = [
    each for each in PostcodeRecognizer.PATTERNS if each.name.startswith("label and ")
]
LABELS = """zip|Zips|ZIP code|zip-codes|zip -code|postal code|postalcodes|
post code|pin code|pin\u00a0code|PINCODE|area code|
postcode|Eircode|PLZ|Postleitzahl|cp :|c.p.:|C.P. :|código postal|
codigo postal|cód. postal|cód.postal|code postal|cap:|
CAP|codice postale|kod pocztowy|CEP|z\u0131p|po\u017ftcode|zip number|postcode no"""


@pytest.mark.parametrize("before", ["", "my ", "home_", "("])
@pytest.mark.parametrize("value", ["10115", "941 001", "SW1A 1AA", "D02 X285"])
def test_what_is_scanned_for_stands_where_a_labelled_postcode_begins(before: str, value: str) -> None:
    seen = 0
    for label in LABELS.replace("\n", "").split("|"):
        for link in (" ", ": ", " is ", "?\nBob: yes, it's "):
            text = f"{before}{label}{link}{value}"
            for pattern in LABELLED:
                for match in regex.finditer(
                    pattern.source, text, regex.IGNORECASE | regex.MULTILINE | regex.DOTALL
                ):
                    seen += 1
                    scanned = regex.compile(pattern.scanned, regex.IGNORECASE).search(
                        text, max(0, match.start() - 1)
                    )
                    assert scanned is not None, text
                    assert match.start() < scanned.end() <= match.start() + pattern.back, text
    assert seen > 40
