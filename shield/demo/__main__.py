"""`make demo`: the quick start's stack, one shot, on free ports and in a temporary folder.

Sends every sample of `config/quickstart/` through the proxy, shows what was stored of it, and ends
with exit code 0 only if each was accepted, no planted value is in any row of the store, in the audit
log or in the proxy's own log, the store gave back what was forwarded wherever it was read back, the
audit log verifies, and the proxy stopped cleanly.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.text import Text

from shield.audit.files import FolderReader
from shield.audit.record import Kind
from shield.demo.database import Item
from shield.demo.journey import Journey, Traveller
from shield.demo.leaks import planted_bytes, stored_values
from shield.demo.report import show_journey, show_totals
from shield.demo.samples import Sample, SamplesError, load_samples
from shield.demo.stack import ProxyProcess, StackError, derived_configuration, free_ports
from shield.demo.store import running_store
from shield.demo.until_told import run_until_told
from shield.evidence.reading import entries
from shield.telemetry.attestation_series import ReadResult

STOPPED = 130
"""The exit code after Ctrl-C, as in shells."""

_PIPED_WIDTH = 120


async def demonstrate(samples: Sequence[Sample], configuration: str, folder: Path, console: Console) -> bool:
    """Run the stack in `folder` over the samples; whether all that the module's docstring says holds."""
    proxy_port, admin_port = free_ports(2)
    file, log, evidence = folder / "demo.yaml", folder / "proxy.log", folder / "audit"
    async with running_store(folder / "store.sqlite3", access_log=folder / "store.log") as (
        store,
        store_port,
    ):
        file.write_text(
            derived_configuration(
                configuration,
                proxy_port=proxy_port,
                admin_port=admin_port,
                store_port=store_port,
                audit_directory=evidence,
                anchors=folder / "anchors",
            ),
            encoding="utf-8",
        )
        admin_url = f"http://127.0.0.1:{admin_port}"
        with log.open("wb") as output:
            proxy = await ProxyProcess.start(file, admin_url, output)
        try:
            with console.status("starting the proxy"):
                await proxy.ready()
            async with aiohttp.ClientSession() as session:
                traveller = Traveller(
                    session, f"http://127.0.0.1:{proxy_port}", admin_url, f"http://127.0.0.1:{store_port}"
                )
                journeys = [await _travel(traveller, sample, console) for sample in samples]
                await traveller.read_back()
        except (StackError, aiohttp.ClientError, TimeoutError):
            console.print(Text(log.read_text(encoding="utf-8", errors="replace")))
            raise
        finally:
            code = await proxy.stop()
        items = await store.items()
    show_totals(console, journeys)
    verified = await _verified(evidence, console)
    planted = sorted({value for sample in samples for value in sample.planted})
    read_back = _read_back(evidence)
    return all(
        [
            _report(console, _refused(journeys), "samples stored", len(journeys)),
            _report(console, _in_rows(planted, items), "planted values absent from the store", len(planted)),
            _report(
                console,
                _in_files(planted, folder),
                "planted values absent from the audit log, the proxy's log and the database file",
                len(planted),
            ),
            _report(
                console,
                [f"{result} {number}" for result, number in read_back.items() if result != ReadResult.MATCH],
                "tickets read back from the store as they were forwarded",
                read_back.total(),
            ),
            _report(console, [] if verified else ["see above"], "audit log verified", 1),
            _report(console, [f"exit code {code}"] if code else [], "proxy stopped cleanly", 1),
        ]
    )


async def _until(
    samples: Sequence[Sample], configuration: str, folder: Path, console: Console, told: asyncio.Event
) -> int:
    """Run `demonstrate` until told to stop: then the proxy is stopped, and there is no verdict."""
    work = asyncio.create_task(demonstrate(samples, configuration, folder, console))
    asked = asyncio.create_task(told.wait())
    await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if work.done():
        return 0 if work.result() else 1
    work.cancel()
    await asyncio.wait({work})
    if not work.cancelled():
        work.result()
    return STOPPED


async def _travel(traveller: Traveller, sample: Sample, console: Console) -> Journey:
    journey = await traveller.send(sample)
    show_journey(console, journey, stored_values(sample.planted, journey.stored))
    return journey


def _refused(journeys: Iterable[Journey]) -> list[str]:
    return [
        f"{journey.sample.name} answered {journey.status}" for journey in journeys if not journey.accepted
    ]


def _in_rows(planted: Sequence[str], items: Iterable[Item]) -> list[str]:
    return [
        f"{value} in {item.collection}/{item.number}"
        for item in items
        for value in stored_values(planted, item.body, item.content_encoding)
    ]


def _in_files(planted: Sequence[str], folder: Path) -> list[str]:
    """Search the raw bytes of every file that the run left, including those in no known format."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        f"{value} in {path.relative_to(folder)}"
        for path in files
        for content in (path.read_bytes(),)
        for value in planted
        if any(form in content for form in planted_bytes(value))
    ]


def _read_back(evidence: Path) -> Counter[str]:
    """The results of the read-backs, counted from the audit log."""
    return Counter(
        entry.fields["result"]
        for log in sorted(evidence.iterdir())
        if log.is_dir()
        for entry in entries(FolderReader(log))
        if entry.kind == Kind.READ_BACK
    )


async def _verified(evidence: Path, console: Console) -> bool:
    """Run `shield audit verify` on the log that the run left, as an auditor would."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shield",
        "audit",
        "verify",
        str(evidence),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    console.print(Text("$ shield audit verify", style="bold"))
    console.print(Text(output.decode("utf-8", errors="replace")), soft_wrap=True)
    return process.returncode == 0


def _report(console: Console, failures: Sequence[str], what: str, total: int) -> bool:
    """Print one line of the verdict; True without failures."""
    if not failures:
        console.print(Text.assemble(("ok    ", "bold green"), f"{what} ({total})"), soft_wrap=True)
        return True
    console.print(Text.assemble(("FAIL  ", "bold red"), f"{what}: ", "; ".join(failures)), soft_wrap=True)
    return False


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder to work in: the one to keep, or a temporary one."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="shield-demo-") as folder:
        yield Path(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when all held, 1 when something did not, 2 for unusable samples, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m shield.demo", description="Send the samples through the shield and show the outcome."
    )
    parser.add_argument("--config", type=Path, default=Path("config/quickstart.yaml"))
    parser.add_argument("--samples", type=Path, default=Path("config/quickstart"))
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="work in this folder and leave it: the audit log in audit/, its anchor's rosters in anchors/, "
        "the store's own access log in store.log, the proxy's in proxy.log; a second run goes on with it",
    )
    options = parser.parse_args(arguments)
    # A pipe has no width; two columns need more than the 80 that rich would assume.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
    try:
        samples = load_samples(options.samples)
        configuration = options.config.read_text(encoding="utf-8")
    except (SamplesError, OSError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    with _folder(options.keep) as folder:
        try:
            return run_until_told(partial(_until, samples, configuration, folder, console))
        except (StackError, aiohttp.ClientError, TimeoutError) as error:
            parser.exit(1, f"{parser.prog}: {error or type(error).__name__}\n")


if __name__ == "__main__":
    raise SystemExit(main())
