from __future__ import annotations

import contextlib
import itertools
import random
import sqlite3
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from shield.console.accounts import INVITATION_SECONDS, SET_BACK, AccountError, Accounts, LockedError
from shield.console.failures import FIRST_WAIT, MAX_ADDRESS_FAILURES, MAX_FAILURES, MAX_NAME_FAILURES
from shield.console.roles import Right, Role, may

PASSWORD = "correct horse battery"
ISSUER = "https://login.example"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock):
    made = opened(tmp_path / "console.sqlite3", clock)
    yield made
    made.close()


def opened(path: Path, clock: Clock, seed: int = 1) -> Accounts:
    return Accounts(
        path,
        clock=clock,
        random=random.Random(seed).randbytes,
        session_seconds=28_800,
        idle_seconds=1800,
        hasher=CHEAP,
    )


def join(accounts: Accounts, name: str, role: Role = Role.VIEWER) -> str:
    return accounts.accept(accounts.invite(name, role), name, PASSWORD)


def test_the_first_link_makes_one_admin_and_works_once(accounts: Accounts) -> None:
    assert accounts.empty()
    token = accounts.invite("", Role.ADMIN)
    session = accounts.session(accounts.accept(token, "nora", PASSWORD))
    assert session is not None
    assert session.user.role is Role.ADMIN
    with pytest.raises(AccountError):
        accounts.accept(token, "mallory", PASSWORD)
    assert not accounts.empty()


def test_a_second_first_link_is_void_once_there_is_an_admin(accounts: Accounts) -> None:
    early = accounts.invite("", Role.ADMIN)
    late = accounts.invite("", Role.ADMIN)
    assert accounts.invitation(early) is None
    accounts.accept(late, "nora", PASSWORD)
    leftover = accounts.invite("", Role.ADMIN)
    with pytest.raises(AccountError):
        accounts.accept(leftover, "mallory", PASSWORD)


def test_an_invitation_ends_after_a_day(accounts: Accounts, clock: Clock) -> None:
    token = accounts.invite("omar", Role.OPERATOR)
    clock.now += INVITATION_SECONDS + 1
    with pytest.raises(AccountError):
        accounts.accept(token, "omar", PASSWORD)


def test_an_invitation_cannot_be_used_for_another_name(accounts: Accounts) -> None:
    session = accounts.session(accounts.accept(accounts.invite("omar", Role.VIEWER), "admin", PASSWORD))
    assert session is not None
    assert session.user.name == "omar"


@pytest.mark.parametrize("password", ["short", "a" * 20, "x" * 1025, "nora is my name 1"])
def test_weak_passwords_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError):
        accounts.accept(accounts.invite("nora", Role.VIEWER), "nora", password)


@pytest.mark.parametrize("name", ["", " ", "<script>", "a b", "x" * 101, "é", "-x", "a\nb"])
def test_names_that_are_no_names_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError):
        accounts.accept(accounts.invite("", Role.ADMIN), name, PASSWORD)


def test_a_wrong_name_and_a_wrong_password_look_the_same(accounts: Accounts) -> None:
    join(accounts, "nora")
    said = set()
    for name, password in (("nora", "wrong password 1"), ("nobody", PASSWORD)):
        with pytest.raises(AccountError) as error:
            accounts.sign_in(name, password, "192.0.2.1")
        said.add(str(error.value))
    assert len(said) == 1


def test_after_failures_even_the_right_password_must_wait(accounts: Accounts, clock: Clock) -> None:
    join(accounts, "nora")
    for _ in range(MAX_FAILURES):
        with pytest.raises(AccountError):
            accounts.sign_in("nora", "wrong password 1", "192.0.2.1")
    with pytest.raises(LockedError):
        accounts.sign_in("nora", PASSWORD, "192.0.2.1")
    assert accounts.sign_in("NORA", PASSWORD, "192.0.2.2")  # from elsewhere she is not locked out
    clock.now += FIRST_WAIT + 1
    assert accounts.sign_in("nora", PASSWORD, "192.0.2.1")


def test_each_further_failure_doubles_the_wait(accounts: Accounts, clock: Clock) -> None:
    waits = []
    for _ in range(MAX_FAILURES + 3):
        with pytest.raises(AccountError):
            accounts.sign_in("nobody", "wrong password 1", "192.0.2.1")
        try:
            accounts.sign_in("nobody", "wrong password 1", "192.0.2.1")
        except LockedError as error:
            waits.append(error.seconds)
            clock.now += error.seconds + 1
        except AccountError:
            pass
    assert all(later > earlier for earlier, later in itertools.pairwise(waits))


