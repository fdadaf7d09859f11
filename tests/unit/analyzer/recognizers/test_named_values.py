"""Values of our own types are found by their member's name."""

from __future__ import annotations

import pytest

from shield.domain import SegmentKind
from tests.unit.analyzer.recognizers.conftest import Find


@pytest.mark.parametrize(
    ("name", "value", "entity"),
    [
        ("dob", "1980-02-29", "DATE_OF_BIRTH"),
        ("dateOfBirth", "29/02/1980", "DATE_OF_BIRTH"),
        ("birthday", "-317347200000", "DATE_OF_BIRTH"),
        ("dob", "317347200.0", "DATE_OF_BIRTH"),
        ("birthDate", "/Date(317347200000+0100)/", "DATE_OF_BIRTH"),
        ("bday", "19800229", "DATE_OF_BIRTH"),
        ("D.O.B.", "1980-02-29", "DATE_OF_BIRTH"),
        ("soc_sec_no", "536221234", "US_SSN"),
        ("password", "hunter", "PASSWORD"),
        ("user_password", "correct horse battery", "PASSWORD"),
        ("pin", "0314", "PIN"),
        ("dob", "14MAR82", "DATE_OF_BIRTH"),
        ("BVN", "22212345678", "NATIONAL_ID"),
        ("new_gatecode", "C4471Y", "PIN"),
        ("Door_Code__c", "4471#", "PIN"),
        ("new_dateofbirth", "1949-02-11T00:00:00Z", "DATE_OF_BIRTH"),
        ("governmentid", "ABCPD1234E", "NATIONAL_ID"),
        ("clabe", "032180000118359719", "ACCOUNT_NUMBER"),
        ("otp", "482913", "ONE_TIME_CODE"),
        ("mothersMaidenName", "Wong", "SECURITY_ANSWER"),
        ("accountNumber", "68318931", "ACCOUNT_NUMBER"),
        ("sortCode", "20-45-77", "ACCOUNT_NUMBER"),
        ("exp", "0328", "CARD_EXPIRY"),
        ("exp_month", "8", "CARD_EXPIRY"),
        ("expYear", "2031", "CARD_EXPIRY"),
        ("card_expiry_month", "08", "CARD_EXPIRY"),
        ("customer_number", "4471920", "CUSTOMER_ID"),
        ("mrn", "00412345", "MEDICAL_RECORD_NUMBER"),
        ("api_key", "9f86d081884c7d65", "SECRET_KEY"),
        ("cvv", "123", "CARD_CVV"),
        ("card_expiry", "04/27", "CARD_EXPIRY"),
        ("licensePlate", "7ABC123", "LICENSE_PLATE"),
        ("lat", "40.712776", "COORDINATES"),
        ("imei", "490154203237518", "DEVICE_ID"),
        ("username", "mgarcia", "USERNAME"),
        ("ssn", "8632", "US_SSN"),
        ("street", "Hauptstr. 5", "STREET_ADDRESS"),
        ("zip", "02110", "POSTCODE"),
        ("age", "93", "AGE"),
        ("national_id", "850730-03328", "NATIONAL_ID"),
        ("codiceFiscale", "RSSMRA85T10A562S", "NATIONAL_ID"),
        ("ein", "12-3456789", "NATIONAL_ID"),
        ("passportNumber", "C01X00T47", "TRAVEL_DOCUMENT"),
        ("drivers_license", "D1234567", "DRIVER_LICENSE"),
        ("policyNumber", "POL-88213-77", "INSURANCE_NUMBER"),
        ("vat_number", "GB 729 0140 54", "VAT_NUMBER"),
        ("partitaIva", "58916080185", "VAT_NUMBER"),
        ("geb_dat", "1988-11-30", "DATE_OF_BIRTH"),
        ("customerpin", "4471", "PIN"),
        ("newpassword", "Zebra99x", "PASSWORD"),
        ("birthdt", "1980-02-29", "DATE_OF_BIRTH"),
        ("geboortedatum", "1994-03-08", "DATE_OF_BIRTH"),
        ("ddn", "05/07/1991", "DATE_OF_BIRTH"),
        ("fnac", "30/01/1970", "DATE_OF_BIRTH"),
        ("dtNasc", "19/09/1986", "DATE_OF_BIRTH"),
        ("data_urodzenia", "11.12.1959", "DATE_OF_BIRTH"),
        ("pw", "correcthorse9", "PASSWORD"),
        ("pass", "hunter22", "PASSWORD"),
        ("mdp", "chouette8", "PASSWORD"),
        ("mpin", "7788", "PIN"),
        ("mfa_code", "552 019", "ONE_TIME_CODE"),
        ("sms_code", "4471", "ONE_TIME_CODE"),
        ("secretA", "Mrs Hollis", "SECURITY_ANSWER"),
        ("cust_no", "C0099182", "CUSTOMER_ID"),
        ("klantnr", "K881204", "CUSTOMER_ID"),
        ("nr_konta", "12345678", "ACCOUNT_NUMBER"),
        ("cp", "69007", "POSTCODE"),
        ("cap", "10123", "POSTCODE"),
        ("cpostal", "20004", "POSTCODE"),
        ("pin_code", "400064", "POSTCODE"),
        ("postnr", "0162", "POSTCODE"),
        ("ulica", "Piotrkowska 104", "STREET_ADDRESS"),
        ("straat", "Kastanjelaan", "STREET_ADDRESS"),
        ("logradouro", "Rua Barão de Itapetininga", "STREET_ADDRESS"),
        ("huisnr", "17", "STREET_ADDRESS"),
        ("cryptogramme", "123", "CARD_CVV"),
        ("crypto", "123", "CARD_CVV"),
        ("targa", "GA456BB", "LICENSE_PLATE"),
        ("vrm", "LB67 WNX", "LICENSE_PLATE"),
        ("android_id", "9774d56d682e549c", "DEVICE_ID"),
        ("serialNo", "R5CT1234ABC", "DEVICE_ID"),
        ("usr", "mr.beanpole", "USERNAME"),
        ("identifiant", "cvig44", "USERNAME"),
        ("_token", "9f86d081884c7d659a2feaa0", "SECRET_KEY"),
        ("verification_token", "9f86d081884c7d659a2feaa0", "SECRET_KEY"),
        ("drv_lic_no", "S530-4608-7119", "DRIVER_LICENSE"),
        ("ins_id", "W2231 88190", "INSURANCE_NUMBER"),
    ],
)
def test_found_whole(find: Find, name: str, value: str, entity: str) -> None:
    assert find(value, name, only=entity) == [(entity, value)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password_policy", "strong"),
        ("contract_expiry_year", "2031"),
        ("password_reset_url", "https-link"),
        ("password", "********"),
        ("pin_required", "1234"),
        ("account_type", "12345678"),
        ("next_page_token", "9f86d081884c7d659a2feaa0"),
        ("csrf_token", "9f86d081884c7d659a2feaa0"),
        ("authenticityToken", "9f86d081884c7d659a2feaa0"),
        ("__RequestVerificationToken", "9f86d081884c7d659a2feaa0"),
        ("_wpnonce", "9f86d08188"),
        ("token_type", "bearer-token-12"),
        ("username_required", "false-1"),
        ("ip_address", "203.0.113.70"),
        ("passport_status", "A12345678"),
        ("policy_version", "2024.1.12345"),
        ("drivers_license_expiry", "2027-03-12"),
        ("email_address", "1 at example com"),
        ("age", "34"),
        ("lat", "open"),
        ("sort_code", "ASC"),
        ("exp", "1717405200"),
        ("last4", "4242"),
        ("card_last4", "1881"),
        ("shipping", "1234"),
        ("zip", "archive.tgz, of it"),
        ("plate_count", "12345"),
        ("vat_rate", "20"),
        ("vat_amount", "1234567.00"),
        ("born_digital_format", "1980-01-01"),
    ],
)
def test_left_alone(find: Find, name: str, value: str) -> None:
    types = {kind for kind, _ in find(value, name)} - {"IP_ADDRESS"}
    assert types == set()


