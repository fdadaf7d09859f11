from __future__ import annotations

import hashlib
import hmac
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.anonymizer.encrypt import Encrypt, ciphers_of, decrypt, sealed
from shield.anonymizer.hash import Hash, pseudonyms
from shield.domain import OperatorSpec
from shield.errors import AnonymizationFailedError, ConfigError, DecryptionError
from shield.payload.markup import as_text

KEYS = {"one": b"0123456789abcdef", "two": b"fedcba9876543210"}
ANY_TEXT = st.text(st.characters(codec=None))  # lone surrogates too


def counting():
    numbers = itertools.count()
    return lambda size: next(numbers).to_bytes(size, "big")


def hashed(text, entity_type="PERSON", **params):
    params = {"key": "one", **params}
    operator = Hash()
    operator.validate(params, KEYS)
    return operator.operate(text, entity_type, params, KEYS, counting())


def encrypted(text, entity_type="PERSON", key="one", random=None):
    operator = Encrypt()
    operator.validate({"key": key}, KEYS)
    return operator.operate(text, entity_type, {"key": key}, KEYS, random or counting())


class TestHash:
    def test_is_the_hmac_that_its_document_says(self):
        message = b"pii-shield/hash/v1\0PERSON\0Anna Muster"
        expected = hmac.new(KEYS["one"], message, hashlib.sha256).hexdigest()
        assert hashed("Anna Muster") == f"<PERSON:{expected[:16]}>"
        assert hashed("Anna Muster", length=64) == f"<PERSON:{expected}>"

    def test_is_stable_under_one_key_and_differs_under_another(self):
        assert hashed("Anna") == hashed("Anna")
        assert hashed("Anna") != hashed("Anna", key="two")

    def test_differs_by_entity_type_and_text(self):
        digests = {hashed(t, e, **{"with": "{hash}"}) for t in ("a", "b") for e in ("PERSON", "LOCATION")}
        assert len(digests) == 4

    @pytest.mark.parametrize(
        ("one", "other"),
        [("ANNA@example.com", "anna@EXAMPLE.com"), ("Straße", "STRASSE"), ("\uff21nna", "anna")],
    )
    def test_casefold_makes_one_of_what_differs_in_case_alone(self, one, other):
        assert hashed(one, normalise="casefold") == hashed(other, normalise="casefold")
        assert hashed(one) != hashed(other)

    def test_template(self):
        made = hashed("Anna", length=8, **{"with": "{{entity_type}}-{hash}-{x}"})
        assert re.fullmatch(r"\{PERSON\}-[0-9a-f]{8}-\{x\}", made)

    @given(ANY_TEXT)
    def test_takes_any_text(self, text):
        assert re.fullmatch(r"<PERSON:[0-9a-f]{16}>", hashed(text))

    @pytest.mark.parametrize(
        ("params", "message"),
        [
            (
                {"key": None},
                "hash: the parameter key is missing; name one of the configured keys: one, two",
            ),
            ({"key": "on"}, "hash: key names no configured key (did you mean 'one'?); known: one, two"),
            ({"key": 1}, "hash: key names no configured key; known: one, two"),
            ({"length": 7}, "hash: length must be a whole number from 8 to 64"),
            ({"length": 65}, "hash: length must be a whole number from 8 to 64"),
            ({"normalise": "lower"}, "hash: normalise must be one of casefold, none"),
            ({"with": "X"}, "hash: with must contain {hash}; to show no digest, use the operator replace"),
            ({"salt": "x"}, "hash: unknown parameter 'salt'; allowed: key, length, normalise, with"),
        ],
    )
    def test_parameters_that_are_refused(self, params, message):
        with pytest.raises(ConfigError) as caught:
            hashed("x", **params)
        assert caught.value.detail == message


