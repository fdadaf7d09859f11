"""Which member names are inspected only once: those that may be kept and in which nothing was found."""

from __future__ import annotations

import pytest

from shield.analyzer.quiet_names import MOST, QuietNames
from shield.domain import Finding, Policy, Segment, SegmentKind
from shield.payload.field_names import FieldNames

POLICY = Policy("p", "sha256:p", {})
NAMES = FieldNames(frozenset({"ticket", "body", "comment", "note"}), ["my note"])


def name(*location: str | int, text: str | None = None) -> Segment:
    return Segment(0, str(location[-1]) if text is None else text, location, SegmentKind.KEY)


@pytest.mark.parametrize(
    ("segment", "found", "again"),
    [
        (name("ticket", "body"), [], True),
        (name("ticket", "comment", 3, "body"), [], True),
        (name("ticket", "body"), [Finding(0, 4, "PERSON", 0.9, "r")], False),
        (name("ticket", "maria"), [], False),  # nothing says that it is a field's name
        (name("maria", "body"), [], False),
        (name("ticket", "my note"), [], False),  # read as prose, after the preceding text
        (name("ticket", "note", text="body"), [], False),  # moved to the place that its label names
        (Segment(0, "body", ("ticket", "body")), [], False),  # a value
    ],
)
def test_a_name_of_a_field_in_which_nothing_was_found_is_known_again(
    segment: Segment, found: list[Finding], again: bool
) -> None:
    quiet = QuietNames().under(POLICY, "d")
    quiet.learn([segment], quiet.split([segment]).others, [found], NAMES)
    assert quiet.split([segment]).quiet == ([0] if again else [])


def test_the_place_in_a_list_says_nothing_and_all_names_around_do() -> None:
    quiet = QuietNames().under(POLICY, "d")
    quiet.learn([name("ticket", "comment", 3, "body")], [0], [[]], NAMES)
    others = [name("ticket", "comment", 4, "body"), name("ticket", "body"), name("body")]
    assert quiet.split(others) == ([0], [1, 2])


def test_what_is_quiet_under_one_policy_or_detector_says_nothing_of_another() -> None:
    names = QuietNames()
    names.under(POLICY, "d").learn([name("body")], [0], [[]], NAMES)
    assert names.under(POLICY, "d").split([name("body")]).quiet == [0]
    for policy, detectors in (
        (POLICY, "e"),
        (Policy("p", "sha256:q", {}), "d"),
        (Policy("q", "sha256:p", {}), "d"),
    ):
        assert names.under(policy, detectors).split([name("body")]).quiet == []


def test_no_more_is_kept_than_there_is_room_for() -> None:
    names = QuietNames()
    deep = [name(*["ticket"] * length) for length in range(1, 3)]
    quiet = names.under(POLICY, "d")
    quiet._known.update((str(number),) for number in range(MOST - 1))
    quiet.learn(deep, [0, 1], [[], []], NAMES)
    assert quiet.split(deep) == ([0], [1])
