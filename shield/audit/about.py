"""Drafts of the records that are about the control itself rather than about one request. Pure.

`access`: somebody read, exported or changed evidence. `canary`: values that nobody's are went through
the live path. `read_back`: what was written was read again from where it is stored. None holds text of a
payload, nor an unkeyed hash of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shield.audit.record import Draft, Kind


def access(
    *,
    action: str,
    user: str,
    uid: int,
    login: str,
    name: str,
    via: str,
    host: str,
    log: str,
    start: str | None,
    end: str | None,
    filters: Mapping[str, Sequence[str]],
) -> Draft:
    """That somebody is about to do `action` with the log `log`: a record of its access log only.

    `user` and `uid` are the operating system's, `login` who opened the session where the kernel knows
    (`sudo` does not change it), `name` who they say they are or the console knows them as, `via` the
    door. `start` and `end` are the period that is asked for. `filters` are names of the configuration
    and of records: the caller answers for their holding nothing of a payload.
    """
    return Draft(
        Kind.ACCESS,
        {
            "action": action,
            "user": user,
            "uid": uid,
            "login": login,
            "name": name,
            "via": via,
            "host": host,
            "log": log,
            "from": start,
            "to": end,
            "filters": {name: list(values) for name, values in filters.items()},
        },
    )
