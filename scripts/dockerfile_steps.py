# ruff: noqa: INP001, T201, S603  a script: it prints, and runs what the Dockerfile says
"""Run the steps of the Dockerfile without a container engine, then the program that it would start.

    python scripts/dockerfile_steps.py [--keep]

Each stage gets an empty folder as its root; absolute paths of the steps are moved below it.
`COPY` obeys `.dockerignore`, `RUN` runs, `COPY --from` takes from the folder of the earlier stage.
Then the entry point is started as the image would start it: under its user id if this runs as
root, with its environment and working folder, in front of a small upstream. It must become healthy by the
image's own health check, forward a ticket without its personal data, write nothing outside its
volume, and stop cleanly on the image's stop signal; and `shield redact` must work without a file.

What this cannot show: that the base image has what the steps use, and that layers are small.
"""

from __future__ import annotations

import argparse
import http.client
import http.server
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HEALTHY_SECONDS = 120.0
STOP_SECONDS = 30.0

_INSTRUCTION = re.compile(r"([A-Z]+)\s+(.*)", re.DOTALL)
# Absolute paths of the image; text after a word, a colon or a slash (a URL, a relative path) is none.
_PATH = re.compile(r"(?<![\w.:/-])/(?:opt|src|etc|var)(?=/)[\w./-]*|(?<![\w.:/-])/src\b")


class StepError(Exception):
    """A step, or what it made, is not as the Dockerfile promises."""


@dataclass(frozen=True)
class Image:
    """What the last stage says about the process to start."""

    env: Mapping[str, str] = field(default_factory=dict)
    user: str = "0"
    workdir: str = "/"
    entrypoint: Sequence[str] = ()
    cmd: Sequence[str] = ()
    health: Sequence[str] = ()
    stop_signal: str = "SIGTERM"
    volumes: Sequence[str] = ()


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The instructions in order, with continuation lines joined and comments removed."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        matched = _INSTRUCTION.fullmatch(line.strip())
        if matched is None:
            raise StepError(f"not an instruction: {line}")
        yield matched[1], matched[2]


def ignored(path: str, patterns: Sequence[str]) -> bool:
    """Whether `.dockerignore` excludes `path` (relative) from the build's context: the last match decides."""
    parts = path.split("/")
    names = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    out = False
    for pattern in patterns:
        body = pattern.removeprefix("!").strip("/")
        translated = re.escape(body).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(translated, name) for name in names):
            out = not pattern.startswith("!")
    return out


