"""Reads fields of HTML forms, and attributes that name a value: each value under its label.

`<input name="ssn" value="…">`, `<label for="p">Password</label><input id="p" value="…">`,
`<label>Date of birth <input value="…"></label>`, `<param name="pin" value="4931"/>`,
`<span>Account number</span><span>70872490</span>`: as in saved pages and mailed forms. Labels are read as those
of table cells.

Law: each tag is read a fixed number of times.
"""

# ruff: noqa: E501  # patterns, one a line
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from types import MappingProxyType
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.layouts.labelled_cells import LONGEST_CELL, Cell, Known, label_of
from shield.analyzer.layouts.spans import trimmed
from shield.analyzer.recognizers.key_context import is_vague
from shield.analyzer.recognizers.secret_words import is_said_of_secrets

_TAG: Final = re.compile(
    r"<(?P<name>/?[A-Za-z][\w.:\-]{0,40})(?P<attributes>(?:\s(?>[^<>\"']{1,300}|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}'|[\"']){0,200}+)?)>"
)
_ATTRIBUTE: Final = re.compile(
    r"(?P<name>[A-Za-z_][\w.:\-]{0,60})\s{0,4}=\s{0,4}(?:\"(?P<double>[^\"<]{0,2000})\"|'(?P<single>[^'<]{0,2000})'"
    r"|(?P<bare>[^\s\"'=<>`]{1,200}))"
)
_LABELS: Final = (
    *("placeholder", "id", "x:name", "key", "name", "itemprop", "data-label", "data-field", "aria-label"),
    *("title", "label"),
)
"""Attributes that name what the tag holds; of several known ones, the last here counts."""
_VALUES: Final = ("value", "content", "data-value", "text")
_TYPES: Final = MappingProxyType({"password": "password", "tel": "phone", "email": "email"})
_OF_OBJECT: Final = re.compile(r"\[([A-Za-z_][\w\-]{0,60})\](?:\[\d{0,4}\])?\Z")
"""The name of a field in that of a form's object: `user[password]` (Rails, PHP)."""
_NO_VALUES: Final = frozenset({"submit", "button", "reset", "checkbox", "radio", "image"})
"""Types of inputs whose value nobody typed."""
_PAIR: Final = re.compile(
    r"<(?P<first>span|div|p|b|strong|label|h[1-6]|td|th|li|dt)\b[^<>]{0,300}>\s{0,8}(?P<label>[^<>]{2,60}?)\s{0,8}</(?P=first)>\s{0,40}"
    r"<(?:span|div|p|em|i|b|strong|code|output|a)\b[^<>]{0,300}>\s{0,8}(?:<(?:span|em|i|b|strong|code|output|a)\b[^<>]{0,300}>\s{0,8}){0,2}"
    r"(?P<value>[^<>\s][^<>]{0,127}?)\s{0,8}</",
    re.IGNORECASE,
)
_LEAST_DIGITS: Final = 3


def may_hold(text: str) -> bool:
    """Whether a text that has a tag may hold a field."""
    return _may_hold_values(text) or "</span>" in text or "</div>" in text or "</p>" in text or "</b>" in text


def _may_hold_values(text: str) -> bool:
    return any(sign in text for sign in ("alue=", "ontent=", "VALUE=", "ext=", "</textarea>"))


def values(text: str, known: Known) -> Iterator[Cell]:
    """The values that stand under a known label."""
    if _may_hold_values(text):
        yield from _fields(text, known)
    if "</" in text:
        for match in _PAIR.finditer(text):
            label = _label(match["label"], known)
            if label and _is_value(match["value"]):
                yield Cell((label,), *match.span("value"))


def _fields(text: str, known: Known) -> Iterator[Cell]:
    """The values of attributes and of text areas."""
    tags = list(_TAG.finditer(text))
    labels = [*_labels(text, tags, known)]
    fors = {target: label for target, label in labels if target and label}  # it may stand behind its field
    number = 0
    held = ""  # the text of the label that is open
    for place, tag in enumerate(tags):
        name = tag["name"].lower()
        if name == "label":
            held = labels[number][1]
            number += 1
        elif name == "/label":
            held = ""
        elif tag["attributes"]:
            yield from _value(text, tag, known, fors, held)
            if name == "textarea" and place + 1 < len(tags):
                between = tag.end(), tags[place + 1].start()
                start, end = trimmed(text, *between)
                label = _label_of(_said(text, tag), known, fors, held) if start < end else ""
                if label and between[1] - between[0] <= LONGEST_CELL:
                    yield Cell((label,), start, end)


def _labels(text: str, tags: Sequence[re.Match[str]], known: Known) -> Iterator[tuple[str, str]]:
    """For each `label`: the id that it is for, and the first text in it that is a label; both may be empty."""
    target, label, opened = "", "", -1  # where its next text begins
    for tag in tags:
        name = tag["name"].lower()
        if opened >= 0 and not label:
            label = _label(text[opened : tag.start()], known)
        if name == "label":
            if opened >= 0:
                yield target, label
            target, label, opened = _said(text, tag).get("for", ""), "", tag.end()
        elif opened >= 0 and name == "/label":
            yield target, label
            opened = -1
        elif opened >= 0:
            opened = tag.end()
    if opened >= 0:
        yield target, label


def _said(text: str, tag: re.Match[str]) -> dict[str, str]:
    """The attributes of a tag: name in lower case, and value."""
    return {name: value for name, value, *_ in _attributes(text, tag)}


def _label_of(said: Mapping[str, str], known: Known, fors: Mapping[str, str], held: str) -> str:
    """The label of a tag with these attributes; empty where none names personal data."""
    if held or (held := fors.get(said.get("id", "\n"), "")):
        return held
    labels = [label for name in _LABELS if name in said and (label := _label(said[name], known))]
    return labels[-1] if labels else _TYPES.get(said.get("type", "").lower(), "")


def _value(text: str, tag: re.Match[str], known: Known, fors: Mapping[str, str], held: str) -> Iterator[Cell]:
    """The values in the attributes of a tag, where they have a label."""
    said: dict[str, str] = {}
    values: list[tuple[int, int]] = []
    for name, value, start, end in _attributes(text, tag):
        said[name] = value
        if name in _VALUES and 0 < end - start <= LONGEST_CELL:
            values.append((start, end))
    if not values or said.get("type") in _NO_VALUES:
        return
    label = _label_of(said, known, fors, held)
    for span in values if label else ():
        yield Cell((label,), *span)


def _attributes(text: str, tag: re.Match[str]) -> Iterator[tuple[str, str, int, int]]:
    """Name in lower case, value and place of each attribute of a tag."""
    for match in _ATTRIBUTE.finditer(text, *tag.span("attributes")):
        kind = next(it for it in ("double", "single", "bare") if match[it] is not None)
        yield match["name"].lower(), match[kind], *match.span(kind)


def _label(said: str, known: Known) -> str:
    """The label, where it is known to name personal data; else empty."""
    part = _OF_OBJECT.search(said)
    said = said if part is None else part[1]
    said = unescape(said).replace("\u00a0", " ").strip().rstrip("*? \n").strip()
    label = label_of(said, 0, len(said)) or ""
    return label if label and not is_vague(key_words(label)) and known(label) else ""


def _is_value(said: str) -> bool:
    """Whether it is neither a sentence, a mere sign, nor a remark about a secret ("reset")."""
    if (said.isalpha() and is_said_of_secrets(said)) or not any(map(str.isalnum, said)):
        return False
    return not any(map(str.isspace, said)) or sum(map(str.isdigit, said)) >= _LEAST_DIGITS
