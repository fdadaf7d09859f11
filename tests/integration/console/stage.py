"""A console as its users run it: a separate process over logs with a known story."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from shield.audit import about
from shield.audit.keys import folder_name
from shield.demo.stack import free_ports
from shield.domain import EMPTY, Decision, Verdict
from shield.evidence.access import Access, Demand, process_actor, record_access
from tests.integration.console.life import keep_policies, life
from tests.unit.audit.logs import ORIGIN, basis, intent, open_log, outcome, placed
from tests.unit.evidence.stories import Story, Wall
from tests.warm import python

PASSWORD = "correct horse battery"
ROLES = ("viewer", "auditor", "operator", "admin")
HOSTILE = (
    "<script>window.hit=1</script>",
    '"><img src=x onerror=window.hit=1>',
    "'-window.hit=1-'",
    "javascript:window.hit=1",
    "{{ 7 * 7 }}",
    "${7*7}",
    "</pre></textarea><svg onload=window.hit=1>",
    "\u202egnp.exe",
    "' OR 1=1 --",
    "long-" * 60,
)


def now_ns() -> int:
    return time.time_ns()


async def write_story(directory: Path, *, requests_count: int = 300, hostile: bool = True) -> None:
    """Write redacted, clean and observed requests of now, and records in which every text is hostile."""
    log = await open_log(directory, clock=now_ns)
    for number in range(requests_count):
        verdict = Verdict.FORWARD_REDACTED if number % 3 else Verdict.FORWARD
        findings = [placed("PERSON"), placed("EMAIL_ADDRESS", "$.contact.mail")] if number % 3 else []
        if number % 100 == 50:
            verdict = Verdict.OBSERVE
        route = ("tickets", "contacts")[number % 2]
        index = log.append(intent(number, findings, route=route, decision=Decision(verdict)))
        log.append(outcome(index, number))
    for number, result in enumerate(("clean", "found", "")):
        reduced = log.append(intent(9_000 + number, [placed("EMAIL_ADDRESS")], tier="patterns", reduced=True))
        log.append(outcome(reduced, 9_000 + number))
        if result:
            missed = [placed("PERSON", "$.note")] if result == "found" else []
            log.append(
                about.rescan(
                    request_id=f"request-{9_000 + number}",
                    intent=reduced,
                    basis=basis(),
                    tier="cascade",
                    result=result,
                    reason="",
                    missed=missed,
                )
            )
    story = Story(log, Wall())
    for _ in range(3):
        story.read_back("match")
    story.read_back("mismatch", "unredacted", differing=["$.body"], unredacted={"EMAIL_ADDRESS": 2})
    for number, text in enumerate(HOSTILE if hostile else ()):
        story.read_back("mismatch", text, route=text, differing=[text], unredacted={text: 1})
        index = log.append(
            intent(
                10_000 + number,
                [placed("PERSON", f"$['{text}']")],
                route=text,
                policy=text,
                upstream=text,
                request_id=text,
                build=text,
                mode="observe",
                decision=Decision(Verdict.OBSERVE, text),
            )
        )
        del index
    for draft in life(HOSTILE[0]) if hostile else ():
        log.append(draft)
    await log.checkpoint()
    await log.close()
    keep_policies(log.folder)
    actor = process_actor("stage")
    await record_access(directory, [ORIGIN], actor, Access("stage"), demand=Demand.REQUIRED)


def configuration(folder: Path, port: int, extra: str = "") -> Path:
    path = folder / "shield.yaml"
    path.write_text(
        f"""version: 1
listeners:
  proxy: {{port: {port + 1 if port else 0}}}
  admin: {{port: {port + 2 if port else 0}}}
upstreams:
  store: {{url: "http://127.0.0.1:9"}}
policies:
  default:
    detector: {{model: none}}
    entities: {{EMAIL_ADDRESS: replace, CREDIT_CARD: {{operator: mask, keep_last: 4}}}}
