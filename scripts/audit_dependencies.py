# ruff: noqa: INP001  a script, run by its path
"""Looks for known vulnerabilities of the runtime dependencies: pip-audit over requirements/runtime.lock.

Run by `make audit`. Exits 0 where none is known, 1 where some are, 3 where the advisories cannot be reached
over the network: then it is unknown whether there are vulnerabilities.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path("requirements/runtime.lock")
NOT_ASKED = 3


def main() -> int:
    """Print a line for each finding; return the exit code."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--disable-pip", "--require-hashes"]
    done = subprocess.run(  # noqa: S603  our own command line
        [*command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        sys.stdout.write(f"the advisories could not be asked: {reason}\n")
        return NOT_ASKED
    asked = [entry for entry in found if "skip_reason" not in entry]
    bad = [(entry, flaw) for entry in asked for flaw in entry["vulns"]]
    for entry, flaw in bad:
        fixed = ", ".join(flaw["fix_versions"]) or "no version yet"
        sys.stdout.write(f"{entry['name']} {entry['version']}: {flaw['id']}, mended in {fixed}\n")
    sys.stdout.write(f"{len(asked)} of {len(found)} packages audited, {len(bad)} known vulnerabilities\n")
    if bad:
        return 1
    return 0 if len(asked) == len(found) else NOT_ASKED


if __name__ == "__main__":
    raise SystemExit(main())
