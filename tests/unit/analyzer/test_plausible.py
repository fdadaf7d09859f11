"""What the model takes for personal data and is none."""

from __future__ import annotations

import pytest

from shield.analyzer.plausible import (
    end_of_number,
    is_plausible,
    whole_address,
    whole_house,
    whole_name,
    whole_spelled,
)


def _says(text: str, value: str, label: str, *, beside: bool = False) -> bool:
    start = text.index(value)
    return is_plausible(text, start, start + len(value), label, beside=lambda: beside)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("the archive has 46057 entries", "46057", "POSTCODE"),
        ("The headset 3641 Pro is heavy.", "3641", "US_SSN"),
        ("order number 60206897 has not arrived", "60206897", "ACCOUNT_NUMBER"),
        ("order number is four four one two nine", "four four one two nine", "PHONE_NUMBER"),
        ("it was a u s p s parcel", "u s p s", "PERSON"),
        ("and mail me the p d f", "the p d f", "PERSON"),
        ("the v p n drops", "the v p", "POSTCODE"),
        ("take the a t m card", "the a t m", "PERSON"),
        ("how r u today", "how r u", "PERSON"),
        ("Die Rechnung 336426 ist falsch.", "336426", "POSTCODE"),
        ("ticket #69533 is closed", "69533", "POSTCODE"),
        ("id 123e4567-e89b-12d3-a456-426614174729", "a456", "POSTCODE"),
        ("commit 427824020a051e4a breaks", "427824020", "PHONE_NUMBER"),
        ("Balance: 2143.54", "2143", "ACCOUNT_NUMBER"),
        ("connect pin 12 to pin 14", "12", "PASSWORD"),
        ("my password is expired", "expired", "PASSWORD"),
        ("Cartella clinica 12196895", "Cartella clinica", "PERSON"),
        ("la mia email", "mia", "PERSON"),
        ("hubspot.com", "hubspot.com", "EMAIL_ADDRESS"),
        ("www.example.es", "www.example.es", "EMAIL_ADDRESS"),
        ("see www.shop.example.co.uk today", "www.shop.example.co.uk", "EMAIL_ADDRESS"),
        ("example.PNG", "example.PNG", "EMAIL_ADDRESS"),
        ("La salle 951 est froide", "La salle 951", "STREET_ADDRESS"),
        ("it is a 2 way street.", "2 way street", "STREET_ADDRESS"),
        ("14 Hz gate B61", "14 Hz gate B61", "STREET_ADDRESS"),
        ("second street and drive 2 miles", "second street and drive 2", "STREET_ADDRESS"),
        ("Paszport kosztuje 967 zł", "967", "PASSWORD"),
        ("PO number 353312", "PO", "NATIONAL_ID"),
        ("leave it at gate A22, dock 7", "gate A22, dock 7", "STREET_ADDRESS"),
        ("aisle 7, bay C", "7, bay C", "STREET_ADDRESS"),
        ("plan code HDHP3", "HDHP3", "STREET_ADDRESS"),
        ("at locker 4471 in the mall", "4471 in", "STREET_ADDRESS"),
        ("the PO box on the card", "PO box", "STREET_ADDRESS"),
        ("from 1990-01-01 to 2021-03-31", "1990-01-01", "DATE_OF_BIRTH"),
        ("patient zero", "zero", "PERSON"),
        ("/items?sort=asc&a=b", "asc", "PERSON"),
        ("employee no. 30871", "30871", "POSTCODE"),
        ("Reference: INV 2231", "2231", "PASSWORD"),
        ("ARN 74537604221431003882211", "74537604221431003882211", "CREDIT_CARD"),
        ("reason code 4837", "4837", "CREDIT_CARD"),
        ("the total was one oh nine ninety five", "one oh nine ninety five", "PHONE_NUMBER"),
        ("i think the bill was, uh, two oh five", "two oh five", "PHONE_NUMBER"),
        ("serial number is x y four four two", "four four two", "PHONE_NUMBER"),
        ("my ref is k l five five two", "k l", "PERSON"),
        ("i'd like a b c and d please", "a b c and d", "PERSON"),
        ("the h d m i cable", "the h d m", "PERSON"),
        ("it is the d v d player", "d player", "PERSON"),
        ("Le lave-linge fuit", "Le lave-linge", "PERSON"),
        ("jordan-worker-5f6b-9qz7t 0/1", "jordan", "PERSON"),
        ("name: edge-01", "edge-01", "PERSON"),
        ("c4410fe Bump lodash", "fe", "PERSON"),
        ("of 'this.props.chelsea.items'", "chelsea", "PERSON"),
        ("configure(region: .dublin)", "dublin", "LOCATION"),
        ("div .jordan { color: red }", "jordan", "PERSON"),
        ("from 3 May 1990 to 4 June 1991", "3 May 1990", "DATE_OF_BIRTH"),
        ("from 1990-01-01 to 2021-03-31", "2021-03-31", "DATE_OF_BIRTH"),
        ("in the office dot dot dot", "office dot dot dot", "EMAIL_ADDRESS"),
        ("ATTENDEE;ROLE=CHAIR", "ATTENDEE", "PERSON"),
        ("name: {", "{", "PERSON"),
        ("plan A or plan B", "B", "PERSON"),
        ("&nbsp;Carla", "nbsp", "PERSON"),
        ("from 1 sept: 42 Chapel Lane", "1 sept", "STREET_ADDRESS"),
        ("commit 8c46877a860f2eaab7433e8a4", "eaab", "LOCATION"),
        ("c.e.OrderService failed", "c.e.OrderService", "PERSON"),
        ("Exception: at com.example", "at com.example", "EMAIL_ADDRESS"),
        ("passport exp 2029-04-11", "2029-04-11", "DATE_OF_BIRTH"),
        ("2024-06-02T11:08:44.120Z ERROR", "2024-06-02", "DATE_OF_BIRTH"),
        ("total $179.88, tax 8.25%", "8.25", "DATE_OF_BIRTH"),
        ("causale ft 118/2024", "118/2024", "PHONE_NUMBER"),
        ('"reset": 1717405200}', "1717405200", "PHONE_NUMBER"),
        ("bnowak / ext 4410", "4410", "POSTCODE"),
        ("bnowak, ext. 4410", "4410", "POSTCODE"),
        ("plug it in port P2 first", "P2", "POSTCODE"),
        ("the X2 died", "X2", "POSTCODE"),
        ("WHERE customer_id = 88213;", "88213", "POSTCODE"),
        ("Group: 0071234", "0071234", "PASSWORD"),
        ("Works on shop.example.com now", "shop.example.com", "EMAIL_ADDRESS"),
        ("host gw1.dfw.example.net", "1.dfw.example.net", "EMAIL_ADDRESS"),
        ("java.lang.Exception", "java.lang", "EMAIL_ADDRESS"),
        ("crm.upsert(name)", "crm.upsert", "PERSON"),
        ("confirm?orderId=7713391", "orderId", "PERSON"),
        ('<c a="12 Baker Street" b="London"/>', "b=", "STREET_ADDRESS"),
        ("uptime 1700000011", "uptime", "PERSON"),
        ("80 seats for EMEA", "EMEA", "LOCATION"),
        ("see PAY-118 of LATAM", "LATAM", "PERSON"),
        ("see PAY-118 of LATAM", "PAY", "PERSON"),
        ("PAY-", "PAY-", "PERSON"),
        ("in reply to RCPT TO", "RCPT", "PERSON"),
        ("Acme Corp,VIP,499.00,yes", "VIP,499.00", "STREET_ADDRESS"),
        ("Repro for the 401", "Repro", "LOCATION"),
        ("Traceback (most recent call last)", "Traceback", "PERSON"),
        ("EAN 4006381333931", "4006381333931", "CREDIT_CARD"),
        ("add 80 ml cream", "ml cream", "PERSON"),
        ("a screen of 326 ppi", "ppi", "LOCATION"),
        ("SWIFT: DEUTDEFF", "DEUTDEFF", "PERSON"),
        ("BIC is COBADEFFXXX", "COBADEFFXXX", "LOCATION"),
        ("the act H.R. 1319 passed", "H.R.", "PERSON"),
        ("the act H.R. 1319 passed", "H.", "PERSON"),
        ("departure 21/09", "21/09", "STREET_ADDRESS"),
        ("the turbine 40912 stopped", "40912", "POSTCODE"),
        ("addr", "addr", "STREET_ADDRESS"),
        ("Salut, la box est en panne", "Salut", "PERSON"),
        ("Die Sendung 828398729 fehlt", "828398729", "PHONE_NUMBER"),
        ("la mia password è scaduta", "scaduta", "PASSWORD"),
        ("o meu pin é 4829", "é", "PASSWORD"),
        ("Refund please, error code 77123.", "77123", "POSTCODE"),
        ("it ends with exit code 1374", "1374", "PASSWORD"),
        ("the promo code is 88123", "88123", "POSTCODE"),
        ("The IBAN is wrong", "The IBAN", "PERSON"),
        ("UUID of the row", "UUID", "PERSON"),
        ("curl -H 'x'", "curl -H", "PERSON"),
        ("la factura 43982 está mal", "la factura", "LOCATION"),
        ("gate B99 changed to gate C68", "gate B99", "LOCATION"),
        ("the photo is 2552 x 1256 pixels", "2552 x 1256", "CREDIT_CARD"),
        ("the parcel has 9 boxes, 785 kg", "9 boxes, 785 kg", "STREET_ADDRESS"),
        ("timestamp 1700000011", "1700000011", "PHONE_NUMBER"),
        ("error 0x80070057, code E1234", "E1234", "POSTCODE"),
        ("The customer discussed 123456789 items", "123456789", "ACCOUNT_NUMBER"),
        ("chat with us 24/7", "24/7", "DATE_OF_BIRTH"),
        ("The dress in Navy is out of stock.", "Navy", "LOCATION"),
        ("UUID 123e4567-e89b-12d3-a456-426614177350", "e89", "STREET_ADDRESS"),
        ("UUID 123e4567-e89b-12d3-a456-426614177350", "426614177350", "LOCATION"),
        ("commit 8c46877a860f2eaab", "2eaab", "DATE_OF_BIRTH"),
        (
            "turn left at the second street and drive 2 miles",
            "second street and drive 2 miles",
            "STREET_ADDRESS",
        ),
    ],
)
def test_it_is_none(text: str, value: str, label: str) -> None:
    assert not _says(text, value, label)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("5343", "5343", "US_SSN"),
        ("it is 5343, thanks", "5343", "US_SSN"),
        ("I typed pin 7246 three times", "7246", "PASSWORD"),
        ("my password is sunflower", "sunflower", "PASSWORD"),
        ("I am Mia Rossi", "Mia Rossi", "PERSON"),
        ("ask for J.R. Ewing", "J.R. Ewing", "PERSON"),
        ("born 1979-11-03", "1979-11-03", "DATE_OF_BIRTH"),
        ("phone: 1717405200", "1717405200", "PHONE_NUMBER"),
        ("my name is mia", "mia", "PERSON"),
        ("8 Mile Road, Detroit", "8 Mile Road", "STREET_ADDRESS"),
        ("my password is correct horse battery staple", "correct horse battery staple", "PASSWORD"),
        ("sure 4155550132 after work", "4155550132", "PHONE_NUMBER"),
        ("five three four three", "five three four three", "US_SSN"),
        ("my name is a m y", "a m y", "PERSON"),
        ("my name is d j", "d j", "PERSON"),
        ("d j", "d j", "PERSON"),
        ("ask t e d please", "t e d", "PERSON"),
        ("phone four four one two nine two one", "four four one two nine two one", "PHONE_NUMBER"),
        ("Ashley Page called", "Ashley Page", "PERSON"),
        ("k1a 0b1 is mine", "k1a 0b1", "POSTCODE"),
        ("my postal code is 77123", "77123", "POSTCODE"),
        ("the security code 7123 came", "7123", "PASSWORD"),
        ("product sent, zip code 77123", "77123", "POSTCODE"),
        ("my password is hunter22 files are gone", "hunter22", "PASSWORD"),
        ("call 4155550132 customers only", "4155550132", "PHONE_NUMBER"),
        ("Tell Mr White", "White", "PERSON"),
        ("I met Das in Kolkata", "Das", "PERSON"),
        ("Unit 8493 Box 4511", "Unit 8493 Box 4511", "STREET_ADDRESS"),
        ("100 Mile House", "100 Mile House", "LOCATION"),
        ("I live at 4283", "4283", "STREET_ADDRESS"),
        ("born 12-05-1998", "1998", "DATE_OF_BIRTH"),
        ("my postcode is M14", "M14", "POSTCODE"),
        ("leave at the door, code 2486#", "2486#", "POSTCODE"),
        ("mail john.smith, at gmail", "john.smith", "EMAIL_ADDRESS"),
        ("john.at.example.com", "john.at.example.com", "EMAIL_ADDRESS"),
        ("josmithatgmail.com", "josmithatgmail.com", "EMAIL_ADDRESS"),
        ("Dr.Morgan is great", "Morgan", "PERSON"),
        ("JFK was here", "JFK", "PERSON"),
        ("ask MARIA- she knows", "MARIA-", "PERSON"),
        ("mail kavigmailcom", "kavigmailcom", "EMAIL_ADDRESS"),
        ("that's k l m", "k l m", "PERSON"),
        ("a b c mr khan", "khan", "PERSON"),
        ("it's d e l i a", "d e l i a", "PERSON"),
        ("maria-jose left", "maria-jose", "PERSON"),
        ("see /in/jordan-82b1", "jordan", "PERSON"),
        ("jordan.smith@example.com", "jordan", "PERSON"),
        ("my number is x two oh five", "two oh five", "PHONE_NUMBER"),
        ("La Toya called", "La Toya", "PERSON"),
        ("7 Bay Street", "7 Bay Street", "STREET_ADDRESS"),
        ("born 1990-01-01 to a nurse", "1990-01-01", "DATE_OF_BIRTH"),
        ("card ending 4837", "4837", "CREDIT_CARD"),
        ("my locker code is 4821", "4821", "PASSWORD"),
        ("Maria, 415-555-0132 - 03/12/1985", "03/12/1985", "DATE_OF_BIRTH"),
        ("born 1990-01-01 - 22 Oak Street", "1990-01-01", "DATE_OF_BIRTH"),
        ("thanks .maria", "maria", "PERSON"),
        (f"total is {'four one five ' * 3}two", f"{'four one five ' * 3}two", "PHONE_NUMBER"),
    ],
)
def test_it_can_be(text: str, value: str, label: str) -> None:
    assert _says(text, value, label)