routes:
  - name: tickets
    match: {{path: "/{{rest...}}"}}
    upstream: store
    policy: default
audit:
  directory: {folder / "audit"}
  origin: {ORIGIN}
console:
  listener: {{port: {port}}}
  directory: {folder / "console"}
  priority: normal
{extra}""",
        encoding="utf-8",
    )
    return path


@dataclass
class Running:
    """A console process; `join` is its set-up link, `audit` the folder of the logs."""

    url: str
    join: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def audit(self) -> Path:
        return self.folder / "audit"

    @property
    def log(self) -> Path:
        return self.audit / folder_name(ORIGIN)

    def output(self) -> str:
        return (self.folder / "console.log").read_text(encoding="utf-8")

    def record(self, index: int) -> str:
        return f"{self.url}/records/{folder_name(ORIGIN)}/{index}"


@contextmanager
def running(folder: Path, extra: str = "", env: Mapping[str, str] = EMPTY) -> Iterator[Running]:
    """Starts a console and waits until it answers and its index is complete."""
    (port,) = free_ports(1)
    path = configuration(folder, port, extra)
    output = folder / "console.log"
    with output.open("w") as stream:
        process = subprocess.Popen(
            [python(), "-m", "shield", "console", "-c", str(path)],
            stdout=stream,
            stderr=stream,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, output)
            found = re.search(r"http\S+/join\?token=[0-9a-f]+", output.read_text())
            yield Running(url, found[0] if found else "", folder, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(url: str, process: subprocess.Popen[str], output: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with requests.get(f"{url}/healthz", timeout=5) as answer:
                if answer.json() == {"status": "ok", "indexing": False}:
                    return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)  # until another process answers
    raise AssertionError(output.read_text())


class Visitor:
    """A client that behaves like a browser, with cookies and without scripts."""

    def __init__(self, console: Running) -> None:
        self.console = console
        self.session = requests.Session()

    def get(self, path: str, **options: object) -> requests.Response:
        return self.session.get(self.console.url + path, timeout=30, **options)  # type: ignore[arg-type]

    def token(self, path: str) -> str:
        found = re.search(r'name="form" value="([0-9a-f]+)"', self.get(path).text)
        assert found is not None, path
        return found[1]

    def post(
        self, path: str, fields: dict[str, object], page: str | None = None, **headers: str
    ) -> requests.Response:
        """Sends the form on `page` (default: the path itself) as a browser does."""
        token = self.token(path if page is None else page)
        return self.session.post(
            self.console.url + path,
            data={"form": token, **fields},
            headers={"Origin": self.console.url, "Sec-Fetch-Site": "same-origin", **headers},
            timeout=60,
        )

    def join(self, link: str, name: str) -> requests.Response:
        path = link.removeprefix(self.console.url)
        token = path.partition("token=")[2]
        fields: dict[str, object] = {
            "token": token,
            "name": name,
            "password": PASSWORD,
            "again": PASSWORD,
        }
        return self.post("/join", fields, page=path)

    def sign_in(self, name: str, password: str = PASSWORD) -> requests.Response:
        return self.post("/login", {"name": name, "password": password, "next": "/"})

    def invite(self, name: str, role: str) -> str:
        answer = self.post("/users", {"name": name, "role": role})
        found = re.search(r"/join\?token=[0-9a-f]+", answer.text)
        assert found is not None, answer.text
        return found[0]

    def close(self) -> None:
        self.session.close()


def people(console: Running) -> dict[str, Visitor]:
    """One signed-in visitor per role, named after the role."""
    admin = Visitor(console)
    assert admin.join(console.join, "admin").status_code == 200
    found = {"admin": admin}
    for role in ROLES[:-1]:
        found[role] = Visitor(console)
        assert found[role].join(admin.invite(role, role), role).status_code == 200
    return found


def prepared(folder: Path, **options: object) -> Path:
    """The folder with a story's log, written in a thread because a browser's driver holds this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(write_story(folder / "audit", **options))).result()  # type: ignore[arg-type]
    return folder
