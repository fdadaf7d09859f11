# ruff: noqa: E501 - the table holds whole error lines
"""Mistakes in policies, each with its error lines, without the file's name."""

from __future__ import annotations

import pytest

from tests.unit.config.sample import lines_of_sample

# The text of the sample that is changed, and its replacement.
BROKEN = [
    (
        "languages: [en]",
        "languages: en",
        ["11:16 policies.default.languages: must be a list, such as [a, b] [value_wrong_kind]"],
    ),
    (
        "languages: [en]",
        "languages: [english]",
        [
            "11:17 policies.default.languages[0]: a language is its ISO 639 code in lower case, such as en [value_malformed]"
        ],
    ),
    (
        "model: spacy:en_core_web_sm",
        "model: en_core_web_sm",
        [
            "13:14 policies.default.detector.model: must be 'none', 'fast', 'cascade', 'accurate', 'spacy:PACKAGE' or 'nlp:NAME' [value_not_a_choice]"
        ],
    ),
    (
        "score: 0.6",
        "score: 1.5",
        ["15:71 policies.default.detector.patterns[0].score: must be at most 1 [value_out_of_range]"],
    ),
    (
        "score: 0.6",
        "score: .nan",
        ["15:71 policies.default.detector.patterns[0].score: must be a number [value_wrong_kind]"],
    ),
    (
        "entity: CASE_NUMBER, regex",
        "entity: case_number, regex",
        [
            "15:32 policies.default.detector.patterns[0].entity: an entity type is upper case: A-Z, then A-Z, 0-9 and '_', such as EMAIL_ADDRESS [value_malformed]"
        ],
    ),
    (
        "score: 0.6}",
        "score: 0.6}\n        - {name: case, entity: PERSON, regex: x, score: 1}",
        [
            "16:18 policies.default.detector.patterns[1].name: the pattern 'case' is already used on line 15; choose another [name_duplicate]"
        ],
    ),
    (
        "PERSON: replace",
        "Person: replace",
        [
            "17:7 policies.default.entities.Person: an entity type is upper case: A-Z, then A-Z, 0-9 and '_', such as EMAIL_ADDRESS [value_malformed]",
            "22:35 policies.default.deny_lists[0].entity: the policy does not list 'PERSON': its findings would not be redacted; the entity types of this policy are: CASE_NUMBER, Person [entity_not_listed]",
            "29:54 routes[0].fields[0].entity: the policy does not list 'PERSON': the value would not be redacted; policy 'default' lists: CASE_NUMBER, Person [entity_not_listed]",
        ],
    ),
    (
        "PERSON: replace",
        "PERSON: 5",
        [
            "17:15 policies.default.entities.PERSON: must be the name of an operator, or a mapping such as {operator: mask, keep_last: 4} [value_wrong_kind]"
        ],
    ),
    (
        "PERSON: replace",
        "PERSON:",
        [
            "17:14 policies.default.entities.PERSON: must be the name of an operator, or a mapping such as {operator: mask, keep_last: 4} [value_wrong_kind]"
        ],
    ),
    (
        "regex: 'CASE-\\d+'",
        'regex: "\\bCASE"',
        [
            "15:52 policies.default.detector.patterns[0].regex: a regex must not contain control characters: in double quotes YAML reads \\b as one; write the regex in single quotes [value_malformed]"
        ],
    ),
    (
        "model: spacy:en_core_web_sm",
        "model: cascad",
        [
            "13:14 policies.default.detector.model: must be 'none', 'fast', 'cascade', 'accurate', 'spacy:PACKAGE' or 'nlp:NAME' (did you mean 'cascade'?) [value_not_a_choice]"
        ],
    ),
    (
        "PERSON: replace",
        "PERSON: {with: x}",
        [
            "17:7 policies.default.entities.PERSON.operator: this required key is missing; add it [key_missing]"
        ],
    ),
    (
        "PERSON: replace",
        "PERSON: {operator: replace, threshold: 2}",
        ["17:46 policies.default.entities.PERSON.threshold: must be at most 1 [value_out_of_range]"],
    ),
    (
        "key: main",
        "key: mian",
        [
            "18:42 policies.default.entities.CASE_NUMBER.key: there is no key 'mian' (did you mean 'main'?); known: main [name_undefined]"
        ],
    ),
    (
        "operator: hash, key: main",
        "operator: replace, with: '${x}'",
        [
            "18:46 policies.default.entities.CASE_NUMBER.with: not a known reference; write ${env:NAME} or, for a secret, ${file:PATH}; for a literal ${ write $${ [reference_malformed]"
        ],
    ),
    (
        "key: main",
        "key: '${file:shield.yaml}'",
        [
            "18:42 policies.default.entities.CASE_NUMBER.key: ${file:PATH} is for secrets only; name a key of 'keys' instead [reference_misplaced]"
        ],
    ),
    (
        "terms: [Zendesk]",
        "terms: []",
        ["20:17 policies.default.allow_lists[0].terms: must hold at least 1 item [value_out_of_range]"],
    ),
    (
        "terms: [Zendesk]",
        "terms: [12345]",
        [
            "20:18 policies.default.allow_lists[0].terms[0]: must be text; put a number, true, false or a date in quotes [value_wrong_kind]"
        ],
    ),
    (
        "terms: [Zendesk]",
        "terms: ['  ']",
        ["20:18 policies.default.allow_lists[0].terms[0]: must not be empty [value_malformed]"],
    ),
    (
        "terms: [Aurora], entity: PERSON",
        "terms: [Aurora], entity: PROJECT",
        [
            "22:35 policies.default.deny_lists[0].entity: the policy does not list 'PROJECT': its findings would not be redacted; the entity types of this policy are: CASE_NUMBER, PERSON [entity_not_listed]"
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_broken(old, new, lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shield.yaml").write_text("x" * 20)
    assert lines_of_sample(old, new) == lines