def test_guessing_one_name_from_many_addresses_is_locked_too(accounts: Accounts) -> None:
    join(accounts, "nora")
    kinds = []
    for number in range(MAX_NAME_FAILURES + 1):
        with pytest.raises(AccountError) as error:
            accounts.sign_in("nora", "wrong password 1", f"192.0.2.{number}")
        kinds.append(type(error.value))
    assert kinds == [AccountError] * MAX_NAME_FAILURES + [LockedError]


def test_addresses_of_one_ipv6_network_are_one_sender(accounts: Accounts) -> None:
    kinds = []
    for number in range(MAX_ADDRESS_FAILURES + 1):
        with pytest.raises(AccountError) as error:
            accounts.sign_in(f"user-{number}", "wrong password 1", f"2001:db8:1:2::{number:x}")
        kinds.append(type(error.value))
    assert kinds == [AccountError] * MAX_ADDRESS_FAILURES + [LockedError]


def test_a_session_ends_by_age_and_by_idleness(accounts: Accounts, clock: Clock) -> None:
    token = join(accounts, "nora")
    for _ in range(20):
        clock.now += 1500
        if accounts.session(token) is None:
            break
    assert clock.now - 1_900_000_000.0 > 28_800
    token = accounts.sign_in("nora", PASSWORD, "192.0.2.1")
    clock.now += 1801
    assert accounts.session(token) is None


AHEAD = 400 * 86_400.0


def test_nothing_that_a_clock_set_ahead_has_dated_lasts_until_then(accounts: Accounts, clock: Clock) -> None:
    join(accounts, "nora")
    clock.now += AHEAD
    session = accounts.sign_in("nora", PASSWORD, "192.0.2.1")
    unused = accounts.invite("omar", Role.VIEWER)
    for _ in range(MAX_FAILURES):
        with pytest.raises(AccountError):
            accounts.sign_in("nora", "wrong password 1", "192.0.2.2")
    assert accounts.session(session) is not None
    assert accounts.invitation(unused) is not None
    clock.now -= AHEAD
    assert accounts.session(session) is None
    assert accounts.invitation(unused) is None
    with pytest.raises(LockedError) as error:
        accounts.sign_in("nora", PASSWORD, "192.0.2.2")
    assert error.value.seconds == FIRST_WAIT  # anew
    clock.now += FIRST_WAIT
    assert accounts.sign_in("nora", PASSWORD, "192.0.2.2")


def test_a_session_outlives_an_ordinary_step_back_and_is_not_longer_unused(
    accounts: Accounts, clock: Clock
) -> None:
    token = join(accounts, "nora")
    clock.now -= SET_BACK
    assert accounts.session(token) is not None
    clock.now += 1801
    assert accounts.session(token) is None


def test_disabling_ends_the_sessions_and_nobody_changes_themselves(accounts: Accounts) -> None:
    join(accounts, "nora", Role.ADMIN)
    token = join(accounts, "omar")
    with pytest.raises(AccountError):
        accounts.change("nora", role=Role.VIEWER, disabled=False, by="nora")
    accounts.change("omar", role=Role.VIEWER, disabled=True, by="nora")
    assert accounts.session(token) is None
    with pytest.raises(AccountError):
        accounts.sign_in("omar", PASSWORD, "192.0.2.1")


def test_a_new_password_ends_all_other_sessions(accounts: Accounts) -> None:
    first = join(accounts, "nora")
    session = accounts.session(first)
    assert session is not None
    second = accounts.change_password(session, PASSWORD, "another good secret", "192.0.2.1")
    assert accounts.session(first) is None
    assert accounts.session(second) is not None
    with pytest.raises(AccountError):
        accounts.sign_in("nora", PASSWORD, "192.0.2.1")


