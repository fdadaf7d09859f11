"""Values of fields in HTML are read under their labels."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts.html_fields import may_hold, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<input name="PIN" value="4711">', ["4711"]),
        ("<INPUT VALUE='4711' TYPE=text NAME=PIN />", ["4711"]),
        ("<input name=PIN value=4711>", ["4711"]),
        ('<input type="hidden" name="PIN" value="4711"/>', ["4711"]),
        ('<input type="submit" name="PIN" value="4711"/>', []),
        ('<input name="plan" value="4711" placeholder="PIN">', ["4711"]),
        ('<label for="x">PIN *</label> <input id="x" value="4711"><input id="y" value="4712">', ["4711"]),
        ('<label>PIN <input value="4711"></label><input value="4712">', ["4711"]),
        ('<input type="password" value="4711">', ["4711"]),
        ('<meta name="PIN" content="4711"><param value="4712" name="plan">', ["4711"]),
        ('<input name="PIN" value="">', []),
        (f'<input name="PIN" value="{"4" * 200}">', []),
        ("<span class='l'>PIN:</span>\n <span>4711</span>", ["4711"]),
        ("<b>PIN</b><code>4711</code>", ["4711"]),
        ('<Field label="PIN" value="4711"/><TextBox x:Name="PIN" Text="4712"/>', ["4711", "4712"]),
        ('<input id="x" value="4711"><label for="x">PIN</label>', ["4711"]),
        ("<label for=x class=l><b>PIN</b> <i>*</i></label><input id=x value=4711>", ["4711"]),
        (
            '<label>PIN <textarea rows="2"> 4711\n</textarea></label><textarea id="y">4712</textarea>',
            ["4711"],
        ),
        ('<textarea id="x">4711</textarea><label for="x">PIN</label>', ["4711"]),
        ('<input name="PIN" data-x="a>b" value="47>11">', ["47>11"]),
        ("<p title=it's><input name=\"PIN\" value='47\"11'>", ['47"11']),
        ('<input name="user[PIN]" value="4711"><input name="user[PIN][0]" value="4712">', ["4711", "4712"]),
        ('<input type="PASSWORD" value="4711">', ["4711"]),
        ("<li><span>PIN</span><span class='v'><b>4711</b></span></li>", ["4711"]),
        ("<div>PIN</div><div>reset</div>", []),
        ("<div>PIN</div><div>is the number that you chose</div>", []),
        ("<div>Plan</div><div>4711</div>", []),
    ],
)
def test_a_value_has_the_name_of_its_label(text: str, expected: list[str]) -> None:
    known = {("PIN",), ("PIN:",), ("password",)}
    read = values(text, lambda label: (label,) in known)
    assert [text[cell.start : cell.end] for cell in read] == expected


def test_a_text_without_a_field_is_not_looked_into() -> None:
    assert not may_hold("a <b> c")


@pytest.mark.parametrize(
    "tag", ["<input ", "<label>", '<label for="x">', "<span>a</span>", "<input a=", "<div>"]
)
def test_tags_without_end_are_read_once(tag: str) -> None:
    assert list(values(tag * 20_000 + "</span> value=", lambda _: True)) == []
