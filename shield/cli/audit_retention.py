"""`shield audit prune` and `hold`: how long records are kept, and what must be kept longer."""

# ruff: noqa: PLC0415  imports wait until the command runs: reading must not load the detectors
from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from shield.cli.logs import Moment
from shield.cli.ordering import carry_out, order_options


def _without_personal_data(**words: str) -> None:
    """Refuse words with personal data, as the register does, since they stay in the log for ever."""
    from shield.analyzer.expressions.compiled_store import CompiledStore
    from shield.cli.options import policy_of, settings_of
    from shield.evidence.words import words_inspector

    inspect = words_inspector(policy_of(settings_of(None), None), CompiledStore.of_environment(os.environ))
    for name, text in words.items():
        if types := inspect(text):
            raise click.UsageError(
                f"--{name} contains {', '.join(types)}, which would stay in the log; leave it out"
            )


@click.command()
@order_options
@click.option(
    "--before",
    required=True,
    type=Moment(end_of_day=False),
    help="Keep the records from this time or date on (UTC).",
)
@click.option("--policy", required=True, help="The rule behind it, in a few words. It is recorded.")
def prune(
    *, folder: Path, origins: Sequence[str], config: Path | None, approver: str, before: str, policy: str
) -> None:
    """Remove records that are all older than a time, in whole bundles of 256; the tree stays as it is.

    A record says which, under what policy, and who approved. Proofs, roots and records from the minimum
    index on still hold. Refused while a legal hold is in place. With `audit.retention_months` the proxy
    prunes by itself each hour. While the proxy runs, it carries the order out.

    \b
    Example:
      shield audit prune state/audit --before 2031-01-01 --policy "contract ended" \\
        --approver legal@example.com
    """  # noqa: D301  click reads the backspace, not a backslash
    from shield.audit.orders import Action

    _without_personal_data(policy=policy)
    carry_out(folder, origins, config, Action.PRUNE, before=before, policy=policy, approver=approver)


@click.command()
@click.argument("name", metavar="NAME")
@order_options
@click.option("--reason", required=True, help="The reason, in a few words. It is recorded.")
@click.option("--release", is_flag=True, help="Release the hold instead of placing it.")
def hold(
    name: str,
    *,
    folder: Path,
    origins: Sequence[str],
    config: Path | None,
    approver: str,
    reason: str,
    release: bool,
) -> None:
    """Place the legal hold NAME, or release it: while one is in place, nothing is pruned.

    \b
    Example:
      shield audit hold case-17 state/audit --reason "litigation" --approver legal@example.com
    """  # noqa: D301  click reads the backspace, not a backslash
    from shield.audit.orders import Action

    _without_personal_data(name=name, reason=reason)
    action = Action.RELEASE if release else Action.HOLD
    carry_out(folder, origins, config, action, name=name, reason=reason, approver=approver)
