# ruff: noqa: INP001  a script
"""Take the screenshots of docs/console.md from a console over a log that is written for them.

    python scripts/console_pictures.py [--out docs/images]

The quick start's proxy gets the demonstration's samples and some requests that it must refuse, reloads its
configuration with two operators changed, and gets them again; its console then verifies the logs and is
opened in Chromium (Debian's package, or the one that `--chromium` names). Only the pictures are kept.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import yaml
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, async_playwright, expect

from shield.demo.samples import Sample, load_samples
from shield.demo.stack import ProxyProcess, derived_configuration, free_ports
from shield.demo.store import running_store

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 8
RELOADED = re.compile(r'^shield_config_reloads_total\{result="ok"\} [1-9]', re.MULTILINE)
VERIFIED = re.compile(r"every record holds,\s+([0-9-]+ [0-9:]+)")
"""In the overview, when a log was verified last."""
PASSWORD = "correct horse battery"  # noqa: S105  of a console that lives for a minute
PATIENCE_MS = 300_000
"""Of one step; on a machine that is busy with other things a page may take a minute."""
LOOK_MS = 1_000
TRIES = 10
PATIENCE_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Ports:
    proxy: int
    admin: int
    store: int
    console: int


def configuration(folder: Path, ports: Ports, *, changed: bool) -> Path:
    """The quick start's configuration in `folder`; if `changed`, with two other operators."""
    text = derived_configuration(
        (ROOT / "config" / "quickstart.yaml").read_text(encoding="utf-8"),
        proxy_port=ports.proxy,
        admin_port=ports.admin,
        store_port=ports.store,
        audit_directory=folder / "audit",
        anchors=folder / "anchors",
        console_port=ports.console,
    )
    document = yaml.safe_load(text)
    document["console"] |= {"directory": str(folder / "console"), "priority": "normal"}
    # A busy machine is no reason for a refusal, or for a canary that fails, in a picture.
    document["server"] |= {"queue_timeout": "60s"}
    for route in document["routes"]:
        route["deadline"] = "60s"
    if changed:
        document["policies"]["default"]["entities"] |= {"AGE": "redact", "PHONE_NUMBER": "redact"}
    path = folder / "shield.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


async def send(url: str, samples: list[Sample]) -> None:
    """Send every sample several times, a body that is not JSON, and one that matches no route."""
    async with aiohttp.ClientSession() as session:
        for _ in range(ROUNDS):
            for sample in samples:
                await _post(session, f"{url}/api/{sample.collection}", sample.body, sample.content_type)
        await _post(session, f"{url}/api/tickets", b'{"body": ', "application/json")
        await _post(session, f"{url}/api/invoices", b"{}", "application/json")


async def _post(session: aiohttp.ClientSession, url: str, body: bytes, content_type: str) -> None:
    async with session.post(url, data=body, headers={"Content-Type": content_type}) as answer:
        await answer.read()


@asynccontextmanager
async def serving(path: Path, ports: Ports, told: list[str], output: Path) -> AsyncIterator[ProxyProcess]:
    """Run the proxy and its console; what they print for people goes to `told`, the rest to `output`."""
    with output.open("ab") as log:
        proxy = await ProxyProcess.start(path, f"http://127.0.0.1:{ports.admin}", log, tell=told.append)
        try:
            await proxy.ready()
            await proxy.console_ready(f"http://127.0.0.1:{ports.console}")
            yield proxy
        finally:
            await proxy.stop()


async def reloaded(metrics: str) -> None:
    """Wait until the proxy reports that it has reloaded its configuration."""
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(metrics) as answer:
                if RELOADED.search(await answer.text()):
                    return
            await asyncio.sleep(0.2)


async def join(page: Page, told: list[str]) -> None:
    """Become the console's first admin with the link that it printed."""
    await page.goto(next(word for line in told for word in line.split() if "/join?token=" in word))
    await page.get_by_label("Name").fill("mina")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Once more").fill(PASSWORD)
    await page.get_by_role("button", name="Begin").click()
    await page.wait_for_url("**/")