def test_a_name_with_a_password_cannot_be_taken_through_the_provider(accounts: Accounts) -> None:
    join(accounts, "nora", Role.ADMIN)
    with pytest.raises(AccountError):
        accounts.sign_in_elsewhere("nora", Role.ADMIN, ISSUER, "1")
    token = accounts.sign_in_elsewhere("pia@example.com", Role.AUDITOR, ISSUER, "1")
    session = accounts.session(token)
    assert session is not None
    assert (session.user.role, session.user.local) == (Role.AUDITOR, False)
    with pytest.raises(AccountError):
        accounts.sign_in("pia@example.com", "", "192.0.2.1")


def test_a_name_that_the_provider_gives_to_another_account_is_refused(accounts: Accounts) -> None:
    join(accounts, "nora", Role.ADMIN)
    accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, ISSUER, "1")
    with pytest.raises(AccountError, match="another account"):
        accounts.sign_in_elsewhere("PIA@example.com", Role.ADMIN, ISSUER, "2")
    accounts.sign_in_elsewhere("pia.b@example.com", Role.ADMIN, ISSUER, "1")  # who now has another one
    with pytest.raises(AccountError, match="another account"):
        accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, ISSUER, "2")
    # An admin gives it away.
    accounts.change("pia@example.com", role=Role.VIEWER, disabled=True, by="nora")
    with pytest.raises(AccountError, match="may not"):
        accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, ISSUER, "2")
    accounts.change("pia@example.com", role=Role.VIEWER, disabled=False, by="nora")
    accounts.sign_in_elsewhere("pia@example.com", Role.VIEWER, ISSUER, "2")
    with pytest.raises(AccountError, match="another account"):
        accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, ISSUER, "1")


def test_who_is_disabled_is_so_under_a_new_name_as_well(accounts: Accounts) -> None:
    accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, ISSUER, "1")
    accounts.change("pia@example.com", role=Role.VIEWER, disabled=True, by="nora")
    with pytest.raises(AccountError, match="may not"):
        accounts.sign_in_elsewhere("pia.b@example.com", Role.ADMIN, ISSUER, "1")


def test_names_are_kept_when_another_provider_takes_over(accounts: Accounts) -> None:
    accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, ISSUER, "1")
    accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, "https://next.example", "p-7")
    with pytest.raises(AccountError, match="another account"):
        accounts.sign_in_elsewhere("pia@example.com", Role.ADMIN, "https://next.example", "1")


def test_users_of_a_file_from_before_names_were_bound_are_bound_when_they_come(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "console.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "CREATE TABLE users(name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, password TEXT,"
            " disabled INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL, seen REAL) WITHOUT ROWID"
        )
        old.execute("INSERT INTO users(name, role, created) VALUES ('pia@example.com', 'auditor', 0)")
    for seed in range(2):
        accounts = opened(path, clock, seed)
        assert [user.name for user in accounts.users()] == ["pia@example.com"]
        accounts.sign_in_elsewhere("pia@example.com", Role.AUDITOR, ISSUER, "1")
        with pytest.raises(AccountError, match="another account"):
            accounts.sign_in_elsewhere("pia@example.com", Role.AUDITOR, ISSUER, "2")
        accounts.close()


def test_no_token_and_no_password_is_in_the_file(accounts: Accounts, tmp_path: Path) -> None:
    token = join(accounts, "nora")
    waiting = accounts.invite("omar", Role.VIEWER)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (token, waiting, PASSWORD):
        assert secret.encode() not in raw
        if secret != PASSWORD:
            assert bytes.fromhex(secret) not in raw
    assert b"$argon2id$" in raw
    assert (tmp_path / "console.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("token", ["", "zz", "00" * 32, "'; DROP TABLE users; --"])
def test_tokens_of_nobody_are_nobody(accounts: Accounts, token: str) -> None:
    assert accounts.session(token) is None
    assert accounts.invitation(token) is None


def test_who_judges_does_not_act_and_who_acts_does_not_judge() -> None:
    assert not may(Role.AUDITOR, Right.ACKNOWLEDGE)
    assert not may(Role.OPERATOR, Right.SAMPLE)
    assert not any(may(Role.VIEWER, right) for right in Right if right is not Right.READ)
    assert all(may(Role.ADMIN, right) for right in Right)


def test_the_file_is_opened_again_with_its_users(accounts: Accounts, tmp_path: Path) -> None:
    join(accounts, "nora")
    with sqlite3.connect(tmp_path / "console.sqlite3") as connection:
        assert connection.execute("SELECT COUNT(*) FROM users").fetchone() == (1,)
    connection.close()
