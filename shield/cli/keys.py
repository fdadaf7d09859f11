"""`shield keys`: make, show, rotate and destroy the keys of the audit log."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the libraries
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from shield.audit.keys import origin_of
from shield.cli.access import access_options, note_access
from shield.cli.logs import FOLDER, UnreadableError, logs_in, readable
from shield.cli.ordering import carry_out, order_options
from shield.cli.terminal import say


@click.group()
def keys() -> None:
    """Make, show, rotate and destroy the keys of the audit log.

    The signing key (Ed25519) signs the log's heads; a digest key (HMAC-SHA256) makes the digests of
    bodies before redaction, one for each period. Where the configuration names none, the shield keeps
    them in DIR/keys, for its own user alone.

    \b
    Examples:
      shield keys show state/audit
      shield keys rotate state/audit --approver security@example.com
    """  # noqa: D301  click reads the backspace, not a backslash


@keys.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--digest", is_flag=True, help="A digest key instead of a signing key.")
def create(file: Path, *, digest: bool) -> None:
    """Write a new key to FILE, readable only by its owner; never overwrites a file.

    Prints the public key of a signing key. To use it: `audit.signing_key: ${file:FILE}`.

    \b
    Examples:
      shield keys create secrets/audit-signing.pem
      shield keys create secrets/audit-digest.key --digest
    """  # noqa: D301  click reads the backspace, not a backslash
    import base64
    import os

    from shield.audit.checkpoint import Signer
    from shield.audit.files import SECRET_MODE
    from shield.audit.keys import KEY_BYTES, new_signing_key, parse_signing_key

    value = b"hex:" + os.urandom(KEY_BYTES).hex().encode() + b"\n" if digest else new_signing_key(os.urandom)
    try:
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, SECRET_MODE)
    except FileExistsError:
        raise UnreadableError(f"{file} exists, and a key is never overwritten; name another file") from None
    with os.fdopen(fd, "wb") as stream:
        stream.write(value)
        stream.flush()
        os.fsync(fd)
    if not digest:
        public = Signer("key", parse_signing_key(value)).key.public_key
        click.echo(base64.b64encode(public).decode())


@keys.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@access_options
def show(folder: Path) -> None:
    """Print the public keys of each log, and the periods that it has digest keys for.

    The line `vkey` is what `--key` of the other commands takes: keep it where the log's host cannot
    write. The command reads no private key.

    \b
    Example:
      shield keys show state/audit
    """  # noqa: D301  click reads the backspace, not a backslash
    from shield.audit.keys import digest_periods
    from shield.audit.rotation import read_history

    with readable():
        readers = logs_in(folder)
        note_access(folder, "keys.show")
        for reader in readers:
            origin = origin_of(reader)
            say(f"origin: {origin}")
            history = read_history(reader)
            if history is not None:
                for link in history.rotations:
                    say(f"retired at record {link.index}: {link.old.vkey}")
                say(f"vkey: {history.current.vkey}")
            periods = digest_periods(reader.folder.parent, origin)
            say(f"digest keys: {', '.join(periods) or 'none here'}")


@keys.command()
@order_options
def rotate(folder: Path, origins: Sequence[str], config: Path | None, approver: str) -> None:
    """Switch to a new signing key, by a record that both keys sign; the old one is then deleted.

    For keys in DIR/keys, also while the proxy runs. A key that the configuration names is rotated
    there: give the new one, the old one as `audit.retired_signing_key`, and restart.

    \b
    Example:
      shield keys rotate state/audit --approver security@example.com
    """  # noqa: D301  click reads the backspace, not a backslash
    from shield.audit.orders import Action

    carry_out(folder, origins, config, Action.ROTATE, approver=approver)


@keys.command()
@click.argument("period", metavar="PERIOD")
@order_options
def destroy(period: str, folder: Path, origins: Sequence[str], config: Path | None, approver: str) -> None:
    """Destroy the digest key of PERIOD (2031-05, 2031-Q2, 2031), which must be over.

    From then on nobody can tell which body a digest of that period was made of: the records stay, and
    the log verifies as before. It is recorded. Copies of the key, such as backups, are yours to erase.

    \b
    Example:
      shield keys destroy 2031-05 state/audit --approver privacy@example.com
    """  # noqa: D301  click reads the backspace, not a backslash
    from shield.audit.orders import Action

    carry_out(folder, origins, config, Action.DESTROY, period=period, approver=approver)