class TestEncrypt:
    @given(ANY_TEXT, st.sampled_from(["PERSON", "US_SSN"]), st.sampled_from(["one", "two"]))
    def test_round_trip_within_other_text(self, text, entity_type, key):
        made = encrypted(text, entity_type, key)
        assert made.startswith(f"<{entity_type}:enc:v1:")
        assert decrypt(f"before {made} between {made} after", KEYS) == f"before {text} between {text} after"
        assert decrypt(f"<p>{as_text(made, '')}</p>", KEYS) == f"<p>{text}</p>"

    def test_the_text_is_not_in_it_and_each_is_new(self):
        random = counting()
        first, second = (encrypted("Anna Muster", random=random) for _ in range(2))
        assert first != second
        assert "Anna" not in first

    @given(st.text(max_size=20), st.data())
    def test_any_altered_character_fails(self, text, data):
        made = encrypted(text)
        place = data.draw(st.integers(len("<PERSON:enc:v1:"), len(made) - 2))
        other = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda it: it != made[place]))
        with pytest.raises(DecryptionError):
            decrypt(made[:place] + other + made[place + 1 :], KEYS)

    def test_another_entity_type_fails(self):
        with pytest.raises(DecryptionError):
            decrypt(encrypted("Anna").replace("PERSON", "LOCATION"), KEYS)

    @pytest.mark.parametrize("cut", range(1, 12))
    def test_a_cut_replacement_fails(self, cut):
        with pytest.raises(DecryptionError):
            decrypt(encrypted("Anna")[: -1 - cut] + ">", KEYS)

    def test_a_wrong_key_fails_and_says_where_and_nothing_more(self):
        with pytest.raises(DecryptionError) as caught:
            decrypt("abc " + encrypted("Anna"), {"two": KEYS["two"]})
        assert caught.value.detail == "the replacement at offset 4 was altered, or its key is not given"

    @pytest.mark.parametrize(
        "text", ["", "no token", "<PERSON>", "<PERSON:enc:v2:AAAA>", "<person:enc:v1:AAAA>"]
    )
    def test_what_is_no_replacement_stays(self, text):
        assert decrypt(text, KEYS) == text

    @pytest.mark.parametrize("data", ["", "A", "AA", "AAAAA", "A" * 37])
    def test_too_short_to_be_one_fails(self, data):
        with pytest.raises(DecryptionError):
            decrypt(f"<PERSON:enc:v1:{data}>", KEYS)

    def test_a_random_source_that_gives_too_little_is_refused(self):
        with pytest.raises(AnonymizationFailedError):
            encrypted("Anna", random=lambda _: b"short")

    def test_key_is_required_and_nothing_else_taken(self):
        with pytest.raises(ConfigError, match="the parameter key is missing"):
            Encrypt().validate({}, KEYS)
        with pytest.raises(ConfigError, match="unknown parameter 'length'; allowed: key"):
            Encrypt().validate({"key": "one", "length": 8}, KEYS)

    def test_hash_and_encrypt_share_no_key(self):
        """The cipher's key is derived; a digest under the same named key tells nothing of it."""
        made = encrypted("Anna")
        assert decrypt(made, {"x": KEYS["one"]}) == "Anna"


class TestPseudonyms:
    @pytest.mark.parametrize(
        "text",
        [
            "<PERSON:92e40313e08f0bd4>",
            "&lt;PERSON:2262e0cf67413b73&gt;",
            "<PERSON:9b0c1d2e>",
        ],
    )
    def test_have_the_usual_form_for_any_type_of_the_policy(self, text):
        assert pseudonyms(text, {"PERSON": OperatorSpec("replace")}) == [(0, len(text))]
        assert pseudonyms(text, {"OTHER": OperatorSpec("replace")}) == []

    @pytest.mark.parametrize(
        "text",
        [
            "<PERSON:4111111111111111>",  # a number
            "<PERSON:be68539007547034>",  # an IBAN
            "<PERSON:536221234abcdefa>",
            "<PERSON:9b0c1d2>",  # shorter than any
            f"<PERSON:{'a1' * 33}>",  # longer
            "<PERSON:92E40313E08F0BD4>",
            "<PERSON:jane4doe4smith4a>",
        ],
    )
    def test_do_not_look_like_a_value(self, text):
        assert pseudonyms(text, {"PERSON": OperatorSpec("hash", {"key": "one"})}) == []

    @pytest.mark.parametrize(
        "form", ["{hash}@redacted.example", "[{entity_type}:{hash}]", "{hash}", "<{hash}>-{hash}", "a&{hash}"]
    )
    def test_have_the_form_that_the_operator_has_unless_it_is_the_digest_alone(self, form):
        params = {"key": "one", "length": 12, "with": form}
        made, operators = hashed("Anna", **params), {"PERSON": OperatorSpec("hash", params)}
        told = any(map(str.isalnum, form.replace("{hash}", "")))
        text = f"by {made}, {as_text(made, '')}."
        found = [text[start:end] for start, end in pseudonyms(text, operators)]
        assert found == ([made, as_text(made, "")] if told else [])
        assert pseudonyms(f"x{hashed('Anna', **{**params, 'length': 13})}x", operators) == []

    @pytest.mark.parametrize("text", ["1234567890ab@redacted.example", "ab1234567890@redacted.example"])
    def test_of_any_form_do_not_look_like_a_value(self, text):
        spec = OperatorSpec("hash", {"key": "one", "length": 12, "with": "{hash}@redacted.example"})
        assert pseudonyms(text, {"EMAIL_ADDRESS": spec}) == []


class TestSealed:
    def test_is_what_a_key_at_hand_made_also_in_html(self):
        one, two = encrypted("Anna"), encrypted("Ben", key="two")
        text = f"{one} and {as_text(two, '')}, not <PERSON:enc:v1:Anna-Muster-4111111111111111-and-so-on>"
        assert [text[start:end] for start, end in sealed(text, ciphers_of(KEYS))] == [one, as_text(two, "")]
        assert sealed(text, ciphers_of({"one": KEYS["one"]})) == [(0, len(one))]
        assert sealed("Anna", ciphers_of(KEYS)) == []

    def test_is_not_what_was_altered_or_given_another_type(self):
        made = encrypted("Anna")
        assert sealed(made.replace("PERSON", "LOCATION"), ciphers_of(KEYS)) == []
        assert sealed(made[:-2] + ("B" if made[-2] != "B" else "C") + ">", ciphers_of(KEYS)) == []
