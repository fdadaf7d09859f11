"""Our own recognizers, in the order of their names: the group `shield` of the catalogue."""

from __future__ import annotations

from shield.analyzer.recognizers.account_number import (
    AccountNumberRecognizer,
    CustomerIdRecognizer,
    MedicalRecordRecognizer,
    SsnLastFourRecognizer,
)
from shield.analyzer.recognizers.african_asian_labels import AfricanAsianIdRecognizer
from shield.analyzer.recognizers.age import AgeRecognizer
from shield.analyzer.recognizers.announced_name import AnnouncedNameRecognizer
from shield.analyzer.recognizers.birth_date import BirthDateRecognizer
from shield.analyzer.recognizers.card_forms import CardFormRecognizer
from shield.analyzer.recognizers.coordinates import CoordinatesRecognizer
from shield.analyzer.recognizers.crypto_address import CryptoAddressRecognizer
from shield.analyzer.recognizers.device_id import DeviceIdRecognizer
from shield.analyzer.recognizers.documents import (
    DriverLicenseRecognizer,
    InsuranceNumberRecognizer,
    PassportNumberRecognizer,
)
from shield.analyzer.recognizers.labelled import ValuePatternRecognizer
from shield.analyzer.recognizers.national.by_default import (
    BeNationalNumberRecognizer,
    BrCpfRecognizer,
    ChAhvRecognizer,
    CnResidentIdRecognizer,
    FrNirRecognizer,
    NlBsnRecognizer,
)
from shield.analyzer.recognizers.national_labels import (
    CodiceFiscaleRecognizer,
    EsSocialSecurityRecognizer,
    LabelledNationalIdRecognizer,
)
from shield.analyzer.recognizers.other_scripts.addresses import AddressInOtherScriptRecognizer
from shield.analyzer.recognizers.other_scripts.names import NameInOtherScriptRecognizer
from shield.analyzer.recognizers.other_scripts.values import (
    AccountInOtherScriptRecognizer,
    BirthDateInOtherScriptRecognizer,
    CodeInOtherScriptRecognizer,
    IdentityInOtherScriptRecognizer,
    PasswordInOtherScriptRecognizer,
    PhoneInOtherScriptRecognizer,
)
from shield.analyzer.recognizers.passwords import PasswordRecognizer
from shield.analyzer.recognizers.payment_card import CardCodeRecognizer, CardExpiryRecognizer
from shield.analyzer.recognizers.phone_labels import LabelledPhoneRecognizer
from shield.analyzer.recognizers.pins import OneTimeCodeRecognizer, PinRecognizer
from shield.analyzer.recognizers.postcode import PostcodeRecognizer
from shield.analyzer.recognizers.secret_keys import SecretKeyRecognizer
from shield.analyzer.recognizers.security_answers import SecurityAnswerRecognizer
from shield.analyzer.recognizers.street_address import StreetAddressRecognizer
from shield.analyzer.recognizers.travel_document import MachineReadableZoneRecognizer
from shield.analyzer.recognizers.username import UsernameRecognizer
from shield.analyzer.recognizers.vat import PersonalVatNumberRecognizer, VatNumberRecognizer
from shield.analyzer.recognizers.vehicle import LicensePlateRecognizer, VinRecognizer

OURS: tuple[type[ValuePatternRecognizer], ...] = (
    AccountInOtherScriptRecognizer,
    AccountNumberRecognizer,
    AddressInOtherScriptRecognizer,
    AfricanAsianIdRecognizer,
    AgeRecognizer,
    AnnouncedNameRecognizer,
    BeNationalNumberRecognizer,
    BirthDateInOtherScriptRecognizer,
    BirthDateRecognizer,
    BrCpfRecognizer,
    CardCodeRecognizer,
    CardExpiryRecognizer,
    CardFormRecognizer,
    ChAhvRecognizer,
    CnResidentIdRecognizer,
    CodeInOtherScriptRecognizer,
    CodiceFiscaleRecognizer,
    CoordinatesRecognizer,
    CryptoAddressRecognizer,
    CustomerIdRecognizer,
    DeviceIdRecognizer,
    DriverLicenseRecognizer,
    EsSocialSecurityRecognizer,
    FrNirRecognizer,
    IdentityInOtherScriptRecognizer,
    InsuranceNumberRecognizer,
    LabelledNationalIdRecognizer,
    LabelledPhoneRecognizer,
    LicensePlateRecognizer,
    MachineReadableZoneRecognizer,
    MedicalRecordRecognizer,
    NameInOtherScriptRecognizer,
    NlBsnRecognizer,
    OneTimeCodeRecognizer,
    PassportNumberRecognizer,
    PasswordInOtherScriptRecognizer,
    PasswordRecognizer,
    PersonalVatNumberRecognizer,
    PhoneInOtherScriptRecognizer,
    PinRecognizer,
    PostcodeRecognizer,
    SecretKeyRecognizer,
    SecurityAnswerRecognizer,
    SsnLastFourRecognizer,
    StreetAddressRecognizer,
    UsernameRecognizer,
    VatNumberRecognizer,
    VinRecognizer,
)
