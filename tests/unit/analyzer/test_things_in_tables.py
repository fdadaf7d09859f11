"""What the model takes for personal data in cells whose columns say that it is none."""

from __future__ import annotations

import pytest

from shield.analyzer.things_in_tables import without_things
from shield.domain import Finding


def _left(text: str, *values: str, kind: str = "PERSON") -> list[str]:
    findings = [Finding(text.index(v), text.index(v) + len(v), kind, 0.9, "Model") for v in values]
    return [text[each.start : each.end] for each in without_things(findings, text)]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("order_id,price,city\n88120934,14.99,Bonn", "88120934", "POSTCODE"),
        ("order_id,sku,city\n88120934,BX-2201,Bonn", "BX-2201", "STREET_ADDRESS"),
        ("Name   Price   Stock\nOak    449.00  12", "449.00  12", "PHONE_NUMBER"),
        ("Name   Price   Stock\nOak    449.00  12", "Price   Stock", "PERSON"),
        ("ticket;priority\n99120;low", "low", "LOCATION"),
        ("| Order | Product |\n|---|---|\n| 4 | Monet Lamp |", "Monet Lamp", "PERSON"),
        ("plan\tpin\nsilver\t7731", "silver", "PERSON"),
    ],
)
def test_a_column_of_things_holds_nothing_for_the_model(text: str, value: str, kind: str) -> None:
    assert _left(text, value, kind=kind) == []


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("order_id,customer\n88120934,Ada Lovelace", "Ada Lovelace", "PERSON"),
        ("status,note\nasked Ada Lovelace,late", "Ada Lovelace", "PERSON"),  # not at the beginning
        ("order,price\nAda Lovelace,12", "Ada Lovelace", "PERSON"),  # JSON's "order" is read, too
        ("my status, please\nMaria, thanks", "Maria", "PERSON"),
        ("bank,account\n12345678,40117723", "12345678", "ACCOUNT_NUMBER"),
        ("price,account\n12,40117723", "40117723", "ACCOUNT_NUMBER"),
        ("| Order | Ada Lovelace |\n|---|---|\n| 4 | 5 |", "Ada Lovelace", "PERSON"),
        ("order,customer\n4,Ada", "4,Ada", "PERSON"),
        ("Order 4 for Ada,\nof Bonn", "Ada", "PERSON"),
    ],
)
def test_all_else_is_left(text: str, value: str, kind: str) -> None:
    assert _left(text, value, kind=kind) == [value]
