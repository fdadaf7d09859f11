"""Fixtures: a real headless Chromium that opens a real console."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.integration.console.stage import PASSWORD, Running, Visitor, people, prepared, running

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium (Debian's package chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if CHROMIUM is None:
        pytest.skip("no chromium (Debian's package chromium)")
    with running(prepared(tmp_path_factory.mktemp("browser"))) as started:
        yield started


@pytest.fixture(scope="package")
def visitors(console: Running) -> Iterator[dict[str, Visitor]]:
    found = people(console)
    yield found
    for visitor in found.values():
        visitor.close()


class Watched:
    """A page of a signed-in user, and the errors that its browser reported."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "data:")):
            self.complaints.append(f"a request to {url}")

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self.page


_SESSIONS: dict[tuple[str, str], StorageState] = {}


def sign_in(browser: Browser, console: Running, name: str, **options: object) -> Watched:
    """A page of `name` in a new context; the first one types the password, later ones reuse its session."""
    session = _SESSIONS.get((console.url, name))
    context = browser.new_context(storage_state=session, **options)  # type: ignore[arg-type]
    watched = Watched(context.new_page(), console.url)
    if session is not None:
        return watched
    page = watched.go("/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{console.url}/")
    _SESSIONS[console.url, name] = context.storage_state()
    return watched


@pytest.fixture
def auditor(browser: Browser, console: Running, visitors: dict[str, Visitor]) -> Iterator[Watched]:
    watched = sign_in(browser, console, "auditor", viewport={"width": 1280, "height": 900})
    yield watched
    watched.page.context.close()
    assert watched.complaints == []


@pytest.fixture
def admin(browser: Browser, console: Running, visitors: dict[str, Visitor]) -> Iterator[Watched]:
    watched = sign_in(browser, console, "admin", viewport={"width": 1280, "height": 900})
    yield watched
    watched.page.context.close()
    assert watched.complaints == []


@pytest.fixture(scope="package")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if CHROMIUM is None:
        pytest.skip("no chromium (Debian's package chromium)")
    with running(prepared(tmp_path_factory.mktemp("harmed"), hostile=False)) as started:
        visitor = Visitor(started)
        assert visitor.join(started.join, "admin").status_code == 200
        visitor.close()
        yield started


@pytest.fixture
def own(harmed: Running, tmp_path: Path) -> Iterator[Running]:
    """A console over a log that the test may damage; it is restored afterwards."""
    shutil.copytree(harmed.log, tmp_path / "log")
    yield harmed
    shutil.copytree(tmp_path / "log", harmed.log, dirs_exist_ok=True)