class Build:
    """The stages' folders. The stage being built is always at `root`: scripts hold their own path."""

    def __init__(self, folder: Path, python: str, owner: str) -> None:
        self.root = folder / "root"
        self._folder = folder
        self._python = python
        self._owner = owner
        self._stages: dict[str, Path] = {}
        self._stage = ""
        self._image = Image()
        ignore = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        self._ignore = [line.strip() for line in ignore if line.strip() and not line.startswith("#")]

    def run(self, text: str) -> Image:
        """Run all instructions; return what the last stage says. Raises StepError."""
        for name, rest in instructions(text):
            print(f"--> {name} {rest[:100]}", flush=True)
            step = getattr(self, f"_{name.lower()}", None)
            if step is None:
                raise StepError(f"this script does not know {name}")
            step(rest)
        return self._image

    def placed(self, text: str) -> str:
        """The text with the image's absolute paths moved below `root`."""
        return _PATH.sub(lambda path: f"{self.root}{path[0]}", text)

    def at(self, path: str) -> Path:
        absolute = Path(self._image.workdir) / path
        return self.root / absolute.relative_to("/")

    def _from(self, rest: str) -> None:
        if self._stage:
            self._stages[self._stage] = self._folder / f"stage-{self._stage}"
            self.root.rename(self._stages[self._stage])
        self._stage = rest.split(" AS ")[1] if " AS " in rest else "last"
        self._image = Image()
        self.root.mkdir()

    def _workdir(self, rest: str) -> None:
        self._image = replace(self._image, workdir=rest)
        self.at(rest).mkdir(parents=True, exist_ok=True)

    def _env(self, rest: str) -> None:
        pairs = dict(pair.split("=", 1) for pair in shlex.split(rest))
        self._image = replace(self._image, env={**self._image.env, **pairs})

    def _run(self, rest: str) -> None:
        tools = self._folder / "tools"
        tools.mkdir(exist_ok=True)
        if not (tools / "python3").exists():
            (tools / "python3").symlink_to(self._python)
        command = self.placed(rest).replace("-o 10001 -g 10001", self._owner)
        environment = {**os.environ, **self._image.env, "PATH": f"{tools}:/usr/bin:/bin", "HOME": str(tools)}
        for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"):
            environment.pop(name, None)
        done = subprocess.run(["/bin/sh", "-c", command], cwd=self.at("."), env=environment, check=False)
        if done.returncode:
            raise StepError(f"RUN ended with exit code {done.returncode}")

    def _copy(self, rest: str) -> None:
        words = shlex.split(rest)
        flags = dict(word[2:].split("=", 1) for word in words if word.startswith("--"))
        *sources, target = [word for word in words if not word.startswith("--")]
        for source in sources:
            origin = self._stages[flags["from"]] / source.lstrip("/") if "from" in flags else PROJECT / source
            into = self.at(target) / origin.name if target.endswith("/") else self.at(target)
            if not origin.exists():
                raise StepError(f"COPY: {source} is not there")
            if "from" in flags:
                shutil.copytree(origin, into, symlinks=True)
                self._own(into, flags.get("chown"))
            else:
                self._copy_context(origin, into)

    def _copy_context(self, origin: Path, into: Path) -> None:
        # A link to a folder is copied as the link it is, like any other.
        below = origin.rglob("*")
        files = [origin] if origin.is_file() else [it for it in below if it.is_file() or it.is_symlink()]
        kept = [path for path in files if not ignored(path.relative_to(PROJECT).as_posix(), self._ignore)]
        if not kept:
            raise StepError(f"COPY: .dockerignore leaves nothing of {origin.relative_to(PROJECT)}")
        for path in kept:
            placed = into if origin.is_file() else into / path.relative_to(origin)
            placed.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, placed, follow_symlinks=False)

    def _own(self, path: Path, owner: str | None) -> None:
        if owner is not None and os.geteuid() == 0:
            user, group = owner.split(":")
            shutil.chown(path, int(user), int(group))

    def _user(self, rest: str) -> None:
        self._image = replace(self._image, user=rest)

    def _volume(self, rest: str) -> None:
        self._image = replace(self._image, volumes=json.loads(rest))

    def _expose(self, rest: str) -> None:
        """Do nothing: `EXPOSE` only documents ports."""

    def _stopsignal(self, rest: str) -> None:
        self._image = replace(self._image, stop_signal=rest)

    def _healthcheck(self, rest: str) -> None:
        self._image = replace(self._image, health=json.loads(rest.split("CMD", 1)[1]))

    def _entrypoint(self, rest: str) -> None:
        self._image = replace(self._image, entrypoint=json.loads(rest))

    def _cmd(self, rest: str) -> None:
        self._image = replace(self._image, cmd=json.loads(rest))


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers 201 to every POST and keeps the last body on the server."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.received = self.rfile.read(length)  # type: ignore[attr-defined]  # set by who makes the server
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Keep quiet."""


def listing(root: Path, without: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Size and change time of each file below `root`, except in the volumes."""
    skipped = [root / volume.lstrip("/") for volume in without]
    return {
        str(path.relative_to(root)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in root.rglob("*")
        if not any(path.is_relative_to(volume) for volume in skipped)
    }


def start_and_check(build: Build, image: Image) -> None:
    """Start what the image starts and check the promises in the module's docstring."""
    for port in (8080, 9090):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise StepError(f"port {port} is taken; stop what listens there")
    upstream = http.server.HTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    environment = {name: build.placed(value) for name, value in image.env.items()}
    environment |= {
        "SHIELD_UPSTREAM_URL": f"http://127.0.0.1:{upstream.server_port}",
        "PATH": "/usr/bin:/bin",
    }
    identity: dict[str, int | list[int]] = {}
    if os.geteuid() == 0:
        user, group = image.user.split(":")
        identity = {"user": int(user), "group": int(group), "extra_groups": []}
    else:
        print("skipped: the image's user id, which only root can take on", flush=True)
    before = listing(build.root, image.volumes)
    command = [build.placed(word) for word in (*image.entrypoint, *image.cmd)]
    print("--> start:", shlex.join(command), flush=True)
    process = subprocess.Popen(command, cwd=build.at("."), env=environment, **identity)  # type: ignore[call-overload]  # user and group, or nothing
    try:
        wait_until_healthy(process, [build.placed(word) for word in image.health], environment)
        post_ticket(upstream)
    finally:
        process.send_signal(getattr(signal, image.stop_signal))
        code = process.wait(STOP_SECONDS)
        upstream.shutdown()
    if code:
        raise StepError(f"it stopped with exit code {code}")
    changed = listing(build.root, image.volumes).items() ^ before.items()
    if changed:
        raise StepError(f"it wrote outside its volume: {sorted({name for name, _ in changed})[:5]}")


def wait_until_healthy(
    process: subprocess.Popen[bytes], health: Sequence[str], environment: Mapping[str, str]
) -> None:
    """Run the image's health check until it succeeds."""
    until = time.monotonic() + HEALTHY_SECONDS
    while True:
        if process.poll() is not None:
            raise StepError(f"it ended with exit code {process.returncode}")
        check = subprocess.run(health, env=environment, stderr=subprocess.DEVNULL, check=False)
        if check.returncode == 0:
            print("--> healthy", flush=True)
            return
        if time.monotonic() > until:
            raise StepError(f"not healthy within {HEALTHY_SECONDS:.0f} s")
        time.sleep(0.5)


def post_ticket(upstream: http.server.HTTPServer) -> None:
    """Send one ticket through the running proxy: it is accepted, and its card number does not come out."""
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30)
    body = json.dumps({"subject": "Refund", "body": "Card 4111 1111 1111 1111, maria@example.com"})
    connection.request("POST", "/api/tickets", body, {"Content-Type": "application/json"})
    status = connection.getresponse().status
    received = getattr(upstream, "received", b"")
    if status != http.HTTPStatus.CREATED or not received:
        raise StepError(f"the ticket was answered {status}")
    if b"4111" in received or b"maria@" in received:
        raise StepError("the upstream got personal data")
    print(f"--> forwarded: {received.decode()}", flush=True)


