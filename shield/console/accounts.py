"""Users, their roles, invitations and sessions, in one SQLite file in the console's folder.

A thief of the file gets names, roles and argon2id hashes. Tokens (sessions, invitations) are stored as
SHA-256 of 32 random bytes, so none can be used from the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shield.console.failures import TABLE, Failures
from shield.console.roles import Role
from shield.console.store import Store

MIN_PASSWORD = 12
MAX_PASSWORD = 1024
INVITATION_SECONDS = 86_400.0
SET_BACK = 60.0
"""By how much a clock is set back in the ordinary way. What lies further ahead was dated by a wrong clock: a
session or an invitation of then is void, since it would not end before that time."""
_TOKEN_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")


class AccountError(Exception):
    """An action on an account that is not possible. The message is for the user who asked."""


class LockedError(AccountError):
    """Too many failed attempts; `seconds` until the next one is accepted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many failed attempts; try again in {max(1, round(seconds))} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class User:
    """A user. `local`: has a password here; otherwise the OpenID provider vouches for the user."""

    name: str
    role: Role
    local: bool = True
    disabled: bool = False
    created: float = 0.0
    seen: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user. Forms are bound to `id`, which is no token."""

    user: User
    id: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """`name` is fixed where an admin invited somebody, and empty for the first admin."""

    name: str
    role: Role


_TABLES = """
CREATE TABLE IF NOT EXISTS users(
    name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, password TEXT,
    disabled INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL, seen REAL, subject TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions(
    token BLOB PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, created REAL NOT NULL, seen REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitations(
    token BLOB PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, role TEXT NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
"""


class Accounts:
    """All threads share one; each call is one short transaction.

    `clock` is seconds since 1970, `random` gives that many bytes. A session ends after `session_seconds`, or
    `idle_seconds` without use.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        session_seconds: float,
        idle_seconds: float,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._store = Store(path, _TABLES + TABLE)
        self._store.add_column("users", "subject", "TEXT")
        self._all, self._one = self._store.all, self._store.one
        self._failures = Failures(self._store, clock)
        self._clock = clock
        self._random = random
        self._session_seconds = session_seconds
        self._idle_seconds = idle_seconds
        self._hasher = hasher or PasswordHasher()
        # Compared with for an unknown name, so that it takes as long as a known one.
        self._nobody = self._hasher.hash(random(_TOKEN_BYTES).hex())

    def close(self) -> None:
        self._store.close()

    # Users.

    def empty(self) -> bool:
        """Whether nobody can sign in by password yet."""
        return self._one("SELECT 1 FROM users WHERE password IS NOT NULL") is None

    def users(self) -> list[User]:
        return [
            _user(row)
            for row in self._all(
                "SELECT name, role, password, disabled, created, seen FROM users ORDER BY name"
            )
        ]

    def user(self, name: str) -> User | None:
        row = self._one(
            "SELECT name, role, password, disabled, created, seen FROM users WHERE name = ?", name
        )
        return None if row is None else _user(row)

    def change(self, name: str, *, role: Role, disabled: bool, by: str) -> None:
        """Raises `AccountError` for an unknown user, for oneself, and for the last admin.

        A user of the provider who was disabled and is no longer is whoever signs in by that name next.
        """
        with self._store.lock:
            user = self.user(name)
            if user is None:
                raise AccountError("there is no such user")
            if user.name.lower() == by.lower():
                raise AccountError("you cannot change your own role; ask another admin")
            self._all("UPDATE users SET role = ?, disabled = ? WHERE name = ?", role.value, disabled, name)
            if user.disabled and not disabled:
                self._all("UPDATE users SET subject = NULL WHERE name = ?", name)
            if disabled or role is not user.role:
                self._all("DELETE FROM sessions WHERE name = ?", name)

    def sign_in_elsewhere(self, name: str, role: Role, issuer: str, sub: str) -> str:
        """Starts a session for a user whom the OpenID provider vouches for; returns its token.

        The provider tells its users apart by `sub` alone and may give a name to another one (OpenID Connect
        Core, 5.7). So a name belongs to the first that came with it, as long as the issuer is the same.
        Raises `AccountError` for a name that is malformed, another's, or has a password here, and for whoever
        is disabled under any name.
        """
        _check_name(name)
        subject = f"{issuer} {sub}"
        with self._store.lock:
            user = self.user(name)
            if (user is not None and user.local) or self._is_disabled(name, subject):
                raise AccountError("this user may not sign in this way")
            if self._one(
                "SELECT 1 FROM users WHERE name = ? AND subject != ? AND substr(subject, 1, ?) = ?",
                name,
                subject,
                len(issuer) + 1,
                f"{issuer} ",
            ):
                raise AccountError("another account of the provider has this name here; ask an admin")
            self._all(
                "INSERT INTO users(name, role, created, subject) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET role = excluded.role, subject = excluded.subject",
                name,
                role.value,
                self._clock(),
                subject,
            )
            return self._new_session(name)

    def _is_disabled(self, name: str, subject: str) -> bool:
        found = self._one("SELECT 1 FROM users WHERE disabled AND (name = ? OR subject = ?)", name, subject)
        return found is not None

    # Invitations.

    def invite(self, name: str, role: Role) -> str:
        """The token of a new invitation; it voids an earlier one of that name. Empty name: the first admin.

        Raises `AccountError` for a malformed or taken name.
        """
        if name:
            _check_name(name)
            user = self.user(name)
            if user is not None and not user.local:
                raise AccountError("this user signs in through the OpenID provider")
        token = self._random(_TOKEN_BYTES)
        with self._store.lock:
            now = self._clock()
            self._all(
                "DELETE FROM invitations WHERE name = ? OR expires < ? OR expires > ?",
                name,
                now,
                now + INVITATION_SECONDS + SET_BACK,
            )
            self._all(
                "INSERT INTO invitations VALUES (?, ?, ?, ?)",
                sha256(token).digest(),
                name,
                role.value,
                now + INVITATION_SECONDS,
            )
        return token.hex()

    def invitation(self, token: str) -> Invitation | None:
        """The invitation of a token; None where it is void."""
        row = self._one("SELECT name, role, expires FROM invitations WHERE token = ?", _digest(token))
        if row is None or not 0 <= float(str(row[2])) - self._clock() <= INVITATION_SECONDS + SET_BACK:
            return None
        return Invitation(str(row[0]), Role(str(row[1])))

    def accept(self, token: str, name: str, password: str) -> str:
        """Use up an invitation and set the user's password. Returns the token of a session.

        Raises `AccountError` (void, a name that is taken or malformed, a password that is too short).
        """
        check_password(name, password)
        hashed = self._hasher.hash(password)
        with self._store.lock:
            invitation = self.invitation(token)
            if invitation is None or (not invitation.name and not self.empty()):
                raise AccountError("this link was already used or has expired; ask for a new one")
            if invitation.name:
                name = invitation.name
            _check_name(name)
            if not invitation.name and self.user(name) is not None:
                raise AccountError("this name is taken")
            now = self._clock()
            self._all("DELETE FROM invitations WHERE token = ?", _digest(token))
            self._all("DELETE FROM sessions WHERE name = ?", name)
            self._all(
                "INSERT INTO users(name, role, password, created) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET role = excluded.role, password = excluded.password, disabled = 0",
                name,
                invitation.role.value,
                hashed,
                now,
            )
            return self._new_session(name)

    # Passwords.

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new session. Takes a tenth of a second: do not call it in an event loop.

        Raises `LockedError`, and `AccountError` that does not tell whether the name or the password was
        wrong. A guess while locked out is not checked.
        """
        if (wait := self._failures.wait(name, address)) > 0:
            raise LockedError(wait)
        row = self._one("SELECT name, password, disabled FROM users WHERE name = ?", name)
        hashed = str(row[1]) if row is not None and row[1] is not None else self._nobody
        try:
            good = self._hasher.verify(hashed, password[:MAX_PASSWORD]) and row is not None and not row[2]
        except (VerificationError, InvalidHashError):
            good = False
        if not good or row is None:
            self._failures.add(name, address)
            raise AccountError("the name or the password is wrong")
        with self._store.lock:
            self._failures.forget(name, address)
            if self._hasher.check_needs_rehash(hashed):
                self._all("UPDATE users SET password = ? WHERE name = ?", self._hasher.hash(password), name)
            return self._new_session(str(row[0]))

    def change_password(self, session: Session, old: str, new: str, address: str) -> str:
        """Change the password, end all of the user's sessions, return a new token. Raises as `sign_in`."""
        check_password(session.user.name, new)
        self.sign_in(session.user.name, old, address)
        hashed = self._hasher.hash(new)
        with self._store.lock:
            self._all("UPDATE users SET password = ? WHERE name = ?", hashed, session.user.name)
            self._all("DELETE FROM sessions WHERE name = ?", session.user.name)
            return self._new_session(session.user.name)

    # Sessions.

    def _new_session(self, name: str) -> str:
        token = self._random(_TOKEN_BYTES)
        now = self._clock()
        self._all(
            "DELETE FROM sessions WHERE created < ? OR created > ?",
            now - self._session_seconds,
            now + SET_BACK,
        )
        self._all("INSERT INTO sessions VALUES (?, ?, ?, ?)", sha256(token).digest(), name, now, now)
        self._all("UPDATE users SET seen = ? WHERE name = ?", now, name)
        return token.hex()

    def session(self, token: str) -> Session | None:
        """The session of a token; None where it is void, too old or unused for too long."""
        digest = _digest(token)
        row = self._one(
            "SELECT s.created, s.seen, u.name, u.role, u.password, u.disabled, u.created, u.seen "
            "FROM sessions s JOIN users u ON u.name = s.name WHERE s.token = ?",
            digest,
        )
        if row is None:
            return None
        now, created, seen = self._clock(), float(str(row[0])), float(str(row[1]))
        user = _user(row[2:])
        ended = not -SET_BACK <= now - created <= self._session_seconds or now > seen + self._idle_seconds
        if ended or user.disabled:
            self._all("DELETE FROM sessions WHERE token = ?", digest)
            return None
        if abs(now - seen) > 1:
            self._all("UPDATE sessions SET seen = ? WHERE token = ?", now, digest)
        return Session(user, digest.hex())

    def sign_out(self, token: str) -> None:
        self._all("DELETE FROM sessions WHERE token = ?", _digest(token))


def check_password(name: str, password: str) -> None:
    """Checks the length alone, as NIST SP 800-63B 5.1.1 advises; raises `AccountError`."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise AccountError(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
    if name and name.lower() in password.lower():
        raise AccountError("a password must not contain the name")
    if len(set(password)) < 5:  # noqa: PLR2004  fewer are a key held down
        raise AccountError("a password needs more different characters")


def is_name(name: str) -> bool:
    """Whether a user may have this name."""
    return _NAME.fullmatch(name) is not None


def _check_name(name: str) -> None:
    if not is_name(name):
        raise AccountError(
            "a name is 1 to 100 letters, digits and . _ @ + -, and begins with a letter or digit"
        )


def _digest(token: str) -> bytes:
    try:
        return sha256(bytes.fromhex(token)).digest()
    except ValueError:
        return b""


def _user(row: Sequence[object]) -> User:
    seen = None if row[5] is None else float(str(row[5]))
    return User(str(row[0]), Role(str(row[1])), row[2] is not None, bool(row[3]), float(str(row[4])), seen)
