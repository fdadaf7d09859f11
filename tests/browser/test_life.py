"""Console pages about the logs themselves: policy versions, keys, anchors, canaries, records of each kind."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from shield.audit.record import Kind
from shield.evidence.reading import entries
from tests.browser.conftest import Watched, sign_in
from tests.integration.console.life import APPROVER, NEW, OLD, digest_of
from tests.integration.console.stage import HOSTILE, Running, Visitor
from tests.unit.audit.logs import reader_of

LIFE = ("rotate", "digest_key", "hold", "prune", "roster", "anchor", "shadow", "canary", "config")


def newest(console: Running, kind: str) -> int:
    return max(it.index for it in entries(reader_of(console.audit)) if it.kind == kind)


def test_two_versions_of_a_policy_and_what_differs(auditor: Watched) -> None:
    page = auditor.go("/policies")
    rows = page.get_by_role("table").first.locator("tbody tr")
    row = rows.filter(has_text=digest_of(NEW)[:19])
    expect(row).to_have_count(1)
    expect(row).to_contain_text("in force")
    expect(rows.filter(has_text=digest_of(OLD)[:19])).to_contain_text("replaced")
    row.get_by_role("link", name="to the one before").click()
    difference = page.get_by_label("Differences", exact=True)
    expect(difference.locator(".removed")).to_have_text(re.compile('^- +"operator": "replace"'))
    expect(difference.locator(".added")).to_have_text(re.compile('^\\+ +"operator": "redact"'))
    page.get_by_role("button", name="Compare").click()
    expect(difference.locator(".added")).to_have_count(1)
    expect(page.get_by_role("row", name="EMAIL_ADDRESS redact")).to_be_visible()


def test_what_was_done_with_the_logs_is_said_in_words(auditor: Watched) -> None:
    page = auditor.go("/keys")
    main = page.locator("main")
    expect(main).to_contain_text("Keys over time")
    expect(main).to_contain_text(f"key 01234567 of 2031-01 destroyed, approved by {APPROVER}")
    expect(main).to_contain_text("records below 0 removed, older than 2030-01-01")
    done = page.get_by_role("table", name="What was done with the logs themselves")
    expect(done.locator("tbody tr")).to_have_count(5)  # many anchors hide none of them
    anchors = page.get_by_role("table", name="Anchors and rosters")
    expect(anchors.locator("tbody tr")).to_have_count(20)
    expect(anchors).to_contain_text("(directory): ok, 1 logs")
    main = auditor.go("/").locator("main")
    expect(main.locator(".is-bad", has_text="has taken no heads since")).to_contain_text(": ahead")


def test_canaries_say_what_did_not_come_out_redacted(auditor: Watched) -> None:
    page = auditor.go("/canaries")
    rows = page.get_by_role("table").first.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("tested by no canary: NATIONAL_ID")
    expect(rows.nth(1).locator(".is-bad")).to_contain_text("not redacted: CREDIT_CARD/en/spaced")
    expect(rows.nth(2)).to_contain_text("passed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_record_of_each_kind_reads_well_and_is_proved(
    browser: Browser, console: Running, visitors: dict[str, Visitor], scheme: str
) -> None:
    watched = sign_in(browser, console, "admin", color_scheme=scheme, viewport={"width": 1280, "height": 900})
    for kind in LIFE:
        page = watched.go(console.record(newest(console, kind)))
        expect(page.locator("[data-proof]")).to_have_attribute("data-state", "yes", timeout=10_000)
        said = page.locator("dl.facts").inner_text()
        assert "{'" not in said, kind  # a value as Python writes it
        assert "[]" not in said, kind
        violations = Axe().run(page).response["violations"]
        assert [it["id"] for it in violations if it["impact"] in ("serious", "critical")] == [], kind
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 1280, kind
    assert page.evaluate("window.hit") is None
    assert watched.complaints == []
    watched.page.context.close()


def test_a_difference_of_a_shadow_is_a_row(auditor: Watched, console: Running) -> None:
    page = auditor.go(console.record(newest(console, Kind.SHADOW)))
    row = page.locator("dl.facts tbody tr")
    expect(row).to_have_count(2)
    expect(row.nth(0)).to_contain_text("$.contact.mail")
    expect(row.nth(1)).to_contain_text(HOSTILE[0])
    page.locator("dl.facts").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Record 6")