def redact_without_configuration(build: Build, image: Image) -> None:
    """Check that `shield redact` needs no file: the installed package has its default configuration."""
    command = [build.placed(word) for word in image.entrypoint] + ["redact", "--type", "text/plain"]
    done = subprocess.run(command, input=b"maria@example.com", capture_output=True, cwd="/", check=False)
    if done.returncode or b"maria" in done.stdout:
        raise StepError(f"redact ended with exit code {done.returncode}: {done.stderr.decode()}")
    print(f"--> redacted: {done.stdout.decode()}", flush=True)


def readable_python() -> str:
    """A Python 3.11 or newer that another user id can run too; else the current one."""
    check = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    candidates = [shutil.which(name) for name in ("python3", "python3.11", "python3.12", "python3.13")]
    for candidate in [*candidates, "/usr/local/bin/python3", "/usr/bin/python3.11", "/usr/bin/python3.12"]:
        if candidate is None or not Path(candidate).exists():
            continue
        identity = {"user": 10001, "group": 10001, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            done = subprocess.run(
                [str(Path(candidate).resolve()), "-c", check],
                cwd="/",
                env={"PATH": "/usr/bin:/bin"},
                stderr=subprocess.DEVNULL,
                check=False,
                **identity,  # type: ignore[call-overload]  # user and group, or nothing
            )
        except OSError:
            continue
        if done.returncode == 0:
            return str(Path(candidate).resolve())
    return sys.executable


def main() -> int:
    """Exit code 0 when every step ran and every promise held."""
    parser = argparse.ArgumentParser(description="Run the Dockerfile's steps without a container engine.")
    parser.add_argument("--keep", action="store_true", help="leave the folders and print where they are")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="shield-image-"))
    folder.chmod(0o755)  # the image's user must be able to enter it
    owner = "-o 10001 -g 10001" if os.geteuid() == 0 else ""
    try:
        build = Build(folder, readable_python(), owner)
        image = build.run((PROJECT / "Dockerfile").read_text(encoding="utf-8"))
        start_and_check(build, image)
        redact_without_configuration(build, image)
    except (StepError, OSError, subprocess.TimeoutExpired) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    finally:
        if options.keep:
            print(f"left in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("the Dockerfile's steps ran, and what they made works")
    return 0


if __name__ == "__main__":
    sys.exit(main())
