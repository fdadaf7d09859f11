from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.config.path_template import parse_path_template
from shield.config.quantities import parse_duration, parse_size
from shield.config.source import parse, render
from shield.config.yaml_document import read_yaml, scalar

SIZE_REFUSED = "must be a size: a whole number of bytes, or one with a unit, such as 20kB, 10MiB or 1GiB"
DURATION_REFUSED = "must be a duration: a number of seconds, or one with a unit, such as 5ms, 2s, 1m or 1h"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (0, 0),
        (17, 17),
        ("17", 17),
        ("17B", 17),
        ("20kB", 20_000),
        ("20KB", 20_000),
        ("1KiB", 1024),
        ("10MiB", 10 * 2**20),
        ("10 MiB", 10 * 2**20),
        ("1.5KiB", 1536),
        ("2GB", 2 * 10**9),
        ("1TiB", 2**40),
    ],
)
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MiB",
        "10mib",
        "10 Mb",
        "-1",
        -1,
        "1e3",
        "0.5",
        "0.3KiB",
        "1,5MB",
        "\uff11MB",
        "1MB\n",
        True,
        1.5,
        None,
        [],
    ],
)
def test_no_size(text):
    with pytest.raises(ValueError, match="must be a size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (0, 0.0),
        (2, 2.0),
        (0.25, 0.25),
        ("3", 3.0),
        ("5ms", 0.005),
        ("250us", 0.00025),
        ("2s", 2.0),
        ("1.5 s", 1.5),
        ("1m", 60.0),
        ("2h", 7200.0),
        ("1d", 86400.0),
    ],
)
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s",
        "-1s",
        -1,
        "1min",
        "1 m 3 s",
        "5MS",
        "1e3s",
        float("inf"),
        float("nan"),
        True,
        None,
        "1s\n",
        {},
    ],
)
def test_no_duration(text):
    with pytest.raises(ValueError, match="must be a duration"):
        parse_duration(text)


@given(st.integers(0, 10**12), st.sampled_from([("B", 1), ("kB", 10**3), ("MiB", 2**20), ("GiB", 2**30)]))
def test_any_whole_size_parses_exactly(number, unit):
    assert parse_size(f"{number}{unit[0]}") == number * unit[1]


@given(st.integers(0, 10**9), st.sampled_from([("us", 10**6), ("ms", 10**3), ("s", 1)]))
def test_any_duration_parses_to_the_nearest_float(number, unit):
    assert parse_duration(f"{number}{unit[0]}") == number / unit[1]


@given(st.text())
def test_text_is_a_quantity_or_refused_and_never_repeated(text):
    messages = set()
    for parser in (parse_size, parse_duration):
        try:
            value = parser(text)
        except ValueError as error:
            value = 0
            messages.add(str(error))
        assert value >= 0
    assert messages <= {SIZE_REFUSED, DURATION_REFUSED}  # the same for every text


@given(st.lists(st.one_of(st.text(), st.integers(0, 999))))
def test_a_rendered_path_parses_back(location):
    assert parse(render(location)) == tuple(location)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("routes", 0, "match", "path"), "routes[0].match.path"),
        (("a", "b.c", "d"), 'a["b.c"].d'),
        ((0, "x"), "[0].x"),
        ((), ""),
        (("",), '[""]'),
    ],
)
def test_paths_for_people(location, path):
    assert render(location) == path


@pytest.mark.parametrize(
    ("text", "steps", "rest"),
    [
        ("/", ("",), False),
        ("/api", ("api",), False),
        ("/api/", ("api", ""), False),
        ("/api/{id}/notes", ("api", None, "notes"), False),
        ("/{rest...}", (), True),
        ("/api/{a}/{rest...}", ("api", None), True),
        ("/caf%C3%A9/a%20b", ("café", "a b"), False),
        ("/a:b@c;d=1,2/x.y", ("a:b@c;d=1,2", "x.y"), False),
    ],
)
def test_path_templates(text, steps, rest):
    template = parse_path_template(text)
    assert (template.text, template.steps, template.rest) == (text, steps, rest)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "must start with '/'"),
        ("api", "must start with '/'"),
        ("//api", "must not contain '//'"),
        ("/api//x", "must not contain '//'"),
        ("/{a}/{a}", "appears twice"),
        ("/{a}/{a...}", "appears twice"),
        ("/{rest...}/x", "must be the last segment"),
        ("/x{id}", "a placeholder must be a whole segment"),
        ("/{id", "a placeholder must be a whole segment"),
        ("/{1}", "a placeholder must be a whole segment"),
        ("/{}", "a placeholder must be a whole segment"),
        ("/a?b=c", "no query"),
        ("/a#b", "no query"),
        ("/a b", "no spaces"),
        ("/café", "percent-encoded"),
        ("/%zz", "percent-encoded"),
        ("/%ff", "must be UTF-8"),
        ("/a/../b", "must not be '.' or '..'"),
        ("/%2e%2E", "must not be '.' or '..'"),
        ("/a%2Fb", "encoded slash"),
        ("/a%00", "NUL"),
        ("/*", "'*' is not a placeholder"),
        ("/a/**", "'*' is not a placeholder"),
    ],
)
def test_no_path_templates(text, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        parse_path_template(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-7", -7),
        ("+7", 7),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        (".inf", ".inf"),
        ("1.2.3", "1.2.3"),
        ("tRue", "tRue"),
        ("9" * 41, "9" * 41),
    ],
)
def test_scalars(text, value):
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["1e999", "-1.0e400"])
def test_a_number_that_no_float_holds_is_refused(text):
    with pytest.raises(ValueError, match="too large"):
        scalar(text)
    assert len(read_yaml(f"a: {text}".encode(), "x").problems) == 1


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    document = read_yaml(content, "x")
    assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)


@given(st.text(alphabet="ab:- \n{}[],&*!|>'\"#?%@`~01\t", max_size=60))
def test_any_yaml_like_text_is_read_or_refused(text):
    read_yaml(text.encode(), "x")
