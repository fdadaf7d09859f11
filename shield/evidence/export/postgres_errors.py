"""Explains errors of PostgreSQL, or of reaching it, to the user who runs the export. Pure.

https://www.postgresql.org/docs/current/errcodes-appendix.html. A server's own message may quote values of a
statement, so it is never passed on.
"""

from __future__ import annotations

_TABLE = "its table shield_events has other columns or another key than an export makes: rename it"
_BROKEN = "the connection broke"
_ENDING = "the server is starting, stopping or ended the connection"
_BY_CODE = {
    "25006": "it is read-only, such as a standby",
    "3D000": "there is no such database",
    "3F000": "there is no schema for the table shield_events",
    "42501": "the user may not do this: grant SELECT and INSERT on shield_events, and CREATE on its schema "
    "where the table is to be made",
    "42809": _TABLE,
    "42703": _TABLE,
    "42804": _TABLE,
    "42P10": _TABLE,
    "55000": _TABLE,
    "42P01": "the table shield_events no longer exists",
    "53100": "its disk is full",
    "53200": "it has no memory left",
    "53300": "it has no connection left",
    "57014": "the statement was cancelled, or took longer than the server allows",
}
_BY_CLASS = {
    "08": _BROKEN,
    "22": _TABLE,
    "23": _TABLE,
    "28": "it does not let this user in",
    "40": "others write the same rows",
    "57": _ENDING,
    "58": "the server cannot use one of its files",
    "XX": "the server has an internal error",
}
_BY_EXCEPTION = {
    "ConnectionRefusedError": "nothing listens at this address",
    "ConnectionError": "the connection broke, or the server does not speak TLS",
    "ConnectionResetError": _BROKEN,
    "ConnectionDoesNotExistError": _BROKEN,
    "InterfaceError": _BROKEN,
    "FileNotFoundError": "there is no such socket",
    "PermissionError": "this user may not use its socket",
    "gaierror": "the host name is unknown",
    "TimeoutError": "it did not answer in time",
    "ClientConfigurationError": "the URL or one of its settings is not valid",
    "OverflowError": "the URL or one of its settings is not valid",
    "SSLCertVerificationError": "its certificate is not trusted",
}


def said_of(code: str) -> str:
    """The SQLSTATE (or the exception's name where there is none), and its meaning where that is known."""
    meaning = _BY_CODE.get(code) or _BY_EXCEPTION.get(code) or _BY_CLASS.get(code[:2])
    return f"{code}: {meaning}" if meaning else code
