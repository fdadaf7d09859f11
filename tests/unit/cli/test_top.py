"""`shield top` against a real listener with the real series, and against servers that are not a shield."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import CollectorRegistry, generate_latest
from rich.console import Console

from shield.cli.main import cli
from shield.cli.top import screen
from shield.telemetry.metrics import Metrics, Outcome
from shield.telemetry.window import Scrape, Window


class Admin(http.server.ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.metrics = Metrics(CollectorRegistry())
        self.metrics.configuration.build("0.0.1", "3.11")
        self.route = self.metrics.route("tickets", bypass_reasons=["deadline_exceeded"])
        self.page: bytes | None = None
        self.status = 200
        self.credentials: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Pages(http.server.BaseHTTPRequestHandler):
    server: Admin

    def do_GET(self) -> None:
        server = self.server
        server.credentials.append(self.headers["Authorization"])
        # Something happens between two scrapes.
        server.route.requests[Outcome.REDACTED].inc(5)
        server.route.added_latency.observe(0.004)
        server.metrics.bypass("tickets", "deadline_exceeded")
        server.metrics.findings.found("tickets", "PERSON", "replace", "R")
        self.send_response(server.status)
        self.end_headers()
        self.wfile.write(generate_latest(server.metrics.registry) if server.page is None else server.page)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def admin() -> Iterator[Admin]:
    server = Admin()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_one_look_is_printed_in_lines_for_programs(admin: Admin) -> None:
    done = CliRunner().invoke(cli, ["top", admin.url, "--interval", "10ms"])
    assert done.exit_code == 0, done.output
    lines = dict(line.rsplit("\t", 1) for line in done.output.splitlines())
    assert float(lines["traffic\trequests/s"].replace(",", "")) > 0
    assert lines["traffic\tadded p99"].endswith("ms")
    assert float(lines["protection\tbypasses/s"].replace(",", "")) > 0
    assert lines["evidence\taudit log"] == "writable"
    assert "requests/s by route and outcome\ttickets redacted" in lines
    assert "findings/s by type and operator\tPERSON replace" in lines


@pytest.mark.parametrize(
    ("status", "page", "message"),
    [
        (503, b"", "answered 503"),
        (401, b"", "answered 401; give a caller's API key with --key"),
        (200, b"<html>hello</html>", "is not metrics"),
        (200, b"up 1\n", "this is not a shield"),
    ],
)
def test_what_is_no_shield_is_said(admin: Admin, status: int, page: bytes, message: str) -> None:
    admin.status, admin.page = status, page
    done = CliRunner().invoke(cli, ["top", admin.url, "--once"])
    assert (done.exit_code, message in done.output) == (1, True)


def test_of_an_answer_without_end_no_more_is_read_than_metrics_can_be(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shield.cli.top._MOST", 1000)
    done = CliRunner().invoke(cli, ["top", admin.url, "--once"])
    assert done.exit_code == 1
    assert "the answer is too long for metrics" in done.output


def test_an_instance_none_of_whose_workers_is_up_is_shown(admin: Admin) -> None:
    admin.page = b'shield_workers_wanted 2\nshield_workers{state="ready"} 0\n'
    done = CliRunner().invoke(cli, ["top", admin.url, "--once", "--interval", "10ms"])
    lines = done.output.splitlines()
    assert done.exit_code == 0, done.output
    assert "process\tworkers\t0 of 2" in lines
    assert "evidence\taudit log\t-" in lines


def test_no_terminal_obeys_a_label(admin: Admin) -> None:
    admin.page = b'shield_build_info 1\nshield_refusals_total{code="a\x1b]0;owned\x07"} 1\n'
    done = CliRunner().invoke(cli, ["top", admin.url, "--once", "--interval", "10ms"])
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.output


@pytest.mark.parametrize("url", ["ftp://x", "http://"])
def test_a_url_that_is_none_is_a_usage_error(url: str) -> None:
    assert CliRunner().invoke(cli, ["top", url]).exit_code == 2


def test_nobody_listening_is_said() -> None:
    done = CliRunner().invoke(cli, ["top", "http://127.0.0.1:1", "--once"])
    assert (done.exit_code, "refused" in done.output) == (1, True)


def test_the_screen_shows_what_wants_to_be_looked_at(admin: Admin) -> None:
    before = Scrape.parse(generate_latest(admin.metrics.registry).decode())
    admin.metrics.bypass("tickets", "deadline_exceeded")
    admin.metrics.audit.watch(lambda: False, lambda: None)
    after = Scrape.parse(generate_latest(admin.metrics.registry).decode())
    console = Console(record=True, width=160, force_terminal=True)
    with console.capture() as capture:
        console.print(screen(Window(before, after, 1.0), admin.url))
    text = capture.get()
    assert "FAILED" in text
    assert "bypasses/s" in text
    assert "0.0.1" in text


def test_a_key_is_sent_and_never_shown(admin: Admin, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("shield_a-key\nmore\n")
    done = CliRunner().invoke(cli, ["top", admin.url, "--once", "--interval", "10ms", "--key", str(file)])
    assert done.exit_code == 0, done.output
    assert admin.credentials == ["Bearer shield_a-key"] * 2
    admin.status = 403
    done = CliRunner().invoke(cli, ["top", admin.url, "--once", "--key", str(file)])
    assert (done.exit_code, "shield_a-key" in done.output) == (1, False)


@pytest.mark.parametrize("line", ["two words\n", "caf\u00e9\n"])
def test_what_is_no_key_is_refused(admin: Admin, tmp_path: Path, line: str) -> None:
    file = tmp_path / "key"
    file.write_text(line, encoding="utf-8")
    done = CliRunner().invoke(cli, ["top", admin.url, "--once", "--key", str(file)])
    assert done.exit_code == 2
    assert admin.credentials == []
