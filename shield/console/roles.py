"""Roles and their rights."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """The role of a user; `may` lists its rights."""

    VIEWER = "viewer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMIN = "admin"


class Right(enum.Enum):
    """A right that an action needs."""

    READ = "read"  # the pages on the log, the exceptions, policies, keys, receipts
    SAMPLE = "sample"  # draw samples and make reports
    VERIFY = "verify"  # have a log verified now
    TRY = "try"  # try a policy on a text
    ACKNOWLEDGE = "acknowledge"  # acknowledge and resolve exceptions
    SEE_ACCESS = "see access"  # see who looked at what
    ADMINISTER = "administer"  # users


_RIGHTS = {
    Role.VIEWER: {Right.READ},
    Role.AUDITOR: {Right.READ, Right.SAMPLE, Right.VERIFY, Right.TRY, Right.SEE_ACCESS},
    Role.OPERATOR: {Right.READ, Right.VERIFY, Right.TRY, Right.ACKNOWLEDGE},
    Role.ADMIN: set(Right),
}


def may(role: Role, right: Right) -> bool:
    """Whether a role has a right. An auditor does not acknowledge exceptions: whoever judges does not act."""
    return right in _RIGHTS[role]