def test_a_postcode_beside_its_city_counts_nothing() -> None:
    assert _says("10115 Berlin", "10115", "POSTCODE", beside=True)
    assert not _says("10115 parcels", "10115", "POSTCODE")
    assert _says("Kingsland Rd, E2", "E2", "POSTCODE", beside=True)


@pytest.mark.parametrize(
    ("span", "number"),
    [
        ("4111 1111 1111 1111 today", "4111 1111 1111 1111"),
        ("12345678 Z", "12345678 Z"),
        ("1234 main", "1234 main"),
        ("GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
    ],
)
def test_a_word_behind_a_long_number_is_none_of_it(span: str, number: str) -> None:
    assert span[: end_of_number(span, 0, len(span), "CREDIT_CARD")] == number


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("admin: it-admin@example.com", "-admin@example.com", "it-admin@example.com"),
        ("to maria@example.co.uk.", "maria@example", "maria@example.co.uk"),
        ("maria at example dot com", "maria at example", "maria at example"),
        ("T: 345 678\nm.diaz@example.com", "m.diaz@example.com", "m.diaz@example.com"),
        ("m.diaz@example.com\n\tat com.acme", "m.diaz@example.com\n\tat com.acme", "m.diaz@example.com"),
    ],
)
def test_a_cut_address_is_taken_whole(text: str, cut: str, whole: str) -> None:
    start = text.index(cut)
    first, last = whole_address(text, start, start + len(cut))
    assert text[first:last] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("55120 / J. Fairweather / 4", "J.", "J. Fairweather"),
        ("J. R. Ewing called", "J. R.", "J. R. Ewing"),
        ("ask J. tomorrow", "J.", "J."),
        ("Maria Lopez", "Maria", "Maria"),
    ],
)
def test_initials_take_their_family_name(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : whole_name(text, start, start + len(found))] == whole


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("signed by H.R. Okafor", "H.R.", "PERSON"),
        ("Mr DEUTDEFF", "DEUTDEFF", "PERSON"),
        ("we moved near 40912", "40912", "POSTCODE"),
        ("my zip 40912", "40912", "POSTCODE"),
        ("unit 12/4 Elm Road", "12/4 Elm Road", "STREET_ADDRESS"),
    ],
)
def test_what_looks_like_a_code_of_a_thing_alone_is_kept(text: str, value: str, label: str) -> None:
    assert _says(text, value, label)


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("it is w c two n six b x", "c two n six b", "w c two n six b x"),
        ("b, t nine, four f", "t nine, four", "b, t nine, four f"),
        ("a four b d", "four b", "four b d"),
        ("Oscar x 4 t 7 Lima", "x 4 t 7", "Oscar x 4 t 7 Lima"),
        ("postcode BT9 4FG x", "BT9 4FG", "BT9 4FG"),
        ("it's two one h", "two one h", "two one h"),
    ],
)
def test_a_spelled_postcode_is_taken_whole(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    low, high = whole_spelled(text, start, start + len(found))
    assert text[low:high] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("twelve oh one west pine drive", "oh one west pine drive", "twelve oh one west pine drive"),
        ("it's flat nine sixteen high street", "sixteen high street", "flat nine sixteen high street"),
        ("at flat 16 high street", "16 high street", "flat 16 high street"),
        ("there were two at 16 high street", "16 high street", "16 high street"),
        ("only one high street", "high street", "high street"),
    ],
)
def test_the_number_of_a_house_is_taken_whole_where_it_is_said(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[whole_house(text, start, start + len(found)) : start + len(found)] == whole
