# ruff: noqa: ISC004 - long messages in tables
from __future__ import annotations

import subprocess
import sys
import traceback
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.anonymizer.engine import Anonymizer, builtin_operators, load_operators, validate_spec
from shield.anonymizer.operators import Operator, Replace, render
from shield.config_codes import ProblemCode
from shield.domain import OperatorSpec
from shield.errors import AnonymizationFailedError, ConfigError, ResourcesExhaustedError

KEYS = {"main": b"0123456789abcdef"}


def zeros(size):
    return b"\0" * size


def anonymizer(operators=None):
    return Anonymizer(KEYS, operators or builtin_operators(), zeros)


class Shout(Operator):
    name = "shout"

    def validate(self, params, keys):
        if params:
            raise ConfigError(ProblemCode.OPERATOR_PARAMETER_INVALID, "shout: takes no parameters")

    def operate(self, text, entity_type, params, keys, random):
        return "!" * len(text)


class Broken(Shout):
    name = "broken"

    def validate(self, params, keys):
        raise KeyError("secret value")

    def operate(self, text, entity_type, params, keys, random):
        raise ValueError(f"cannot do {text}")


class Silent(Shout):
    name = "silent"

    def operate(self, text, entity_type, params, keys, random):
        return None


@dataclass
class Point:
    name: str
    target: Any

    def load(self):
        if isinstance(self.target, Exception):
            raise self.target
        return self.target


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (OperatorSpec("replace"), "<PERSON>"),
        (OperatorSpec("replace", {"with": "[{entity_type}]"}), "[PERSON]"),
        (OperatorSpec("replace", {"with": "{}{0}{x}{{entity_type}}"}), "{}{0}{x}{PERSON}"),
        (OperatorSpec("redact"), ""),
        (OperatorSpec("keep"), None),
        (OperatorSpec("mask"), "**** ******"),
        (OperatorSpec("hash", {"key": "main"}), "<PERSON:fa3cd4c4f01ad7ca>"),
    ],
)
def test_replacements(spec, expected):
    validate_spec(spec, KEYS, builtin_operators(), "PERSON")
    made = anonymizer().replacement("Anna Muster", "PERSON", spec)
    assert made == expected


@given(st.text())
def test_a_template_is_literal_but_for_its_placeholders(text):
    filled = render(text, "PERSON")
    assert filled == text.replace("{entity_type}", "PERSON").replace("{hash}", "")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"with": ""}, "replace: with is empty; to remove the text, use the operator redact"),
        ({"with": 5}, "replace: with must be text; put a number in quotes"),
        ({"with": "{hash}"}, "replace: with contains {hash}, which only the operator hash fills in"),
        ({"new_value": "x"}, "replace: unknown parameter 'new_value'; allowed: with"),
    ],
)
def test_parameters_of_replace_that_are_refused(params, message):
    with pytest.raises(ConfigError) as caught:
        Replace().validate(params, ())
    assert caught.value.detail == message


@pytest.mark.parametrize("name", ["redact", "keep"])
def test_redact_and_keep_take_no_parameters(name):
    with pytest.raises(ConfigError, match=f"{name}: unknown parameter 'with'; allowed: none"):
        validate_spec(OperatorSpec(name, {"with": "x"}), KEYS, builtin_operators())


def test_an_unknown_operator_is_refused_with_a_suggestion():
    with pytest.raises(ConfigError) as caught:
        validate_spec(OperatorSpec("replcae"), KEYS, builtin_operators())
    expected = "there is no operator 'replcae' (did you mean 'replace'?); known: "
    assert caught.value.detail == expected + "encrypt, hash, keep, mask, redact, replace"


@pytest.mark.parametrize("name", ["broken", "silent", "absent"])
def test_an_operator_that_fails_raises_without_the_text(name):
    operators = {"broken": Broken(), "silent": Silent()}
    with pytest.raises(AnonymizationFailedError) as caught:
        anonymizer(operators).replacement("Anna Muster", "PERSON", OperatorSpec(name))
    shown = "".join(traceback.format_exception(caught.value))
    assert "cannot do" not in shown
    assert caught.value.__context__ is None
    assert caught.value.status == 503


def test_an_operator_without_memory_is_no_failure_of_its_own():
    class Hungry(Broken):
        def operate(self, text, entity_type, params, keys, random):
            raise MemoryError(text)

    with pytest.raises(ResourcesExhaustedError) as caught:
        anonymizer({"hungry": Hungry()}).replacement("Anna Muster", "PERSON", OperatorSpec("hungry"))
    assert caught.value.__context__ is None


