"""`shield evidence sample`: requests chosen by the auditor's seed, with their proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from shield.cli.access import access_options, note_access
from shield.cli.evidence_options import period_options, request_logs
from shield.cli.logs import FOLDER, readable
from shield.evidence.reading import Period
from shield.evidence.sample_pack import SampleRequest, write_sample
from shield.evidence.sampling import STRATIFIERS


class Names(click.ParamType[tuple[str, ...]]):
    """Names of record fields, with commas between them."""

    name = "names"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        for name in names:
            if name not in STRATIFIERS:
                self.fail(f"{name!r} is not one of {', '.join(STRATIFIERS)}", param, ctx)
        return names


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--size", type=click.IntRange(min=1), required=True, help="How many requests to choose.")
@click.option(
    "--seed",
    required=True,
    help="Seed of the sample: the auditor's own, chosen after the period. Any line of text.",
)
@click.option(
    "--stratify",
    type=Names(),
    default="",
    help=f"Stratify the sample by these: {', '.join(STRATIFIERS)}.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A new or empty folder for the sample.",
)
@access_options
def sample(
    folder: Path,
    *,
    period: Period,
    size: int,
    seed: str,
    stratify: tuple[str, ...],
    out: Path,
) -> None:
    """Choose requests by a seed and write them with all that is needed to check them.

    The same seed on the same log gives the same sample, here or with sha256sum and sort: VERIFY.md in
    the folder that is written says how. Requests beyond the newest signed head are not in the population.

    \b
    Example:
      shield evidence sample state/audit --from 2031-05-01 --to 2031-05-31 --size 25 \\
        --seed "dice 4 1 6 2 2 5" --stratify route,decision --out sample
    """  # noqa: D301  click reads the backspace, not a backslash
    with readable():
        request = SampleRequest(period, size, seed, stratify)
        sources = request_logs(folder)
        note_access(folder, "evidence.sample", period, size=str(size), stratify=stratify)
        result = write_sample(sources, request, out)
    click.echo(f"{len(result.chosen)} of {result.population} requests chosen: {out}")
    if result.beyond_head:
        click.echo(f"note: {result.beyond_head} requests are beyond the newest signed head", err=True)
    click.echo(f"check it: see {out / 'VERIFY.md'}")