async def read_whole(page: Page, url: str) -> str:
    """Open a page, again until the index has all records of the logs; returns its text."""
    await page.goto(url)
    while "still reading the logs" in (text := await page.locator("body").inner_text()):
        await page.wait_for_timeout(LOOK_MS)
        await page.reload()
    return text


async def verified_anew(page: Page, url: str) -> None:
    """Open the overview once the logs were verified after all that was sent."""
    before = set(VERIFIED.findall(await read_whole(page, url)))
    await page.goto(f"{url}/keys")
    await page.get_by_role("button", name="Verify all now").click()
    while not (found := VERIFIED.findall(await read_whole(page, url))) or before & set(found):
        await page.wait_for_timeout(LOOK_MS)


async def picture(page: Page, path: Path, *, full_page: bool = True) -> None:
    """Take one picture. The browser of a busy machine may fail to, and can the next time."""
    for left in reversed(range(TRIES)):
        try:
            await page.screenshot(path=path, full_page=full_page)
        except PlaywrightError:
            if not left:
                raise
            await page.wait_for_timeout(LOOK_MS)
        else:
            return


async def take(page: Page, url: str, out: Path) -> None:
    """Take the four pictures."""
    await verified_anew(page, url)
    await picture(page, out / "console-overview.png")

    await read_whole(page, f"{url}/log")
    await page.get_by_label("Found").select_option("PHONE_NUMBER")
    await page.get_by_role("button", name="Filter").click()
    await page.locator("tbody a").first.click()
    while "Not under a signed checkpoint yet" in await page.locator("main").inner_text():
        await page.wait_for_timeout(LOOK_MS)
        await page.reload()
        await expect(page.locator("[data-proof] [role=status]")).not_to_be_empty()
    await expect(page.locator("[data-proof]")).to_have_attribute("data-state", "yes", timeout=PATIENCE_MS)
    await picture(page, out / "console-record.png")

    await read_whole(page, f"{url}/policies")
    await page.locator("tbody a[href^='/policies/']").first.click()
    await page.get_by_role("button", name="Compare").click()
    await picture(page, out / "console-policy.png", full_page=False)

    await read_whole(page, f"{url}/reports")
    await page.get_by_text("Compare with an outside count").click()
    await picture(page, out / "console-report.png")


async def pictures(out: Path, chromium: str, folder: Path) -> None:
    """Write the logs, start the console over them, and take its pictures."""
    ports = Ports(*free_ports(4))
    url = f"http://127.0.0.1:{ports.proxy}"
    samples = load_samples(ROOT / "config" / "quickstart")
    told: list[str] = []
    expect.set_options(timeout=PATIENCE_MS)
    path = configuration(folder, ports, changed=False)
    async with (
        running_store(folder / "store.sqlite3", host="127.0.0.1", port=ports.store),
        serving(path, ports, told, folder / "output") as proxy,
        async_playwright() as playwright,
    ):
        await send(url, samples)
        configuration(folder, ports, changed=True)
        proxy.reload()
        await reloaded(f"http://127.0.0.1:{ports.admin}/metrics")
        await send(url, samples)
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(PATIENCE_MS)
        await join(page, told)
        await take(page, f"http://127.0.0.1:{ports.console}", out)
        await browser.close()


def main() -> int:
    """Return exit code 0; failures raise."""
    parser = argparse.ArgumentParser(description="Takes the pictures of docs/console.md.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    given = parser.parse_args()
    if given.chromium is None:
        parser.error("no chromium (Debian's package chromium)")
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder, "pictures")
        taken.mkdir()
        asyncio.run(asyncio.wait_for(pictures(taken, given.chromium, Path(folder)), PATIENCE_SECONDS))
        for path in taken.iterdir():  # all of one run, or none
            shutil.copy(path, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