def test_a_number_is_named_by_what_holds_it(find: Find) -> None:
    assert find("533401192", "passport", "number", only="TRAVEL_DOCUMENT") == [
        ("TRAVEL_DOCUMENT", "533401192")
    ]
    assert find("68318931", "account", "number", only="ACCOUNT_NUMBER") == [("ACCOUNT_NUMBER", "68318931")]
    assert find("68318931", "invoice", "number") == []


def test_numbers_of_json(find: Find) -> None:
    assert find("3941", "pin", kind=SegmentKind.NUMBER) == [("PIN", "3941")]
    assert find("123", "cvv", kind=SegmentKind.NUMBER) == [("CARD_CVV", "123")]
    assert find("40.712776", "latitude", kind=SegmentKind.NUMBER) == [("COORDINATES", "40.712776")]
    assert find("123", "username", kind=SegmentKind.NUMBER) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("boarding_pass", "ready4you"),
        ("pass_type", "daily"),
        ("cap", "5000"),
        ("rate_cap", "10123"),
        ("cp", "12"),
        ("via", "email"),
        ("street", "unknown"),
        ("crypto", "aes-256"),
        ("secret_ab_test", "variant-b"),
        ("reg_no", "HRB 4471"),
        ("document_number", "INV-22018"),
        ("data_url", "12-01-2024.png"),
        ("serial_no_format", "AA-999999"),
    ],
)
def test_a_name_of_something_else_names_nothing(find: Find, name: str, value: str) -> None:
    assert find(value, name) == []


@pytest.mark.parametrize(
    ("names", "value", "entity"),
    [
        (("vehicle", "reg_no"), "191-D-4452", "LICENSE_PLATE"),
        (("car", "registration"), "YB12 KDL", "LICENSE_PLATE"),
        (("driver", "licence"), "402118337", "DRIVER_LICENSE"),
        (("kyc", "docNo"), "X4422118", "TRAVEL_DOCUMENT"),
    ],
)
def test_a_name_means_more_below_its_parent(
    find: Find, names: tuple[str, ...], value: str, entity: str
) -> None:
    assert find(value, *names, only=entity) == [(entity, value)]


def test_a_number_of_a_limit_is_no_postcode(find: Find) -> None:
    assert find("50000", "cap", kind=SegmentKind.NUMBER) == []
