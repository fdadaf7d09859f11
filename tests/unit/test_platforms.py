"""In support platforms' payloads, all marked text is replaced, by its type, and every other byte stays.

They are synthetic, in the shapes of the platforms' public API documents; longer ones are in
`platform_bodies/`, other formats in `structured_bodies.txt`. `‹TYPE:value›` marks personal data;
`‹ANY:value›` marks personal data whose type is arguable. A number becomes a string.
"""

# ruff: noqa: RUF001, RUF002, E501  # the marks; payloads, one a line
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from shield.anonymizer.engine import Anonymizer, builtin_operators
from shield.config.loader import load_text
from shield.domain import Limits, OperatorSpec, Policy
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.payload.selectors import NO_RULES
from shield.redactor import Redactor
from tests.unit.analyzer.built import analyzer_of

QUICKSTART = Path(__file__).parents[2] / "config/quickstart.yaml"
_MARK = re.compile(r"‹([A-Z_]+):([^›]*)›")
_NUMBER = re.compile(r"(?<=\": )‹([A-Z_]+):\d+›")
_CONVERSATIONS = (
    (Path(__file__).parent / "conversation_bodies.jsonl").read_text(encoding="utf-8").splitlines()
)
_STRUCTURED = {
    name: (media_type, body)
    for name, media_type, body in re.findall(
        r"^== (.*) \| (\S+)\n((?:(?!== ).*\n)*)",
        (Path(__file__).parent / "structured_bodies.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}
_BODIES = {file.stem: file for file in sorted((Path(__file__).parent / "platform_bodies").glob("*.json"))}

PAYLOADS: dict[str, str] = {
    "Zendesk, a new ticket": """{"ticket": {
 "subject": "Order #A-20931 not delivered",
 "comment": {"body": "Hi, this is ‹PERSON:Maria Garcia›. Order 20931 hasn't arrived. Call me at ‹PHONE_NUMBER:415-555-0132›.", "public": true, "uploads": ["kf8sTbcdE9xYq2"]},
 "requester": {"locale_id": 8, "name": "‹PERSON:Maria Garcia›", "email": "‹EMAIL_ADDRESS:maria.garcia@example.com›"},
 "priority": "urgent", "type": "incident", "status": "open", "tags": ["vip", "refund", "eu-west-1"],
 "external_id": "ORD-20931", "custom_fields": [{"id": 360012345678, "value": "billing_address"}, {"id": 360012345679, "value": null}],
 "ticket_form_id": 360000123456, "assignee_id": 361445289112, "via": {"channel": "web", "source": {"rel": null}},
 "metadata": {"ip_address": "‹IP_ADDRESS:203.0.113.9›"}, "due_at": "2026-12-01T10:00:00Z",
 "url": "https://acme.zendesk.com/api/v2/tickets/35436.json"}}""",
    "Freshdesk, a ticket": """{"description": "Printer model HP-4500 shows error 0x61011beb",
 "subject": "Support Needed...", "email": "‹EMAIL_ADDRESS:tom@outerspace.example.com›", "priority": 1, "status": 2,
 "cc_emails": ["‹EMAIL_ADDRESS:ram@freshdesk.com›", "‹EMAIL_ADDRESS:diana@freshdesk.com›"], "responder_id": 14002345678,
 "custom_fields": {"cf_order_no": "2024-33910", "cf_city": "‹LOCATION:Berlin›"}, "fr_due_by": "2015-07-09T13:08:06Z", "tags": ["Sales", "Premium"]}""",
    "Intercom, a conversation": """{"type": "conversation", "id": "1234567890", "created_at": 1539897198,
 "source": {"type": "email", "id": "403918250", "subject": "Password reset",
  "body": "<p class=\\"no-margin\\">Hello, the link does not open. Ref 8f14e45f-ceea-467f-a0e6-2f0a6d8a1c11</p><p>‹PERSON:Joe Somebody› &lt;‹EMAIL_ADDRESS:joe@bar.com›&gt;</p>",
  "author": {"type": "user", "id": "5310d8e8598c9a0b24000005", "name": "‹PERSON:Joe Somebody›", "email": "‹EMAIL_ADDRESS:joe@bar.com›"},
  "attachments": [{"type": "upload", "name": "example.png", "url": "https://picsum.photos/200/300", "content_type": "image/png", "filesize": 100}]},
 "custom_attributes": {"monthly_spend": 155.5, "paid_subscriber": true, "created": "1392731331"}}""",
    "Salesforce, a case": """{"Subject": "Login issue", "Description": "Customer ‹PERSON:Maria Garcia› cannot login since v3.2.1; error ERR-5021",
 "Origin": "Web", "Priority": "High", "AccountId": "0015e00000ABCdEAAX", "SuppliedName": "‹PERSON:Maria Garcia›",
 "SuppliedEmail": "‹EMAIL_ADDRESS:maria.garcia@example.com›", "SuppliedPhone": "‹PHONE_NUMBER:+1 415 555 0132›", "CaseNumber": "00001026",
 "External_Id__c": "EXT-99182", "attributes": {"type": "Case", "url": "/services/data/v58.0/sobjects/Case/5005e00000QwErTAAV"}}""",
    "HubSpot, a contact": """{"properties": {"email": "‹EMAIL_ADDRESS:maria.garcia@example.com›", "firstname": "‹PERSON:Maria›", "lastname": "‹PERSON:Garcia›",
 "phone": "‹PHONE_NUMBER:(877) 929-0687›", "website": "hubspot.com", "lifecyclestage": "marketingqualifiedlead", "hs_object_id": "512",
 "createdate": "2019-10-30T03:30:17.883Z", "hubspot_owner_id": "34876456", "hs_timestamp": "1572480000000"},
 "associations": [{"to": {"id": "201"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 16}]}]}""",
    "HubSpot, properties as a list": """{"properties": [{"property": "email", "value": "‹EMAIL_ADDRESS:maria.garcia@example.com›"},
 {"property": "phone", "value": "‹PHONE_NUMBER:4155550132›"}, {"property": "ssn", "value": "‹US_SSN:536221234›"},
 {"property": "address", "value": "‹STREET_ADDRESS:25 First Street›"}, {"property": "zip", "value": "‹POSTCODE:02139›"},
 {"property": "hs_lead_status", "value": "NEW"}]}""",
    "A customer's number and device, and links of records": """{"customer_id": 360012345678, "customerId": "cus_NffrFeUfNV2Hib", "client_id": "0oa1b2c3d4",
 "customer_number": "‹CUSTOMER_ID:K-204418›", "device": {"mac_address": "‹MAC_ADDRESS:00:00:5E:00:53:01›", "firmware": "00:05:53"},
 "text": "My customer number is ‹CUSTOMER_ID:204418›, the router ‹MAC_ADDRESS:00-00-5E-00-53-02› is down since 10:05:53."}""",
    "Jira, a document of runs": """{"fields": {"project": {"key": "SUP", "id": "10000"}, "summary": "Export fails for tenant blue-42", "issuetype": {"id": "10001"},
 "reporter": {"accountId": "5b10a2844c20165700ede21g"}, "customfield_30000": ["10000", "10002"], "duedate": "2019-05-11",
 "environment": "macOS 14.1, Safari 17", "description": {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [
  {"type": "text", "text": "Reported by "}, {"type": "text", "text": "‹PERSON:Maria Garcia›", "marks": [{"type": "strong"}]},
  {"type": "text", "text": " (‹EMAIL_ADDRESS:maria.garcia›"}, {"type": "text", "text": "‹EMAIL_ADDRESS:@example.com›", "marks": [{"type": "link", "attrs": {"href": "mailto:‹EMAIL_ADDRESS:maria.garcia@example.com›"}}]},
  {"type": "text", "text": "), call ‹PHONE_NUMBER:415-›"}, {"type": "text", "text": "‹PHONE_NUMBER:555-0132›"}]}]}}}""",
    "Twilio Flex, a task": """{"sid": "WT7f3a1c0d2b4e4f6a8b9c0d1e2f3a4b5c", "task_queue_friendly_name": "Billing EMEA", "priority": 10,
 "attributes": {"from": "‹PHONE_NUMBER:+447700900461›", "customerName": "‹PERSON:Siobhan O'Leary›", "skills": ["refunds", "tier2"],
  "conversations": {"outcome": "callback", "segment_link": "https://rec.example.net/s/99d2"}, "region": "APAC", "Tier__c": "Gold", "tags": ["‹PERSON:maria›", "churn", "silver", "refund"],
  "card": {"brand": "visa", "last4": "4242"}, "name": {"first": "‹PERSON:Mei›", "last": "‹PERSON:Tan›"}, "components": [{"name": "Ledger"}], "passport": {"number": "‹TRAVEL_DOCUMENT:533401192›"}},
 "messages": [{"from": "agente", "text": "¿Y el número de pedido?"}, {"from": "cliente", "text": "el 55120"}],
 "notes": "Seen on shop.example.com and m.shop.example.com, port P2, with ?orderId=7713391; see PAY-118 and OPS-1187"}""",
    "A sheet, pairs and members with short names": """{"values": [["Name", "SSN", "Status"], ["‹PERSON:Jo Smith›", "‹US_SSN:536221234›", "open"], ["‹PERSON:Ana Lee›", "‹US_SSN:536221235›", "shipped"]],
 "fields": [["ssn", "‹US_SSN:536221234›"], ["order", "536221236"]], "extra": [{"k": "pin", "v": "‹PIN:4931›"}, {"n": "tier", "v": "4931"}],
 "turns": [["agent", "Good Morning"], ["customer", "Lovely Day"]], "points": [["2024-01-02", 4155550132]]}""",
    "ServiceNow, an incident": """{"short_description": "Unable to connect to email", "description": "VPN drops every 30 min on host LON-WS-0042",
 "caller_id": "6816f79cc0a8016401c5a33be04be441", "u_contact_email": "‹EMAIL_ADDRESS:maria.garcia@example.com›", "impact": "2", "number": "INC0010112",
 "sys_id": "c537bae64f411200adf9f8e18110c76e", "opened_at": "2026-11-28 09:30:12", "work_notes": "[code]<b>Called ‹PERSON:Maria Garcia›</b>[/code]",
 "u_mobile": "‹PHONE_NUMBER:0049 30 901820›", "sys_mod_count": "3", "cmdb_ci": ""}""",
    "Stripe, a person of an account": """{"individual": {"first_name": "‹PERSON:Maria›", "last_name": "‹PERSON:Garcia›", "ssn_last_4": "‹US_SSN:1234›",
 "dob": {"day": "‹DATE_OF_BIRTH:29›", "month": "‹DATE_OF_BIRTH:2›", "year": "‹DATE_OF_BIRTH:1980›"}, "phone": "‹PHONE_NUMBER:+14155550132›",
 "registered_address": {"line1": "‹STREET_ADDRESS:12 Oak Street›", "postal_code": "‹POSTCODE:97201›"}},
 "birthMonth": "‹DATE_OF_BIRTH:February›", "created": {"day": 3, "month": 11, "year": 2024}, "birthday_greeting": {"month": 0, "enabled": true}, "day": 29}""",
    "Words of technology": """{"metadata": {"namespace": "prod", "labels": {"env": "dev"}}, "weight": {"value": 2.5, "unit": "kg"}, "carrier": "usps",
 "level": "DEBUG", "encoding": "gzip", "protocol": "smtp", "engine": "mysql", "sort_order": "asc", "layout": "grid", "color": "ruby",
 "signature": {"algorithm": "ECDSA"}, "sha": "deadbeefdeadbeef", "department": "Kitchen", "dept": "‹PERSON:Gabriela›", "manager": "‹PERSON:Julia›"}""",
    "GraphQL, literals in the document": """{"query": "mutation { createUser(name: \\"‹PERSON:Maria Garcia›\\", phone: \\"‹PHONE_NUMBER:415-555-0132›\\", ssn: \\"‹US_SSN:536221234›\\") { id } }"}""",
    "Code and markup in a text": """{"body": "{'phone': '‹PHONE_NUMBER:415-555-0132›', 'name': '‹PERSON:Maria Garcia›'}",
 "text": "<u name=\\"‹PERSON:Maria Garcia›\\" address=\\"‹STREET_ADDRESS:12 Oak Street›\\"/>", "note": "mobile: `‹PHONE_NUMBER:+1 415 555 0132›`, city: `‹LOCATION:Portland›`",
 "comment": "curl -d '{\\"zip\\": \\"‹POSTCODE:97201›\\", \\"user\\": \\"‹ANY:mgarcia›\\"}' https://api.example.com/x",
 "message": "card: “‹CREDIT_CARD:4111 1111 1111 1111›”, user: “‹USERNAME:mgarcia›”"}""",
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The quick start's policy with `replace` for each type, so that expected bodies are easy to write."""
    default = load_text(QUICKSTART.read_bytes(), "quickstart.yaml", {}, QUICKSTART.parent).settings.policies[
        "default"
    ]
    operators = dict.fromkeys(default.operators, OperatorSpec("replace"))
    return Policy(
        "test",
        "sha256:0",
        operators,
        default.detector,
        default.score_threshold,
        default.thresholds,
        default.allow,
    )


@pytest.fixture(scope="module")
def redactor(policy: Policy) -> Redactor:
    anonymizer = Anonymizer({}, builtin_operators(), lambda size: b"\0" * size)
    return Redactor(CodecRegistry.default(), {policy.detector: analyzer_of(policy.detector)}, anonymizer)


@pytest.mark.parametrize("name", [*PAYLOADS, *_BODIES])
def test_only_personal_data_of_a_platforms_payload_changes(
    redactor: Redactor, policy: Policy, name: str
) -> None:
    payload = PAYLOADS[name] if name in PAYLOADS else _BODIES[name].read_text(encoding="utf-8")
    _only_what_is_marked_changes(redactor, policy, payload)


@pytest.mark.parametrize("payload", _CONVERSATIONS)
def test_only_personal_data_that_is_dictated_over_turns_changes(
    redactor: Redactor, policy: Policy, payload: str
) -> None:
    """What the other speaker repeats is replaced too, and is marked."""
    _only_what_is_marked_changes(redactor, policy, payload)


@pytest.mark.parametrize("name", _STRUCTURED)
def test_only_personal_data_of_a_structured_body_changes(
    redactor: Redactor, policy: Policy, name: str
) -> None:
    """Trade and health messages, form fields, tables and code, each in a media type that accepts it."""
    media_type, payload = _STRUCTURED[name]
    _only_what_is_marked_changes(redactor, policy, payload, media_type)


def test_a_mask_adds_no_element_to_a_message(redactor: Redactor, policy: Policy) -> None:
    masks = {**policy.operators, "CREDIT_CARD": OperatorSpec("mask", {"keep_last": 4})}
    body = b"NM1*IL*1*LIMA*ANA****MI*4111111111111111~N4*LIMA*WA*98101~"
    kind = MediaType.parse("text/plain")
    under = replace(policy, operators=masks)
    result = redactor.redact(body, kind, under, limits=Limits(), rules=NO_RULES)
    assert result.body.count(b"*") == body.count(b"*")
    assert b"*MI*            1111~" in result.body


def _only_what_is_marked_changes(
    redactor: Redactor, policy: Policy, payload: str, media_type: str = "application/json"
) -> None:
    kind = MediaType.parse(media_type)
    body = _MARK.sub(r"\2", payload)
    result = redactor.redact(body.encode(), kind, policy, limits=Limits(), rules=NO_RULES)
    redacted = result.body.decode()
    again = redactor.redact(result.body, kind, policy, limits=Limits(), rules=NO_RULES)
    assert again.body.decode() == redacted  # platforms send the same text repeatedly
    redacted = re.sub(r"(?:&lt;|%3C)([A-Z_]+)(?:&gt;|%3E)", r"<\1>", redacted)  # as HTML and forms have them
    written = _MARK.sub(r"<\1>", _NUMBER.sub(r'"<\1>"', payload))
    if "‹ANY:" not in payload:
        assert redacted == written
    else:
        expected = re.escape(written).replace("<ANY>", "<[A-Z_]+>")
        assert re.fullmatch(expected, redacted) is not None, redacted
