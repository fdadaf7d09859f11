"""Words of program code, logs and settings are no names; names beside code are."""

# ruff: noqa: RUF001  # typographic dashes
from __future__ import annotations

import pytest

from tests.unit.analyzer.plausibility.asked import says


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        (
            "failed\n    at renderWithHooks (https://app.example.com/main.js:1:48213)",
            "renderWithHooks",
            "LOCATION",
        ),
        ("failed\n    at MessagePort.R (scheduler.min.js:13:203)\n", "MessagePort.R", "LOCATION"),
        ("   at Acme.Desk.Login.Invoke(HttpContext context)", "Acme", "PERSON"),
        ("new(secret, hashlib.sha256).hexdigest()", "hashlib", "LOCATION"),
        ("GROUP BY g.name", "g.", "PERSON"),
        ("const arn = pulumi.interpolate`arn:aws`", "pulumi", "PERSON"),
        ("six digits, e.g. `123456`", "e.g.", "PERSON"),
        ("uri ldaps://ldap.example.com:636", "uri ldaps", "PERSON"),
        ("schedules in Asia/Kolkata.", "Asia/Kolkata", "LOCATION"),
        ("test_hours[Asia/Kolkata]", "Kolkata", "LOCATION"),
        ("(America/Los_Angeles, UTC-8)", "America", "LOCATION"),
        ("TZ=America/Argentina/Buenos_Aires", "Buenos_Aires", "LOCATION"),
        ("Routes LHR–JFK", "JFK", "PERSON"),
        ("MAN-BOS is full", "MAN", "PERSON"),
        ("order {{ticket.ticket_field_360012345678}}.", "360012345678", "ACCOUNT_NUMBER"),
        ("t.due_at < t.solved_at AND", "t.solved_at", "EMAIL_ADDRESS"),
        ("o.h.jdbc.spi.SqlExceptionHelper", "jdbc.spi.", "EMAIL_ADDRESS"),
        ("uri ldaps://ldap.example.com:636", "//ldap.example.com", "EMAIL_ADDRESS"),
    ],
)
def test_a_word_of_code_is_none(text: str, value: str, label: str) -> None:
    assert not says(text, value, label)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("I spoke with Maria.Then I called back", "Maria", "PERSON"),
        ("ask Maria.thanks (again)", "Maria", "PERSON"),
        ("we met at Maria Lopez (10:30)", "Maria Lopez", "PERSON"),
        ("LaToya called", "LaToya", "PERSON"),
        ("deAndre called", "deAndre", "PERSON"),
        ("J. called", "J.", "LOCATION"),
        ("I live in Asia now", "Asia", "LOCATION"),
        ('const ages = {maria: "five"}', "maria", "PERSON"),
        ("from Berlin/Germany", "Berlin", "LOCATION"),
        ("Ann Lee/Bob", "Ann Lee", "PERSON"),
        ("for {{Maria Lopez}}", "Maria Lopez", "PERSON"),
        ("write to mary.ann_smith at example dot com", "mary.ann_smith", "EMAIL_ADDRESS"),
    ],
)
def test_a_name_beside_code_is_one(text: str, value: str, label: str) -> None:
    assert says(text, value, label)