class TestLoading:
    def test_loads_only_what_is_named(self):
        points = [Point("shout", Shout), Point("other", RuntimeError())]
        operators = load_operators(["shout", "replace"], lambda: points)
        assert set(operators) == {*builtin_operators(), "shout"}
        assert anonymizer(operators).replacement("Anna", "PERSON", OperatorSpec("shout")) == "!!!!"

    def test_takes_an_instance_too(self):
        shout = Shout()
        assert load_operators(["shout"], lambda: [Point("shout", shout)])["shout"] is shout

    @pytest.mark.parametrize(
        ("points", "message"),
        [
            ([], "there is no operator 'shout'; known: encrypt, hash, keep, mask, redact, replace"),
            (
                [Point("shouts", Shout)],
                "there is no operator 'shout' (did you mean 'shouts'?); "
                "known: encrypt, hash, keep, mask, redact, replace, shouts",
            ),
            (
                [Point("shout", Shout), Point("shout", Shout)],
                "several installed packages offer an operator 'shout'; uninstall all but one",
            ),
            ([Point("shout", ImportError("x"))], "the operator 'shout' cannot be loaded: ImportError"),
            (
                [Point("shout", Silent)],
                "the entry point of the operator 'shout' must be a subclass of "
                "shield.anonymizer.operators.Operator whose name is 'shout'",
            ),
            (
                [Point("shout", print)],
                "the entry point of the operator 'shout' must be a subclass of "
                "shield.anonymizer.operators.Operator whose name is 'shout'",
            ),
        ],
    )
    def test_what_is_refused(self, points, message):
        with pytest.raises(ConfigError) as caught:
            load_operators(["shout"], lambda: points)
        assert caught.value.detail == message

    def test_an_entry_point_cannot_replace_a_built_in(self):
        operators = load_operators(["mask"], lambda: [Point("mask", Shout)])
        assert type(operators["mask"]).__name__ == "Mask"

    def test_a_custom_validation_that_raises_is_refused_without_its_text(self):
        with pytest.raises(ConfigError) as caught:
            validate_spec(OperatorSpec("broken"), (), {"broken": Broken()})
        assert caught.value.detail == "broken: its validation failed: KeyError"

    def test_the_installed_entry_points_can_be_read(self):
        with pytest.raises(ConfigError, match="there is no operator 'no-such-operator'"):
            load_operators(["no-such-operator"])


class TestPresidio:
    @pytest.mark.parametrize(
        ("name", "params", "expected"),
        [
            ("presidio:replace", {}, "<PERSON>"),
            ("presidio:replace", {"new_value": "X"}, "X"),
            ("presidio:redact", {}, ""),
            ("presidio:mask", {"chars_to_mask": 4}, "**** Muster"),
            ("presidio:mask", {"chars_to_mask": 6, "from_end": True, "masking_char": "#"}, "Anna ######"),
        ],
    )
    def test_sound_operators(self, name, params, expected):
        operators = load_operators([name], list)
        spec = OperatorSpec(name, params)
        validate_spec(spec, (), operators, "PERSON")
        assert anonymizer(operators).replacement("Anna Muster", "PERSON", spec) == expected

    @pytest.mark.parametrize(
        ("name", "part"),
        [
            ("hash", "use 'hash' with a key"),
            ("encrypt", "use 'encrypt' with a key"),
            ("keep", "use 'keep'"),
            ("custom", "entry point of the group shield.operators"),
            ("ahds_surrogate", "sends the text to a service"),
            ("decrypt", "known: presidio:mask, presidio:redact, presidio:replace"),
        ],
    )
    def test_unsound_operators_are_refused(self, name, part):
        with pytest.raises(ConfigError) as caught:
            load_operators([f"presidio:{name}"], list)
        assert part in caught.value.detail

    @pytest.mark.parametrize(
        ("name", "params", "part"),
        [
            ("mask", {}, "chars_to_mask is missing"),
            ("mask", {"chars_to_mask": 0}, "from 1 to 10000"),
            ("mask", {"chars_to_mask": 1, "masking_char": "**"}, "masking_char must be one character"),
            ("mask", {"chars_to_mask": 1, "from_end": "yes"}, "from_end must be true or false"),
            ("replace", {"with": "X"}, "allowed: new_value"),
            ("replace", {"new_value": 3}, "new_value must be text"),
            ("redact", {"x": 1}, "allowed: none"),
        ],
    )
    def test_parameters_that_are_refused(self, name, params, part):
        operators = load_operators([f"presidio:{name}"], list)
        with pytest.raises(ConfigError) as caught:
            validate_spec(OperatorSpec(f"presidio:{name}", params), (), operators)
        assert part in caught.value.detail

    def test_its_mask_is_refused_for_cards(self):
        operators = load_operators(["presidio:mask"], list)
        spec = OperatorSpec("presidio:mask", {"chars_to_mask": 4})
        with pytest.raises(ConfigError, match="PCI DSS"):
            validate_spec(spec, (), operators, "CREDIT_CARD")

    def test_is_not_imported_until_it_is_named(self):
        code = "import sys, shield.anonymizer.engine as e; e.load_operators(['mask']); "
        code += "sys.exit('presidio_anonymizer' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
