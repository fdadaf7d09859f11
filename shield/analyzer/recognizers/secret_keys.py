"""Finds API keys, tokens and private keys: by their issuers' prefixes, or by name and entropy.

Prefixes are those of the issuers' own documentation (AWS IAM unique identifiers, GitHub token formats,
Slack token types, Stripe keys, Google API keys, RFC 7519 for JWT, RFC 7468 for PEM). A value without a
prefix is a secret only after a name such as `api_key`, where its characters are as mixed as random ones.
"""

# ruff: noqa: E501  # patterns and tables, one a line
from __future__ import annotations

import math
from collections import Counter

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
)
from shield.analyzer.recognizers.seed_phrases import SEEDS, seed_in, seed_patterns

_NAMES = (
    r"(?:api|app|access|auth|secret|private|client|consumer|encryption|signing|service|account|master|bearer|webhook|session|refresh|"
    r"id|csrf|x-api|deploy|license)[\s_\-]?(?:key|token|secret)|(?:client|app)[\s_\-]?secret|secret|token|bearer|authorization|"
    r"credentials?|aws_secret_access_key"
)
_COOKIES = r"jsessionid|phpsessid|connect\.sid|asp\.net_sessionid|sessionid|session_id|xsrf-token|csrftoken|laravel_session|remember_token"
_RANDOM = Sort("random characters, with digits", 0.8)
_BASIC = Sort("random characters of a header", 0.6)
"""The scores of the patterns whose values are secrets only where they look random."""
_BITS = 3.0  # Shannon entropy per character from which a run is taken for random
_LEAST_KINDS = 2  # of digits, small and capital letters


