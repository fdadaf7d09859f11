"""Things that bear a name are not people; people beside such words still are."""

from __future__ import annotations

import pytest

from tests.unit.analyzer.plausibility.asked import says


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("Stefan hat das Modul Rosetta gelöscht.", "Rosetta", "PERSON"),
        ("el huracán Delia llegó", "Delia", "PERSON"),
        ("Storm Eunice claims team", "Storm Eunice", "PERSON"),
        ("Hurricane Ophelia weakened", "Ophelia", "LOCATION"),
        ("bought a Billy bookcase", "Billy", "PERSON"),
        ("reset the Paige headset", "Paige", "PERSON"),
        ("about the Jupiter dashboard.", "Jupiter", "LOCATION"),
        ("The Windsor Suite is booked", "Windsor Suite", "LOCATION"),
        ("looking for restaurant by the name of Blades.", "Blades", "PERSON"),
        ("an app called jasper", "jasper", "PERSON"),
        ("until the light turns amber", "amber", "PERSON"),
        ("amoxicillin for the child", "amoxicillin", "LOCATION"),
        ("a bar that serves blini on Sunday", "blini", "LOCATION"),
        ("a table at a churrascaria please", "churrascaria", "LOCATION"),
        ("the fastest route to town", "town", "LOCATION"),
        ("Bad fog across the city and county", "city and county", "LOCATION"),
        ("OBC, LVM, sent letter", "LVM", "STREET_ADDRESS"),
        ("spoke to Ines, ver'd DOB", "ver", "PERSON"),
        ("torque 120 Nm, Haynes p. 88", "Haynes", "PERSON"),
        ("my cat Luna knocked over the router", "Luna", "PERSON"),
        ("a collar for our old dog Oscar", "Oscar", "PERSON"),
        ("Aardappel Bintje is op, appel Elstar komt", "Aardappel Bintje", "PERSON"),
        ("Aardappel Bintje is op, appel Elstar komt", "Elstar", "PERSON"),
        ("Mela Renetta finita, pera Williams giovedì", "Williams", "PERSON"),
    ],
)
def test_what_a_thing_is_called_is_no_name(text: str, value: str, label: str) -> None:
    assert not says(text, value, label)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("the project Maria leads", "Maria", "PERSON"),
        ("ask Maria dashboard access", "Maria", "PERSON"),
        ("the Maria's chair", "Maria", "PERSON"),
        ("our server Maria was rude", "Maria", "PERSON"),
        ("a colleague called Maria", "Maria", "PERSON"),
        ("vivo a lecce", "lecce", "LOCATION"),
        ("she turns Amber away", "Amber", "PERSON"),
        ("as said by Haynes, p 88 is wrong", "Haynes", "PERSON"),
        ("Elm", "Elm", "STREET_ADDRESS"),
        ("we live at elm and oak", "elm", "STREET_ADDRESS"),
        ("the new place in boston", "boston", "LOCATION"),
        ("the dog Maria walks", "Maria", "PERSON"),
        ("our dog walker Maria called", "Maria", "PERSON"),
        ("my dog. Maria found it", "Maria", "PERSON"),
        ("groetjes Karel Appel", "Karel Appel", "PERSON"),
        ("die Äpfel, die Maria brachte", "Maria", "PERSON"),
        ("i live in kansas city", "kansas city", "LOCATION"),
    ],
)
def test_somebody_beside_such_a_word_is_found(text: str, value: str, label: str) -> None:
    assert says(text, value, label)
