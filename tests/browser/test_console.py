"""An auditor's tasks in the console, carried out in a browser."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from shield.audit.files import OsFiles, write_atomic
from shield.audit.tiles import bundle_path, tile_path
from tests.browser.conftest import Watched, sign_in
from tests.integration.console.stage import HOSTILE, Running, Visitor

PAGES = (
    *("/", "/log", "/receipts", "/exceptions", "/samples", "/reports", "/canaries", "/keys", "/access"),
    *("/policies", "/try", "/users", "/account"),
)
INDEX = 10
LEAST_CELL = 80
"""Pixels: six characters or more of a name beside each other."""


def verdict(page: Page, state: str) -> None:
    expect(page.locator("[data-proof]")).to_have_attribute("data-state", state, timeout=10_000)


def test_filter_the_log_and_open_a_record(auditor: Watched) -> None:
    page = auditor.go("/log")
    page.get_by_label("Route").select_option("tickets")
    page.get_by_label("Found").select_option("PERSON")
    page.get_by_label("Decision").select_option("forward_redacted")
    page.get_by_role("button", name="Filter").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    for text in rows.all_inner_texts():
        assert "tickets" in text
        assert "forward redacted" in text
        assert "PERSON" in text
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Newer")).to_be_visible()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Record")
    verdict(page, "yes")
    expect(page.get_by_role("rowheader", name="PERSON")).to_be_visible()
    expect(page.locator("main")).to_contain_text("$.contact.mail")


def test_a_receipt_leads_to_its_record(auditor: Watched) -> None:
    page = auditor.go("/receipts")
    page.get_by_label("Receipts").fill("X-Shield-Receipt: shield.example/worker-0#10\n")
    page.get_by_role("button", name="Look up").click()
    expect(page).to_have_url(re.compile("/records/shield.example\\+worker-0/10$"))
    verdict(page, "yes")


def test_a_proof_is_checked_in_the_page_against_a_checkpoint_from_elsewhere(
    auditor: Watched, console: Running
) -> None:
    kept = (console.log / "checkpoint").read_text(encoding="utf-8")
    key = (console.log / "vkey").read_text(encoding="utf-8")
    page = auditor.go(console.record(INDEX))
    verdict(page, "yes")
    expect(page.locator("[data-steps] li.yes")).to_have_count(4)
    page.get_by_text("Check it against a checkpoint").click()
    page.locator("[data-kept]").fill(kept)
    page.locator("[data-key]").fill(key)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-said]")).to_have_text(
        "Verified in this browser, against the checkpoint that you gave."
    )
    expect(page.locator("[data-steps]")).to_contain_text("This record is under your checkpoint.")


@pytest.mark.parametrize("what", ["root", "signature", "size", "origin", "key", "rubbish"])
def test_a_checkpoint_or_key_that_does_not_fit_is_told(auditor: Watched, console: Running, what: str) -> None:
    kept = (console.log / "checkpoint").read_text(encoding="utf-8")
    key = (console.log / "vkey").read_text(encoding="utf-8").strip()
    lines = kept.split("\n")
    if what == "root":
        lines[2] = "A" * 43 + "="
    elif what == "signature":
        lines[4] = lines[4][:-8] + "AAAAAAA="[-8:]
    elif what == "size":
        lines[1] = str(int(lines[1]) + 100)
    elif what == "origin":
        lines[0] = "shield.example/other"
    elif what == "rubbish":
        lines = ["<script>window.hit=1</script>"]
    elif what == "key":
        key = "shield.example/worker-0+00000000+" + key.rpartition("+")[2]
    page = auditor.go(console.record(INDEX))
    verdict(page, "yes")
    page.get_by_text("Check it against a checkpoint").click()
    page.locator("[data-kept]").fill("\n".join(lines))
    page.locator("[data-key]").fill(key)
    page.get_by_role("button", name="Check").click()
    verdict(page, "no")
    expect(page.locator("[data-said]")).to_contain_text("NOT VERIFIED")
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("harm", ["record", "hash", "missing", "checkpoint", "key"])
def test_a_log_that_was_tampered_with_on_disk_is_not_verified(
    browser: Browser, own: Running, harm: str
) -> None:
    bundle, tile = own.log / bundle_path(0), own.log / tile_path(0, 0)
    if harm == "record":
        write_atomic(
            OsFiles(), bundle, bundle.read_bytes().replace(b'"forward_redacted"', b'"forward_blissful"')
        )
    elif harm == "hash":
        raw = bytearray(tile.read_bytes())
        raw[32 * (INDEX ^ 1)] ^= 1
        write_atomic(OsFiles(), tile, bytes(raw))
    elif harm == "missing":
        tile.unlink()
    elif harm == "checkpoint":
        text = (own.log / "checkpoint").read_text(encoding="utf-8").split("\n")
        text[2] = "A" * 43 + "="
        (own.log / "checkpoint").write_text("\n".join(text), encoding="utf-8")
    else:
        (own.log / "vkey").write_text("shield.example/worker-0+00000000+AAAA\n", encoding="utf-8")
    watched = sign_in(browser, own, "admin")
    page = watched.go(own.record(INDEX))
    verdict(page, "no")
    expect(page.locator("[data-said]")).to_contain_text("NOT VERIFIED")
    page.emulate_media(media="print")
    expect(page.locator("[data-said]")).to_be_visible()
    page.context.close()


def test_without_script_the_server_says_what_it_finds(browser: Browser, own: Running) -> None:
    watched = sign_in(browser, own, "admin", java_script_enabled=False)
    page = watched.go(own.record(INDEX))
    expect(page.locator("[data-said]")).to_contain_text("The server finds it proved")
    bundle = own.log / bundle_path(0)
    write_atomic(OsFiles(), bundle, bundle.read_bytes().replace(b'"forward_redacted"', b'"forward_blissful"'))
    page.reload()
    expect(page.locator("[data-said]")).to_contain_text("NOT VERIFIED")
    page.context.close()


def test_acknowledge_an_exception(admin: Watched) -> None:
    page = admin.go("/exceptions?state=open&kind=observe")
    box = page.locator('tbody input[name="id"]').first
    receipt = box.get_attribute("value") or ""
    box.check()
    page.get_by_label("Ticket").fill("SUP-7")
    page.get_by_label("Note").fill("seen and understood")
    page.get_by_text("resolved", exact=True).last.click()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status")).to_have_text("Recorded in the register.")
    page = admin.go(f"/exceptions?id={receipt.replace('#', '%23')}")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("resolved")
    expect(row).to_contain_text("admin, SUP-7")


def test_draw_a_sample_and_download_it(auditor: Watched, tmp_path: Path) -> None:
    page = auditor.go("/samples")
    page.get_by_label("How many").fill("5")
    page.get_by_label("Your seed").fill("4 1 6 2 2 5")
    page.get_by_role("button", name="Draw").click()
    link = page.get_by_role("link", name="Download with proofs").first
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "sample.zip")
    assert (tmp_path / "sample.zip").stat().st_size > 1000


def test_make_a_report_and_download_it(auditor: Watched, tmp_path: Path) -> None:
    page = auditor.go("/reports")
    page.get_by_label("What it is about").fill("Support platform")
    page.get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name="Download the report").first
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert {"report.html", "MANIFEST", "VERIFY.md", "verify.sh"} <= names


def test_a_record_prints_readably(auditor: Watched, console: Running, tmp_path: Path) -> None:
    page = auditor.go(console.record(INDEX))
    verdict(page, "yes")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator("[data-said]")).to_be_visible()
    page.pdf(path=str(tmp_path / "record.pdf"))
    assert (tmp_path / "record.pdf").read_bytes().startswith(b"%PDF")


def test_everything_can_be_reached_by_keyboard(auditor: Watched, console: Running) -> None:
    page = auditor.go("/log")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_label("Route").focus()
    page.keyboard.press("ArrowDown")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text() == "Filter":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("route="))
    page.locator("tbody a").first.focus()
    page.keyboard.press("Enter")
    verdict(page, "yes")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept]")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("[data-kept]")).to_be_focused()
    page.keyboard.insert_text((console.log / "checkpoint").read_text(encoding="utf-8"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("against the checkpoint that you gave")


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [("light", {}), ("dark", {"runOnly": ["color-contrast", "link-in-text-block"]})],  # it differs in colours
    ids=["light", "dark"],
)
def test_axe_finds_nothing_serious(
    browser: Browser, console: Running, visitors: dict[str, Visitor], scheme: str, rules: dict[str, object]
) -> None:
    watched = sign_in(browser, console, "admin", color_scheme=scheme)
    found = {}
    for path in (*PAGES, console.record(INDEX), "/nowhere"):
        page = watched.go(path)
        if "/records/" in path:
            verdict(page, "yes")
        violations = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
        serious = [it["id"] for it in violations if it["impact"] in ("serious", "critical")]
        if serious:
            found[path] = serious, [node["html"][:150] for it in violations for node in it["nodes"]][:4]
    watched.page.context.close()
    assert found == {}


def test_nothing_hostile_in_a_record_runs_or_breaks_a_page(
    browser: Browser, console: Running, visitors: dict[str, Visitor]
) -> None:
    watched = sign_in(browser, console, "admin")
    page = watched.go("/log?decision=observe")
    links = [link.get_attribute("href") or "" for link in page.locator("tbody tr td:first-child a").all()]
    for path in (*PAGES, *links[: len(HOSTILE)]):
        page = watched.go(path)
        if "/records/" in path:
            verdict(page, "yes")
        assert page.evaluate("window.hit") is None, path
        assert page.locator("main img:not([alt=''])").count() == 0
        assert page.locator("main script").count() == 0
    assert [text for text in watched.complaints if "nowhere" not in text] == []
    watched.page.context.close()


@pytest.mark.parametrize("width", [380, 1400])
def test_no_page_is_wider_than_the_screen_and_no_cell_is_wrapped_letter_by_letter(
    browser: Browser, console: Running, visitors: dict[str, Visitor], width: int
) -> None:
    watched = sign_in(browser, console, "admin", viewport={"width": width, "height": 800})
    widths = {}
    for path in (*PAGES, console.record(INDEX)):
        page = watched.go(path)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        narrow = page.evaluate(
            """Math.min(999, ...[...document.querySelectorAll(".table .break, .table .name")]
                .filter(it => it.getClientRects().length && /^T[DH]$/.test(it.tagName))
                .map(it => it.getBoundingClientRect().width))"""
        )
        if wide > width or narrow < LEAST_CELL:
            widths[path] = wide, narrow
    watched.page.context.close()
    assert widths == {}


def test_the_first_link_leads_to_an_admin(browser: Browser, own: Running) -> None:
    page = browser.new_context().new_page()
    page.goto(own.join)
    expect(page.get_by_role("alert")).to_contain_text("already used or has expired")
    page.context.close()
