"""Account, customer and medical record numbers: digits that a label makes an identifier of a person."""

# ruff: noqa: E501, PLR2004, RUF001  # patterns and tables, one a line; numbers of the schemes; typographic apostrophes
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    LINK,
    NOT_QUANTITY,
    NUMBER_WORD,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
    labelled,
)
from shield.analyzer.recognizers.national.checks import weighted
from shield.analyzer.recognizers.supply_points import supply_point_patterns

_BANKS_OF_NIGERIA = (
    r"gt[ ]?b(?:ank)?|guaranty(?:[ ]trust)?|zenith|uba|fcmb|opay|palm[ ]?pay|kuda|monie[ ]?point|first[ ]bank|access[ ]bank|fidelity[ ]bank|sterling[ ]bank|wema|"
    r"union[ ]bank|polaris|stanbic(?:[ ]ibtc)?|ecobank|keystone[ ]bank|jaiz|providus|heritage[ ]bank"
)
_DIGITS = r"\d(?:[ \-]?\d){3,19}"
_CODE = r"(?:[A-Z]{1,4}[ \-]?)?\d(?:[\w/]|[ \-]\d){2,19}"
_OWNER = r"(?:(?:bank|checking|savings?|current|deposit|loan|my|credit|brokerage|customer|user|debit|card|rewards?)\s)?"
_ACCOUNT = (
    rf"{_OWNER}(?:accounts?|acct|acount|accnt|acc|a/c|ac){NUMBER_WORD}|kontonummer|konto-nr\.?|"
    r"(?:número|numero|nº|núm\.?) de cuenta|numéro de compte|n° de compte|numero di conto|numero conto|"
    r"rekeningnummer|número da conta|numer konta|nr konta|(?:accounts?|acct|acc|a/c|council\stax|rent)\sref(?:erence)?(?:\s?(?:no|number))?|"
    rf"council\stax{NUMBER_WORD}"
)
_CUSTOMER = (
    rf"(?:customer|client|member(?:ship)?|subscriber|supporter|donor|policy\s?holder|loyalty|frequent flyer|cust)"
    rf"(?:\s(?:account|card))?{NUMBER_WORD}|(?:customer|client|cust)\s(?:code|ref(?:erence)?)(?:\s(?:no|number))?|"
    rf"(?:frequent\s(?:guest|fl[iy]er|travell?er|shopper)|ff|rewards|club\s?card){NUMBER_WORD}|my\sclub\s?card|"
    r"kundennummer|kunden-?nr\.?|mitgliedsnummer|(?:número|numero) de cliente|nº de cliente|numéro (?:de )?client|n° client|"
    r"codice cliente|numero cliente|klantnummer|número do cliente|numer klienta|"
    r"kd\.?-?nr\.?|(?:código|cód\.) (?:de |do )?cliente|n\.?[º°] ?(?:de |do |d['’])?(?:cliente|client|abonn[ée]|adhérent|sócio|socio)|(?:abonn[ée]e?|adhérente?|cliente?|sóci[oa]|soci[oa]) n\.?[º°o]\.?|"
    r"(?:code|réf\.?|référence) client|(?:numéro|n°) d['’](?:abonn[ée]|adhérent)|cod\. ?cliente|klant(?:en)?-?nr\.?|nr\.? klienta|(?:numer|nr) abonenta"
)
_MEDICAL = (
    rf"mrn|m\.r\.n\.|(?:medical|health|hospital|patient|clinic(?:al)?)\s(?:record|chart|file|history)"
    rf"{NUMBER_WORD}?|(?:patient|hospital|chart|admission){NUMBER_WORD}|mrn{NUMBER_WORD}|"
    r"patientennummer|patienten-?nr\.?|fallnummer|nhc|n\.?º? ?historia clínica|(?:número de )?historia clínica|"
    r"episodio|numéro (?:de )?patient|numéro de dossier médical|ipp|patiëntnummer|cartella clinica|numero di cartella|"
    r"patiënt(?:en)?-?(?:nr|nummer)\.?|patient(?:en)?nr\.?|cartella(?: clinica)? n(?:\.|r\.?|°|º|umero)|codice paziente|"
    r"(?:nr|numer)\.? (?:historii choroby|pacjenta|kartoteki)|historia(?: clínica)? n[º°]\.?|expediente clínico(?: n[º°o]\.?)?|processo clínico(?: n\.?[º°])?|"
    r"numer pacjenta|prontuário|(?:n°|nº|numéro) de dossier (?:patient|médical)|dossier patient"
)
_SSN = r"ssn?|s\.s\.n\.?|social(?:\ssecurity)?|soc\ssec"
_YEARS = ("19", "20")
_PAIR = Sort("sort code and account", 0.78)
_ROUTING = Sort("routing number", 0.84)
_OF_A_MEMBER = Sort("number of a member", 0.7)
_WEIGHTS = (3, 7, 1) * 3  # for the check digit of the American Bankers Association
_OF_BANKS = re.compile(r"sort|account|acct|bank|payee|bacs|transfer|refund", re.IGNORECASE)
_NEAR = 120  # code points


