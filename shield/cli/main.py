"""The console script `shield`: the group of all commands."""

from __future__ import annotations

import os
import sys

import click

import shield
from shield.cli.group import ExitCode, Program
from shield.cli.terminal import drop_output, say

COMMANDS = (
    "serve",
    "console",
    "check",
    "schema",
    "openapi",
    "redact",
    "analyze",
    "audit",
    "keys",
    "evidence",
    "export",
    "diff",
    "top",
    "callers",
)

_EPILOG = """\b
Exit codes:
   0  it worked
   1  it worked, and the answer is no (a log does not verify or add up); or the system refused a file
   2  wrong arguments, an invalid configuration, or a log that cannot be read
   3  the input cannot be processed, or serve cannot use its audit log or a detector; the error's
      code is on standard error
  70  an internal error: a bug in the shield; please report it
 130  interrupted (SIGINT)
 141  whoever read the output is gone (a closed pipe)

\b
Examples:
  shield check -c shield.yaml
  shield serve -c shield.yaml
  echo '{"mail": "maria@example.com"}' | shield redact
  shield audit verify state/audit
  shield evidence reconcile state/audit
"""


@click.group(
    cls=Program,
    commands_in_order={name: f"shield.cli.{name}:{name}" for name in COMMANDS},
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(shield.__version__, prog_name="shield", message="%(prog)s %(version)s")
def cli() -> None:
    """Redact personal data before it reaches the storage of a support platform."""


def main() -> None:
    """Run the command line with the process's arguments and exit."""
    # One thread for matrix products: those of one text are too small to share out, and a pool of spinning
    # threads takes the core from the work. The library reads this when it is first loaded.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    try:
        try:
            cli.main(prog_name="shield")
        finally:
            sys.stdout.flush()  # now, while a failure can still be said
    except BrokenPipeError:
        drop_output()
        sys.exit(ExitCode.CLOSED)
    except OSError as error:
        # Names what the system refused (a file, an address), never its content.
        where = f"{error.filename}: " if error.filename else ""
        say(f"shield: {where}{error.strerror or type(error).__name__}", err=True)
        drop_output()
        sys.exit(ExitCode.NO)
