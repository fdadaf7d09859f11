"""Rules for every page of the console: who may see it, what is recorded, what headers a browser gets."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from shield.console.pages.table import ROUTES
from shield.console.roles import Role, may
from shield.console.site import SECURITY_HEADERS
from shield.evidence.reading import entries
from tests.integration.console.stage import (
    HOSTILE,
    PASSWORD,
    ROLES,
    Running,
    Visitor,
    configuration,
    prepared,
    running,
)
from tests.unit.audit.logs import ORIGIN, reader_of

FOLDER = ORIGIN.replace("/", "+")
PAGES = {
    "/": "/",
    "/log": "/log",
    "/records/{folder}/{index:[0-9]{1,18}}": f"/records/{FOLDER}/3",
    "/records/{folder}/{index:[0-9]{1,18}}/proof": f"/records/{FOLDER}/3/proof",
    "/records/{folder}/{index:[0-9]{1,18}}/tlog-proof": f"/records/{FOLDER}/3/tlog-proof",
    "/checkpoints/{folder}": f"/checkpoints/{FOLDER}",
    "/packs/{pack:[0-9a-f]{16}}": "/packs/0123456789abcdef",
    "/policies/{digest:[0-9a-f]{64}}": "/policies/" + "0" * 64,
}


def accesses(console: Running) -> list[dict[str, object]]:
    reader = reader_of(console.audit, f"{ORIGIN}/access")
    return [dict(entry.fields) for entry in entries(reader) if entry.kind == "access"]


@pytest.mark.parametrize("route", [it for it in ROUTES if it.method == "GET"], ids=lambda it: it.path)
def test_a_page_is_for_who_has_the_right_and_for_nobody_else(
    console: Running, visitors: dict[str, Visitor], route
) -> None:
    path = PAGES.get(route.path, route.path)
    with requests.get(console.url + path, allow_redirects=False, timeout=30) as answer:
        assert (answer.status_code, answer.headers["Location"][:12]) == (303, "/login?next=")
    for role in ROLES:
        answer = visitors[role].get(path)
        allowed = may(Role(role), route.right)
        assert (answer.status_code == 403) is not allowed, role
        assert answer.status_code in ((200, 404) if allowed else (403,)), answer.text
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?! src=)|\son[a-z]+=\"|style=", answer.text.partition("<main")[0])


def test_the_records_of_its_own_readers_do_not_let_a_page_say_that_records_are_missing(
    console: Running, visitors: dict[str, Visitor]
) -> None:
    """Each page is a record of access, which the index reads a little later."""
    for _ in range(30):
        assert "The index is still reading the logs" not in visitors["admin"].get("/keys").text
        with requests.get(f"{console.url}/healthz", timeout=5) as answer:
            assert answer.json() == {"status": "ok", "indexing": False}


@pytest.mark.parametrize("route", [it for it in ROUTES if it.method == "POST"], ids=lambda it: it.path)
def test_a_form_needs_the_right_the_token_and_the_origin(
    console: Running, visitors: dict[str, Visitor], route
) -> None:
    own = {"Origin": console.url, "Sec-Fetch-Site": "same-origin"}
    with requests.post(console.url + route.path, headers=own, timeout=30) as answer:
        assert answer.status_code == 401
    for role in ROLES:
        session = visitors[role].session
        token = visitors[role].token("/log")
        url = console.url + route.path
        for headers, fields in (
            (own, {}),
            (own, {"form": "0" * 64}),
            ({}, {"form": token}),
            ({"Origin": "https://evil.example"}, {"form": token}),
            ({"Origin": "null"}, {"form": token}),
            ({**own, "Sec-Fetch-Site": "cross-site"}, {"form": token}),
        ):
            assert session.post(url, data=fields, headers=headers, timeout=30).status_code == 403
        if not may(Role(role), route.right):
            assert session.post(url, data={"form": token}, headers=own, timeout=30).status_code == 403


def test_a_form_token_of_another_user_is_worth_nothing(
    console: Running, visitors: dict[str, Visitor]
) -> None:
    own = {"Origin": console.url, "Sec-Fetch-Site": "same-origin"}
    token = visitors["viewer"].token("/log")
    answer = visitors["admin"].session.post(
        console.url + "/users", data={"form": token, "name": "eve", "role": "admin"}, headers=own, timeout=30
    )
    assert answer.status_code == 403


def test_every_access_is_a_record_before_it_is_an_answer(
    console: Running, visitors: dict[str, Visitor]
) -> None:
    before = len(accesses(console))
    answer = visitors["auditor"].get("/log?route=tickets&start=2020-01-01")
    visitors["viewer"].get(f"/records/{FOLDER}/5")
    new = accesses(console)[before:]
    assert [(it["action"], it["name"], it["via"]) for it in new] == [
        ("console.log", "auditor", "console"),
        ("console.record", "viewer", "console"),
    ]
    assert new[0]["filters"] == {"route": ["tickets"]}
    assert new[1]["filters"] == {"folder": [FOLDER], "index": ["5"]}
    assert f"{ORIGIN}/access#" in answer.text


def test_signing_in_and_failing_to_are_records_too(console: Running, visitors: dict[str, Visitor]) -> None:
    before = len(accesses(console))
    stranger = Visitor(console)
    assert stranger.sign_in("viewer", "wrong password 1").status_code == 401
    assert stranger.sign_in("<script>alert(1)</script>", "wrong password 1").status_code == 401
    assert stranger.sign_in("viewer").status_code == 200
    assert stranger.post("/logout", {}, page="/log").status_code == 200
    assert stranger.get("/log", allow_redirects=False).status_code == 303
    stranger.close()
    new = [(it["action"], it["name"]) for it in accesses(console)[before:]]
    # An unknown name may be a password that was typed into the wrong field.
    for action, name in (
        ("sign_in_refused", "viewer"),
        ("sign_in_refused", "(withheld)"),
        ("sign_in", "viewer"),
        ("sign_out", "viewer"),
    ):
        assert (f"console.{action}", name) in new
    assert not any("script" in name for _, name in new)


def test_who_guesses_must_wait(console: Running, visitors: dict[str, Visitor]) -> None:
    guesser = Visitor(console)
    codes = [guesser.sign_in("operator", f"wrong password {number}").status_code for number in range(7)]
    assert codes[:5] == [401] * 5
    assert codes[5:] == [429] * 2
    assert guesser.sign_in("operator", PASSWORD).status_code == 429
    guesser.close()


@pytest.mark.parametrize(
    "onwards", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:0"]
)
def test_signing_in_leads_nowhere_else(console: Running, visitors: dict[str, Visitor], onwards: str) -> None:
    visitor = Visitor(console)
    token = visitor.token("/login")
    answer = visitor.session.post(
        console.url + "/login",
        data={"form": token, "name": "viewer", "password": PASSWORD, "next": onwards},
        headers={"Origin": console.url},
        allow_redirects=False,
        timeout=30,
    )
    assert answer.headers["Location"] == "/"
    visitor.close()


def test_the_session_cookie_is_out_of_reach_of_scripts(
    console: Running, visitors: dict[str, Visitor]
) -> None:
    visitor = Visitor(console)
    visitor.sign_in("viewer")
    (cookie,) = [it for it in visitor.session.cookies if it.name == "shield_session"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
    visitor.close()


def test_what_storage_did_not_hold_is_listed_with_its_write(visitors: dict[str, Visitor]) -> None:
    page = visitors["viewer"].get("/canaries").text
    assert "unredacted; differing 1: $.body; EMAIL_ADDRESS 2" in page
    assert page.count('class="tag match"') == 1
    assert "nothing, of 3 values" in page


@pytest.mark.parametrize(
    "path",
    [
        "/log?route={}",
        "/log?entity={}&kind={}",
        "/exceptions?kind={}&id={}",
        "/receipts?receipts={}",
        "/access?user={}",
        "/?origin={}",
    ],
)
def test_what_is_asked_comes_back_as_text_if_at_all(visitors: dict[str, Visitor], path: str) -> None:
    text = requests.utils.quote("\n".join(HOSTILE) if "receipts" in path else " ".join(HOSTILE))
    answer = visitors["admin"].get(path.replace("{}", text))
    assert answer.status_code in (200, 400)
    for mark in ("<script>window", "<img src=x", "<svg onload"):
        assert mark not in answer.text
    assert ">49<" not in answer.text


def test_a_mark_that_nobody_sees_is_an_escape_but_in_what_a_form_sends_back(
    visitors: dict[str, Visitor],
) -> None:
    page = visitors["auditor"].get("/log").text
    assert "\\u202egnp.exe" in page
    assert "\u202e" not in re.sub(r' value="[^"]*"', "", page)


@pytest.mark.parametrize(
    "path",
    [
        "/log?before=1",
        "/log?before=a.b.c",
        "/log?start=yesterday",
        "/log?start=9999999-01-01",
        "/log?receipt=nothing",
        "/log?receipt=nowhere%231",
        "/records/..%2F..%2Fetc/0",
        "/records/keys/0",
        f"/records/{FOLDER}/999999999999999999",
        "/checkpoints/keys",
        "/static/..%2f__init__.py",
        "/exceptions?before=x",
        "/exceptions?start=2031-05-05&end=2031-05-04",
        "/log?start=2031-05-05&end=2031-05-04",
        "/?start=2031-05-05&end=2031-05-04",
        "/nowhere",
    ],
)
def test_bad_requests_are_answered_as_such(visitors: dict[str, Visitor], path: str) -> None:
    answer = visitors["admin"].get(path)
    assert answer.status_code in (400, 404), answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("target", ["http://xn--/", "http://u@xn--a/"])
def test_a_target_that_cannot_be_read_is_no_page_and_its_connection_ends(
    console: Running, target: str
) -> None:
    address = urlsplit(console.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: console\r\n\r\n".encode())
        with client.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /login?next=%2f%2f[ HTTP/1.1\r\n",
        b"GET /login HTTP/1.1\r\nCookie: shield_visit=\xff\xfe\r\n",
        b"GET /login HTTP/1.1\r\nCookie: shield_theme=\xff; shield_session=\xff\r\n",
    ],
)
def test_what_a_stranger_asks_oddly_is_no_defect(console: Running, head: bytes) -> None:
    address = urlsplit(console.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as client:
        client.sendall(head + b"Host: console\r\nConnection: close\r\n\r\n")
        with client.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 200 ")
    assert "console_defect" not in console.output()


@pytest.mark.parametrize("line", [b"<script>window.hit=1</script>", b"GET /login\xff<script> HTTP/1.1"])
def test_what_is_no_request_is_not_sent_back(console: Running, line: bytes) -> None:
    address = urlsplit(console.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as client:
        client.sendall(line + b"\r\nHost: console\r\n\r\n")
        with client.makefile("rb") as answer:
            received = answer.read()
    assert received.split(b" ", 2)[1] == b"400"
    assert b"script" not in received
    assert b"aiohttp" not in received


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded; charset=zebra"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded; charset=rot13"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}, 400),
        ({"Content-Type": "multipart/form-data"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded", "X-Size": "20000"}, 413),
    ],
)
def test_a_form_of_a_stranger_that_cannot_be_read_is_no_defect(
    console: Running, fields: dict[str, str], status: int
) -> None:
    body = b"a=" + b"b" * int(fields.get("X-Size", "1"))
    own = {"Origin": console.url, "Sec-Fetch-Site": "same-origin"}
    with requests.post(console.url + "/login", data=body, headers={**own, **fields}, timeout=30) as answer:
        assert answer.status_code == status
    assert "console_defect" not in console.output()


def test_trying_a_policy_shows_what_it_would_do_and_leaves_no_text(
    console: Running, visitors: dict[str, Visitor]
) -> None:
    text = "Write to planted.canary@example.com about 4111 1111 1111 1111 <b>bold</b>"
    answer = visitors["auditor"].post("/try", {"text": text, "policy": "default", "media_type": "text/plain"})
    assert answer.status_code == 200
    assert "&amp;lt;EMAIL_ADDRESS&amp;gt;" in answer.text  # the text is HTML
    assert "&lt;b&gt;bold&lt;/b&gt;" in answer.text
    assert "planted.canary" not in answer.text
    for path in console.folder.rglob("*"):
        assert not path.is_file() or b"planted.canary" not in path.read_bytes(), path


def test_what_patterns_alone_inspected_shows_what_became_of_it(visitors: dict[str, Visitor]) -> None:
    page = visitors["auditor"].get("/exceptions?kind=reduced_detection&state=resolved").text
    assert page.count("re-scan clean") >= 1
    assert "re-scan found" not in page
    page = visitors["auditor"].get("/exceptions?kind=reduced_detection&state=open").text
    assert "re-scan found PERSON 1" in page
    assert "no re-scan yet" in page
    records = [it for it in entries(reader_of(visitors["auditor"].console.audit)) if it.fields.get("reduced")]
    for entry, words in zip(
        records, ("clean, by cascade", "personal data went through", "none recorded yet"), strict=True
    ):
        page = visitors["auditor"].get(f"/records/{FOLDER}/{entry.index}").text
        assert "patterns alone: there was no time for more" in page
        assert words in page
    rescan = next(it for it in entries(reader_of(visitors["auditor"].console.audit)) if it.kind == "rescan")
    page = visitors["auditor"].get(f"/records/{FOLDER}/{rescan.index + 3}").text
    assert "PERSON" in page
    assert "$.note" in page


def test_of_a_request_that_nobody_looked_at_it_is_not_said_that_nothing_was_found(
    visitors: dict[str, Visitor],
) -> None:
    records = list(entries(reader_of(visitors["auditor"].console.audit)))
    said = set()
    for kind in ("reject", "bypass", "intent"):
        entry = next(it for it in records if it.kind == kind and not it.fields["findings"])
        page = visitors["auditor"].get(f"/records/{FOLDER}/{entry.index}").text
        said.add((kind, "Not inspected" in page, "Nothing that the policy names" in page))
    assert said == {("reject", True, False), ("bypass", True, False), ("intent", False, True)}


def test_a_gap_that_still_lasts_is_open_and_cannot_be_taken_up_yet(visitors: dict[str, Visitor]) -> None:
    for path, listed in (
        ("/exceptions", True),
        ("/exceptions?kind=gap&state=open", True),
        ("/exceptions?state=resolved", False),
        ("/exceptions?kind=observe", False),
        ("/exceptions?end=2020-01-01", False),
    ):
        text = visitors["operator"].get(path).text
        assert ("so far, stopped" in text) is listed, path
    assert "gap" in visitors["viewer"].get("/exceptions?end=2999-01-01").text


def test_taking_up_exceptions_is_recorded_in_the_users_name(visitors: dict[str, Visitor]) -> None:
    page = visitors["operator"].get("/exceptions?state=open&kind=observe").text
    first = re.findall(r'name="id" value="([^"]+)"', page)[0]
    answer = visitors["operator"].post(
        "/exceptions",
        {"id": first, "ticket": "SUP-1", "note": "write to maria@example.com", "state": "acknowledged"},
    )
    assert answer.status_code == 409
    assert "maria" not in answer.text
    assert "EMAIL_ADDRESS" in answer.text
    answer = visitors["operator"].post(
        "/exceptions", {"id": first, "ticket": "SUP-1", "note": "known", "state": "acknowledged"}
    )
    assert answer.status_code == 200
    row = next(row for row in answer.text.split("<tr>") if first in row)
    assert ">acknowledged<" in row
    assert "operator, " in row
    assert first not in visitors["operator"].get("/exceptions?state=open&kind=observe").text


def test_a_sample_is_drawn_by_the_seed_and_can_be_downloaded(visitors: dict[str, Visitor]) -> None:
    auditor = visitors["auditor"]
    chosen = []
    for _ in range(2):
        fields = {"size": "7", "seed": "4 1 6 2", "stratify": ["route"], "start": "", "end": "", "origin": ""}
        assert auditor.post("/samples", fields).status_code == 200
        page = auditor.get("/samples").text
        while "data-reload" in page:
            time.sleep(0.1)  # until another process, of a low priority, has made it
            page = auditor.get("/samples").text
        pack = re.findall(r"/packs/([0-9a-f]{16})", page)[0]
        answer = auditor.get(f"/packs/{pack}")
        assert answer.headers["Content-Type"] == "application/zip"
        with zipfile.ZipFile(BytesIO(answer.content)) as archive:
            names = archive.namelist()
            assert any(name.endswith("verify.sh") for name in names)
            (table,) = [name for name in names if name.endswith("/sample.csv")]
            chosen.append(archive.read(table))
    assert chosen[0] == chosen[1]


@pytest.mark.parametrize("size", ["0", "1001", "0000000019999999", "0" * 5000 + "7", "seven", ""])
def test_a_sample_has_bounds(visitors: dict[str, Visitor], size: str) -> None:
    fields = {"size": size, "seed": "1", "start": "", "end": "", "origin": ""}
    answer = visitors["auditor"].post("/samples", fields)
    assert (answer.status_code, "from 1 to 1000" in answer.text) == (400, True)


def test_an_admin_cannot_lock_everybody_out(visitors: dict[str, Visitor]) -> None:
    answer = visitors["admin"].post(
        "/users/change", {"name": "admin", "role": "viewer", "disabled": "yes"}, page="/users"
    )
    assert answer.status_code == 400


def test_the_program_log_has_no_defect_and_no_secret(console: Running, visitors: dict[str, Visitor]) -> None:
    output = console.output()
    assert "console_defect" not in output
    assert PASSWORD not in output


def test_the_overview_says_where_its_sums_are_of_whole_days(visitors: dict[str, Visitor]) -> None:
    whole = visitors["viewer"].get("/?start=2026-01-01&end=2026-03-31").text
    assert "2026-03-31 23:59:59 UTC" in whole
    assert "end=2026-03-31T23%3A59%3A59.999999Z" in whole
    assert "by whole" not in whole
    assert "days</h2>" in visitors["viewer"].get("/?start=0001-01-01&end=9999-12-31").text
    cut = visitors["viewer"].get("/?start=2026-01-01T13:00&end=2026-03-31").text
    assert "writes and findings by whole days" in cut
    assert "by whole hours" in visitors["viewer"].get("/?start=2026-01-01T13:30&end=2026-01-02").text


def test_of_a_period_before_the_first_record_it_is_not_said_that_the_control_was_on(tmp_path: Path) -> None:
    with running(prepared(tmp_path, hostile=False, requests_count=5)) as console:
        visitor = Visitor(console)
        visitor.join(console.join, "anna")
        page = visitor.get("/?start=2001-01-01&end=2001-01-31").text
        visitor.close()
    assert "The control was on" not in page
    assert "no record</span>" in page
    assert "There is no evidence for this period." in page


def test_an_address_that_is_taken_is_told_before_the_console_stands_back(tmp_path: Path) -> None:
    """With that priority, what comes after it may take as long as others want the machine."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        path = configuration(tmp_path, port, "")
        done = subprocess.run(
            [sys.executable, "-m", "shield", "console", "-c", str(path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    told = f"cannot listen on 127.0.0.1:{port}: Address already in use [listener_unusable]\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
