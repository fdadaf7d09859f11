"""The matcher skips work but never a number: its results are those of `phonenumbers` itself."""

from __future__ import annotations

import random
from typing import Any

import phonenumbers
import pytest

from shield.analyzer.recognizers.phone_matcher import Endings, Matcher, Parsed, spans

REGIONS = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR", "AR", "IT", "MX", "BS", "SG")
VALID = phonenumbers.Leniency.VALID
STRICT = phonenumbers.Leniency.STRICT_GROUPING
FORMS = (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.E164)


def _rows(seed: int) -> list[str]:
    chance = random.Random(seed)

    def group(least: int, most: int) -> str:
        return "".join(chance.choices("0123456789", k=chance.randint(least, most)))

    rows = []
    for separators in (" ", "-", ". ", "/", " - ", ") ", ", "):
        rows.append(separators.join(group(1, 6) for _ in range(30)))
        rows.append(separators.join(group(3, 4) for _ in range(30)))
        rows.append(" ".join(separators.join((group(3, 3), group(3, 3), group(4, 4))) for _ in range(12)))
        rows.append(
            "x ".join(f"(0{group(2, 4)}{separators}{group(5, 8)} ext {group(2, 3)}" for _ in range(8))
        )
        rows.append(" ".join(f"00{group(8, 12)}{separators}+{group(9, 12)}" for _ in range(8)))
    return rows


@pytest.mark.parametrize("leniency", [phonenumbers.Leniency.POSSIBLE, VALID, STRICT])
@pytest.mark.parametrize("region", REGIONS)
def test_the_results_are_the_librarys(region: str, leniency: int) -> None:
    endings = Endings(region)
    found = 0
    for text in _rows(len(region) + leniency):
        parsed = Parsed()
        expected = [(m.start, m.end) for m in phonenumbers.PhoneNumberMatcher(text, region, leniency)]
        for _ in range(2):  # the second time everything is remembered
            got = [(m.start, m.end) for m in Matcher(text, region, leniency, endings, parsed)]
            assert got == expected, ascii(text)
            assert list(spans(text, region, leniency, endings, parsed)) == expected
        found += len(expected)
    assert found > 0


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_kind_of_number_of_every_region_is_allowed(region: str) -> None:
    endings = Endings(region)
    for kind in phonenumbers.PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is not None and phonenumbers.is_valid_number(example):
            for form in FORMS:
                assert endings.allow(phonenumbers.format_number(example, form).removeprefix("+"))


@pytest.mark.parametrize(
    "region", ["US", "GB", "DE", "FR", "IL", "IN", "CA", "BR", "ZA", "IT", "RU", "HU", "MX", "AR"]
)
def test_the_results_are_the_librarys_whatever_prefixes_stand_before(region: str) -> None:
    chance = random.Random(region)
    endings = Endings(region)
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    prefixes = [
        "",
        "",
        "0",
        "1",
        "8",
        "00",
        "011",
        str(metadata.country_code),
        metadata.national_prefix or "",
    ]
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in (0, 1, 3)]
    for example in filter(None, examples):
        national = phonenumbers.national_significant_number(example)
        for _ in range(25):
            text = (
                "".join(chance.choices(prefixes, k=chance.randint(0, 3))) + national[chance.randint(0, 1) :]
            )
            expected = [(m.start, m.end) for m in phonenumbers.PhoneNumberMatcher(text, region, VALID)]
            got = [(m.start, m.end) for m in Matcher(text, region, VALID, endings, Parsed())]
            assert got == expected, text


def test_what_ends_like_no_number_is_not_parsed() -> None:
    assert not Endings("US").allow("4111 1111 1111 1112")
    assert not Endings("FR").allow("123-456")
    assert Endings("FR").allow("123-456 ext 7")  # not plain: the library decides
    assert Endings("BS").allow("1")  # parsing prepends digits there


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shield.analyzer.recognizers.phone_matcher._MEMORY", 10)
    parsed = Parsed()
    text = _rows(1)[0]
    expected = [(m.start, m.end) for m in phonenumbers.PhoneNumberMatcher(text, "DE", VALID)]
    assert [(m.start, m.end) for m in Matcher(text, "DE", VALID, Endings("DE"), parsed)] == expected
    for place in range(30):
        spans(text[place:], "DE", VALID, Endings("DE"), parsed)
    assert len(parsed.numbers) <= 10
    assert len(parsed.windows) <= 10