class AccountNumberRecognizer(ValuePatternRecognizer):
    """Numbers of bank accounts, of supply points and others, sort codes, routing numbers, addresses of India's UPI."""

    ENTITY = "ACCOUNT_NUMBER"
    PATTERNS = (
        ValuePattern(
            "account number", labelled(_ACCOUNT, _CODE, after=NOT_QUANTITY + r"(?![^\W_])"), 0.85, _ACCOUNT
        ),
        ValuePattern(
            "account",
            labelled(
                rf"{_OWNER}(?:accounts?|acct|a/c)(?:\s(?:ending(?:\s(?:in|with))?|ends\s(?:in|with)))?",
                _DIGITS,
                after=NOT_QUANTITY + r"(?![^\W_])",
            ),
            0.65,
            r"account|acct|a/c",
        ),
        ValuePattern(
            "sort code",
            labelled(
                r"sort[\s\-]?codes?|s/c",
                r"\d{2}-\d{2}-\d{2}(?:[\s,/|]{1,3}\d{8})?|\d{2} \d{2} \d{2}|\d{6}",
                after=r"(?![\w\-]|[.,]\d)",
            ),
            0.85,
            r"sort[\s\-]?code|s/c",
        ),
        ValuePattern(  # eight digits, as banks of the United Kingdom have
            "what is paid from an account",
            rf"{LABEL_START}(?:direct[ ]debits?|standing[ ]orders?|bacs)[ ](?:is[ ]|was[ ])?(?:from|to|out[ ]of|into)[ ](?:my[ ]|his[ ]|her[ ]|their[ ]|the[ ])?(?P<value>(?!20\d\d[01]\d[0-3])\d{{8}})(?![\w\-]|[.,/]\d)",
            0.7,
            r"(?:direct[ ]debits?|standing[ ]orders?|bacs)[ ](?:is[ ]|was[ ])?(?:from|to|out[ ]of|into)[ ]",
            48,
        ),
        ValuePattern(
            "routing number",
            labelled(
                rf"(?:aba|routing)(?:\s(?:transit|aba|bank))?{NUMBER_WORD}{{0,2}}",
                r"\d{9}",
                after=r"(?![\w\-]|[.,]\d)",
            ),
            _ROUTING,
            r"aba|routing",
        ),
        ValuePattern(
            "bank and branch in Australia",
            labelled(rf"bsb{NUMBER_WORD}?", r"\d{3}[ \-]?\d{3}", after=r"(?![\w\-]|[.,]\d)"),
            0.8,
            r"bsb",
        ),
        ValuePattern(
            "sort, before an account",
            rf"{LABEL_START}sort\s?[:=]?\s?(?P<value>\d{{6}}|\d\d-\d\d-\d\d)(?=[\s,;/|]{{1,3}}(?:and\s)?(?:acc|a/c|account)\b)",
            0.8,
            r"sort\s?[:=]?\s?\d",
            10,
        ),
        ValuePattern(  # NUBAN, ten digits (Central Bank of Nigeria); people name the bank in place of a label
            "bank and account in Nigeria",
            rf"{LABEL_START}(?:{_BANKS_OF_NIGERIA})(?:[ ]bank)?(?:[ ](?:acct|acc|account|a/c))?(?:[ ]?[:\-#,]|[ ](?:no|number|is))?[ ](?P<value>\d{{10}})(?![\w\-]|[.,]\d)",
            0.75,
            begun(rf"(?:{_BANKS_OF_NIGERIA})[ :,\-#]"),
            16,
        ),
        ValuePattern(
            "account and bank in Nigeria",
            rf"(?<![\w.,/\-])(?P<value>\d{{10}}),?[ ](?:{_BANKS_OF_NIGERIA})(?![^\W_])",
            0.74,
            rf"\d,?[ ](?:{_BANKS_OF_NIGERIA})",
            32,
        ),
        ValuePattern(  # of investments in India; a hotel's folio has fewer digits
            "folio and number",
            rf"{LABEL_START}folio(?:[ ](?:no|number|num)\.?)?[ ]?[:#]?[ ](?P<value>\d{{8,12}}(?:/\d{{1,3}})?)(?![\w\-]|[.,]\d)",
            0.7,
            r"folio[ :#]",
            8,
        ),
        ValuePattern(
            "acc and number",
            rf"{LABEL_START}acc\.?\s?[:#=]?\s?(?P<value>\d{{6,17}}|(?-i:[A-Z]{{1,3}}-)\d(?:[\dA-Z]|-\d){{4,15}})(?![\w\-]|[.,]\d){NOT_QUANTITY}",
            0.65,
            r"acc\.?\s?[:#=]?\s?[a-z\d]",
            8,
        ),
        ValuePattern(  # the names that the National Payments Corporation of India gives to banks' handles
            "address of India's UPI",
            r"(?<![\w.@+\-])(?P<value>[\w.\-]{2,48}@(?:ok(?:axis|hdfcbank|icici|sbi)|ybl|ibl|axl|apl|upi|paytm|pt(?:axis|hdfc|sbi|yes)|yapl|fbl|waaxis|wasbi|jupiteraxis))(?![\w@\-]|\.\w)",
            0.8,
            r"@(?:ok(?:axis|hdfcbank|icici|sbi)|ybl|ibl|axl|apl|upi|paytm|pt|yapl|fbl|wa|jupiter)",
            60,
            digits=False,
        ),
        ValuePattern(
            "sort code and account number",
            r"(?<![\w.,/\-])(?P<value>\d{2}-\d{2}-\d{2}[\s,/|]{1,3}\d{8})(?![\w\-]|[.,]\d)",
            _PAIR,
        ),
        ValuePattern(
            "last four digits",
            rf"{LABEL_START}(?:last\s(?:four|4)|last|four|4)\s?digits?(?:\s(?:numbers?|no|of|with|my|account)){{0,3}}{LINK}(?P<value>\d{{4}})(?![\w-]|[.,]\d){NOT_QUANTITY}",
            0.6,
            r"digits?",
        ),
        ValuePattern(
            "transfer from one to another",
            r"\btransfer(?:red|ring)?\b[^\n.]{0,40}?\bfrom (?:my |account |ac )?(?P<value>\d{4,17})(?= to\b)",
            0.7,
            r"transfer",
        ),
        ValuePattern(
            "transfer to the other",
            r"\btransfer(?:red|ring)?\b[^\n.]{0,40}?\bfrom (?:my |account |ac )?\d{4,17} to (?:my |account |ac )?(?P<value>\d{4,17})"
            + NOT_QUANTITY,
            0.7,
            r"transfer",
        ),
        ValuePattern(
            "before its label",
            r"(?<![\w$€£.,/-])(?P<value>\d{6,17})(?= is (?:my|the|your) (?:\w{2,10} )?(?:account|acct)\b)",
            0.8,
            r"\d is (?:my|the|your) ",
            36,
        ),
        *supply_point_patterns(),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        digits = sum(map(str.isdigit, value))
        if digits < 3 and "@" not in value:
            return 0.0
        if sort == _ROUTING:
            return sort.score if weighted(value, _WEIGHTS) % 10 == 0 else 0.0
        if sort == _PAIR:  # a day and a number of eight digits look the same
            before = match.string[max(0, match.start() - _NEAR) : match.start()]
            alone = match.string.strip() == value  # an answer
            return sort.score if alone or not _is_day(value) or _OF_BANKS.search(before) is not None else 0.0
        # "account 2019" means a year, unless something shows that it is a number.
        return 0.3 if sort.score < 0.7 and digits == 4 and value.startswith(_YEARS) else sort.score


def _is_day(value: str) -> bool:
    """Whether `dd-dd-dd`, with which a value begins, may be a day, in whatever order."""
    first, second, third = (int(value[at : at + 2]) for at in (0, 3, 6))
    return any(
        1 <= month <= 12 and 1 <= day <= 31
        for day, month in ((first, second), (second, first), (third, second))
    )


class CustomerIdRecognizer(ValuePatternRecognizer):
    """Numbers of customers, members and loyalty programmes."""

    ENTITY = "CUSTOMER_ID"
    PATTERNS = (
        ValuePattern(
            "label and number",
            labelled(
                _CUSTOMER,
                r"(?:[A-Z]{1,5}[ \-]?)?\d(?:[\w]|[ \-]\d){3,15}",
            ),
            0.8,
            _CUSTOMER,
        ),
        ValuePattern(  # at least seven digits: "membership 2024" is a year's
            "membership and number",
            rf"{LABEL_START}(?:membership|loyalty(?:[ ]card)?|library[ ]card|club[ ]?card|(?:(?:gym|key|door)[ ])?fob|frequent[ ](?:fl[iy]er|guest|travell?er)|rewards(?:[ ]card)?)"
            rf"[ ]?[:#]?[ ](?P<value>(?:[A-Z]{{1,3}}[ \-]?)?\d(?:[ \-]?\d){{6,15}})(?![\w\-]|[.,]\d){NOT_QUANTITY}",
            _OF_A_MEMBER,
            r"(?:membership|loyalty|card|clubcard|fob|fl[iy]er|guest|travell?er|rewards)[ ]?[:#]?[ ](?:[a-z]{1,3}[ \-]?)?\d",
            40,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:  # noqa: ARG002  an interface
        return 0.0 if sort == _OF_A_MEMBER and _TERM.match(value) is not None else sort.score


_TERM: Final = re.compile(r"(?:19|20)\d\d[ \-/]?(?:19|20)?\d\d")
"""Years that a membership lasts."""


class MedicalRecordRecognizer(ValuePatternRecognizer):
    """Numbers of patients and of their records."""

    ENTITY = "MEDICAL_RECORD_NUMBER"
    PATTERNS = (
        ValuePattern(
            "label and number",
            labelled(
                rf"(?:{_MEDICAL})(?:\s?(?:n\.?\s?[º°]|n\.|nr\.|núm\.|num\.))?",
                r"(?:[A-Z]{1,4}[ \-]?)?\d(?:[\d/]|[ \-]\d|[A-Z](?=[\d\W])){3,15}",
            ),
            0.85,
            _MEDICAL,
        ),
    )


class SsnLastFourRecognizer(ValuePatternRecognizer):
    """The last four digits of a US social security number: with the birth date they authenticate a caller."""

    ENTITY = "US_SSN"
    PATTERNS = (
        ValuePattern(
            "label and four digits",
            rf"{LABEL_START}(?:{_SSN})(?:\s?(?:number|no|num|nu|#|digits?|last|four|4(?!\d)|in|my)"
            rf"\.?){{0,4}}{LINK}(?:(?:ending|ends|end)\s(?:in|with)\s)?(?P<value>\d{{3,10}})(?![\w-]|[.,]\d){NOT_QUANTITY}",
            0.85,
            _SSN,
        ),
        ValuePattern(
            "last four of it",
            rf"{LABEL_START}last\s(?:four|4)(?:\sdigits?)?(?:\sof(?:\smy|\sthe|\syour)?(?:\sssn|\ssocial)(?:\ssecurity)?"
            rf"(?:\snumber)?)(?:[\s,:\-]{{1,3}}(?:s?he|they|caller|customer|client)\s(?:said|says|gave|read|reads))?"
            rf"{LINK}(?P<value>\d{{4}})(?![\w-]|[.,]\d)",
            0.85,
            r"last\s(?:four|4)",
        ),
        ValuePattern(
            "before its label",
            r"(?<![\w$.,/-])(?P<value>\d{4})(?= (?:is|are) (?:my |the |your )?(?:last (?:four|4) )?(?:digits? )?(?:of )?(?:my )?(?:ssn|social)\b)",
            0.8,
            r"\d (?:is|are) ",
            16,
        ),
        ValuePattern(
            "nine digits behind the label",
            rf"{LABEL_START}(?:ssn|social\ssecurity)(?:\s?(?:number|no|num|#)\.?){{0,2}}{LINK}(?P<value>(?!000|666)\d{{3}}[ .\-]?(?!00)\d{{2}}[ .\-]?(?!0000)\d{{4}})(?![\w-])",
            0.85,
            r"ssn|social\ssecurity",
        ),
    )
