"""Finds configured anchors that cannot work, before anything is given to them. Reads their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shield.audit.checkpoint import CheckpointError
from shield.audit.timestamping import TimestampError, parse_roots
from shield.audit.witness import WitnessKey
from shield.config.settings_audit import Anchor, AnchorForm
from shield.config_codes import ProblemCode
from shield.errors import ConfigError


def anchor_problems(anchors: Sequence[Anchor]) -> Iterator[tuple[str, str, str]]:
    """(name, key, what is wrong) of each anchor with invalid witness keys or root certificates."""
    for anchor in anchors:
        try:
            if anchor.form is AnchorForm.WITNESS:
                WitnessKey.parse(anchor.key)
            elif anchor.roots is not None:
                parse_roots(anchor.roots.read_bytes())
        except CheckpointError as error:
            yield anchor.name, "key", str(error)
        except TimestampError as error:
            yield anchor.name, "certificates", str(error)
        except OSError as error:
            yield anchor.name, "certificates", f"the file cannot be read: {error.strerror}"


def check_anchors(anchors: Sequence[Anchor]) -> None:
    """Raises `ConfigError` for the first problem."""
    for name, key, what in anchor_problems(anchors):
        raise ConfigError(ProblemCode.ANCHOR_UNUSABLE, f"audit.anchors.{name}.{key}: {what}")
