"""Answers to security questions, after the question's own words."""

# tables of words read best as prose
# ruff: noqa: ARG002, E501, RUF001, SIM905  # an interface; patterns and tables, one a line
from __future__ import annotations

from shield.analyzer.recognizers.labelled import LABEL_START, Match, ValuePattern, ValuePatternRecognizer

_QUESTION = (
    r"(?:(?:mother|mom|mommy|mum|mutter)(?:['’]?s)?\s)?maiden(?:\sname)?|"
    r"(?:mother|mom|mommy|mum)['’]?s\sname|"
    r"(?:first|childhood|favou?rite|my|your)\spet(?:['’]?s)?(?:\sname)?(?:\sas a (?:child|kid))?|pet['’]?s\sname|pet as a child|"
    r"name of (?:my|your) (?:first |childhood |favou?rite )?(?:pet|school|teacher|dog|cat)|"
    r"(?:first|favou?rite|elementary|primary)\s(?:school|teacher|car|dog|cat)(?:['’]?s)?(?:\sname)?|"
    r"childhood\s(?:nickname|friend|street|hero|dog|cat)(?:['’]?s)?(?:\sname)?|"
    r"security\s(?:answer|question)\s?(?:answer|\d)?|(?:secret|memorable)\s(?:word|answer)|answer to (?:the|my|your) (?:security|secret) question|"
    r"antwort auf die sicherheitsfrage|sicherheitsantwort|respuesta (?:secreta|de seguridad)|réponse secrète|mädchenname"
)
_LINK = r"\s{0,2}(?:[:=\-]\s{0,2}|(?:is|was|were|=|ist|es|est|would be)\s(?:called\s|named\s)?)['\"]?"
_NOT_VALUES = frozenset(
    "not the a an my your to for is was it what this that wrong incorrect required mandatory set needed asked "
    "on in of and or no yes none unknown case invalid correct different same please i you we sick lost very so "
    "also about from with updated changed saved missing optional being called named one too dead sensitive "
    "allowed hungry old new good great bad covered insured".split()
)


class SecurityAnswerRecognizer(ValuePatternRecognizer):
    ENTITY = "SECURITY_ANSWER"
    PATTERNS = (
        ValuePattern(
            "question, link, answer",
            rf"{LABEL_START}(?:{_QUESTION}){_LINK}(?P<value>[^\W\d_][\w'’-]{{1,24}}"
            r"(?:\s(?-i:[A-Z][\w'’-]{1,20})){0,2})(?![\w])",
            0.75,
            _QUESTION,
            72,
            digits=False,
        ),
        ValuePattern(
            "maiden name and the answer beside it",
            rf"{LABEL_START}(?:maiden\sname|childhood\spet|security\squestion\s\d)\s(?P<value>[^\W\d_]{{3,24}})(?![\w'’])",
            0.6,
            r"maiden\sname|childhood\spet|security\squestion",
            digits=False,
        ),
    )

    def score_of(self, value: str, match: Match, score: float) -> float:
        return 0.0 if value.split(maxsplit=1)[0].lower() in _NOT_VALUES else score