class SecretKeyRecognizer(ValuePatternRecognizer):
    """Keys, tokens and secrets of programs, and the words of wallets."""

    ENTITY = "SECRET_KEY"
    PATTERNS = (
        ValuePattern(
            "AWS",
            r"(?-i:(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9]))",
            0.95,
            r"(?:AKIA|ASIA|ABIA|ACCA)",
            4,
            digits=False,
        ),
        ValuePattern(
            "GitHub",
            r"(?-i:(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,120})(?![A-Za-z0-9]))",
            0.95,
            r"(?:gh[pousr]|github_pat)_",
            11,
            digits=False,
        ),
        ValuePattern(
            "GitLab",
            r"(?-i:(?<![A-Za-z0-9])gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_\-]{20,64})(?![A-Za-z0-9])",
            0.95,
            r"gl(?:pat|ptt|dt|rt)-",
            6,
            digits=False,
        ),
        ValuePattern(
            "Slack",
            r"(?-i:(?<![A-Za-z0-9])xox[abeoprs]-(?:[A-Za-z0-9]{1,40}-){0,5}[A-Za-z0-9]{6,64})(?![A-Za-z0-9])",
            0.95,
            r"xox[abeoprs]-",
            5,
            digits=False,
        ),
        ValuePattern(
            "Slack webhook",
            r"hooks\.slack\.com/services/(?P<value>T\w{6,14}/B\w{6,14}/\w{16,40})",
            0.95,
            r"hooks\.slack\.com/",
            17,
            digits=False,
        ),
        ValuePattern(
            "Stripe",
            r"(?-i:(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,120})(?![A-Za-z0-9])",
            0.95,
            r"[sr]k_(?:live|test)_|whsec_",
            9,
            digits=False,
        ),
        ValuePattern(
            "Google",
            r"(?-i:(?<![A-Za-z0-9])(?:AIza[A-Za-z0-9_\-]{35}|ya29\.[A-Za-z0-9_\-]{30,250}|GOCSPX-[A-Za-z0-9_\-]{20,40}))(?![A-Za-z0-9_\-])",
            0.95,
            r"AIza|ya29\.|GOCSPX-",
            7,
            digits=False,
        ),
        ValuePattern(
            "SendGrid, npm, PyPI, Hugging Face",
            r"(?-i:(?<![A-Za-z0-9])(?:SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{16,64}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\-]{50,200}|hf_[A-Za-z0-9]{30,40}|sk-[A-Za-z0-9_\-]{20,200}|dop_v1_[a-f0-9]{64}|shpat_[a-f0-9]{32}|EAAC[A-Za-z0-9]{30,250}))(?![A-Za-z0-9])",
            0.9,
            r"SG\.|npm_|pypi-|hf_|sk-|dop_v1_|shpat_|EAAC",
            7,
            digits=False,
        ),
        ValuePattern(  # of a tenant or an admin caller, as `shield callers new` makes them
            "this program's own",
            r"(?-i:(?<![A-Za-z0-9])shield_[A-Za-z0-9_\-]{43})(?![A-Za-z0-9_\-])",
            0.95,
            r"shield_",
            7,
            digits=False,
        ),
        ValuePattern(
            "JWT",
            r"(?-i:(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{8,2000}\.eyJ[A-Za-z0-9_\-]{8,4000}(?:\.[A-Za-z0-9_\-]{0,1000})?)",
            0.95,
            r"eyJ",
            3,
            digits=False,
        ),
        ValuePattern(
            "PEM",
            r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,.\-]{0,8000}?(?:-----END (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|\Z)",
            0.99,
            r"-----BEGIN ",
            11,
            digits=False,
        ),
        ValuePattern(
            "secret beside a key of AWS",
            r"(?-i:(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{14,16}[A-Z0-9]{0,2}(?![A-Za-z0-9])[^\n]{1,40}?(?<![\w/+])(?P<value>[A-Za-z0-9/+]{40})(?![\w/+=]))",
            0.9,
            r"(?:AKIA|ASIA)",
            4,
            digits=False,
        ),
        ValuePattern(
            "AWS secret",
            rf"{LABEL_START}(?:aws|secret)[\w\s\-]{{0,24}}[\"']?\s{{0,2}}[:=]\s{{0,2}}[\"']?(?P<value>[A-Za-z0-9/+]{{40}})(?![A-Za-z0-9/+=])",
            0.85,
            begun(r"aws|secret"),
            8,
            digits=False,
        ),
        ValuePattern(
            "Basic authorization",
            r"(?<![\w])basic\s(?P<value>[A-Za-z0-9+/]{12,200}={0,2})(?![\w+/=])",
            _BASIC,
            r"\bbasic\s",
            6,
            digits=False,
        ),
        ValuePattern(
            "name and a random value",
            rf"{LABEL_START}(?:[\w]{{1,16}}[_\-])?(?:{_NAMES})[\"']?\s{{0,2}}(?:[:=]{{1,2}}|is|was)?\s{{0,2}}(?:bearer\s)?[\"'`]?(?P<value>[A-Za-z0-9_\-.+/=~]{{16,512}})(?![\w])",
            _RANDOM,
            _NAMES,
            48,
        ),
        ValuePattern(
            "of a cookie",
            rf"{LABEL_START}(?:{_COOKIES}|cookie:\s{{0,2}}(?:[^\s;=]{{1,40}}=[^\s;]{{0,64}};\s){{0,3}}[\w.\-]{{0,20}}(?:session|sid|token|auth)[\w.\-]{{0,12}})="
            r"(?P<value>[A-Za-z0-9_\-.+/=~%:]{16,512})(?![\w])",
            _RANDOM,
            rf"{_COOKIES}|cookie:",
            24,
        ),
        *seed_patterns(),
    )

    def hit(self, match: Match, sort: Sort) -> tuple[int, int, float] | None:
        return seed_in(match, sort) if sort in SEEDS else super().hit(match, sort)

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if sort not in {_RANDOM, _BASIC}:
            return sort.score
        if value[0] == "_" and match.string[match.start("value") - 1].isalnum():
            return 0.0  # the end of a name: "AWS_ACCESS_KEY_ID=AKIA…"
        digits = any(map(str.isdigit, value))
        kinds = digits + any(map(str.islower, value)) + any(map(str.isupper, value))
        if kinds < _LEAST_KINDS or (sort == _RANDOM and not digits):
            return 0.0
        return sort.score if entropy(value) >= _BITS else 0.0


def entropy(text: str) -> float:
    """Shannon entropy in bits per character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
