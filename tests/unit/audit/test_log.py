from __future__ import annotations

import re
import stat

import pytest

from shield.audit.log import AuditLog
from shield.audit.verify import verify_log
from shield.audit.wal import segment_firsts
from shield.config.secret import Secret
from shield.errors import AuditUnavailableError, ConfigError

from .logs import (
    ORIGIN,
    Clock,
    folder_of,
    intent,
    key_of,
    kinds_of,
    make_log,
    open_log,
    outcome,
    placed,
    reader_of,
    records_of,
    settings,
    write_pairs,
)


async def test_a_run_from_boot_to_shutdown(tmp_path):
    commits = []
    log = await open_log(tmp_path, on_commit=lambda seconds, size: commits.append((seconds, size)))
    assert (log.healthy, log.failure, log.origin) == (True, None, ORIGIN)
    index = await log.commit(intent(1, [placed()]))
    assert log.append(outcome(index, 1)) == index + 1
    await log.checkpoint()
    assert log.size == log.signed_size == 4
    await log.close()
    assert not log.healthy
    assert kinds_of(tmp_path) == ["boot", "checkpoint", "intent", "outcome", "checkpoint", "shutdown"]
    assert [fields["index"] for fields in records_of(tmp_path)] == list(range(6))
    boot = records_of(tmp_path)[0]
    assert (boot["vkey"], boot["build"], boot["signed_size"]) == (key_of(tmp_path).vkey, "0.1.0", 0)
    assert verify_log(reader_of(tmp_path)).ok
    assert commits[-1][1] == 6
    assert all(seconds >= 0 for seconds, _ in commits)


async def test_a_closed_log_takes_no_more(tmp_path):
    log = await open_log(tmp_path)
    await log.close()
    await log.close()
    with pytest.raises(AuditUnavailableError):
        await log.commit(intent())
    with pytest.raises(AuditUnavailableError):
        log.append(intent())
    with pytest.raises(AuditUnavailableError):
        await log.checkpoint()
    assert log.failure is None


async def test_a_second_writer_is_refused(tmp_path):
    log = await open_log(tmp_path)
    with pytest.raises(AuditUnavailableError, match="another process"):
        await open_log(tmp_path)
    await log.close()
    again = await open_log(tmp_path)
    await again.close()


async def test_origins_share_a_folder(tmp_path):
    first = await open_log(tmp_path, origin="shield.example/worker-0")
    second = await open_log(tmp_path, origin="shield.example/worker-1")
    await write_pairs(first, 1)
    await write_pairs(second, 2)
    await first.close()
    await second.close()
    assert len(records_of(tmp_path, "shield.example/worker-1")) == 2 + len(records_of(tmp_path))


async def test_reopening_continues(tmp_path):
    for run in range(5):
        log = await open_log(tmp_path, clock=Clock(1_900_000_000_000_000_000 + run * 10**12))
        await write_pairs(log, 130)
        await log.close()
    report = verify_log(reader_of(tmp_path))
    assert report.ok
    assert report.runs == 5
    assert "recovered" not in report.kinds
    boots = [fields for fields in records_of(tmp_path) if fields["kind"] == "boot"]
    assert [boot["signed_size"] for boot in boots] == [0, 264, 528, 792, 1056]
    assert segment_firsts(reader_of(tmp_path))[-1] == boots[-1]["index"]


async def test_no_secret_is_in_a_log_folder(tmp_path):
    await make_log(tmp_path, 3)
    names = {path.name for path in folder_of(tmp_path).rglob("*")}
    assert not {name for name in names if "key" in name} - {"vkey"}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder_of(tmp_path).rglob("*") if path.is_file()}
    assert modes <= {0o640, 0o600, 0o644}


async def test_body_digests_are_keyed(tmp_path):
    log = await open_log(tmp_path, digest_key=Secret(b"k" * 32))
    assert re.fullmatch(r"hmac-sha256:[0-9a-f]{8}:[0-9a-f]{64}", log.digest_body(b"body"))
    assert log.digest_body(b"body") == log.digest_body(b"body") != log.digest_body(b"other")
    await log.close()


async def test_another_signing_key_is_refused(tmp_path):
    await make_log(tmp_path, 1, signing_key=Secret(b"r" * 32))
    with pytest.raises(ConfigError, match="another key"):
        await open_log(tmp_path, signing_key=Secret(b"s" * 32))


async def test_a_bad_origin_is_refused(tmp_path):
    with pytest.raises(ConfigError):
        await open_log(tmp_path, origin="../up")


async def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditUnavailableError):
        await AuditLog.open(settings(tmp_path / "file"), build="0.1.0")


# What a crash leaves behind.


async def test_a_key_that_cannot_be_read_is_named(tmp_path):
    log = await open_log(tmp_path)
    await log.close()
    (key,) = (tmp_path / "keys").glob("*.signing.pem")
    key.unlink()
    key.mkdir(mode=0o700)  # unreadable, even for root
    with pytest.raises(AuditUnavailableError, match=re.escape(f"opened: EISDIR (keys/{key.name})")):
        await open_log(tmp_path)


async def test_the_time_goes_on_from_the_last_run(tmp_path):
    await make_log(tmp_path, 1)
    log = await open_log(tmp_path, clock=Clock(1_800_000_000_000_000_000))
    await log.close()
    jumps = [fields for fields in records_of(tmp_path) if "clock_back_us" in fields]
    assert [(found["kind"]) for found in jumps] == ["boot"]
    assert verify_log(reader_of(tmp_path)).clock_jumps == 1


async def test_temporary_files_are_removed(tmp_path):
    await make_log(tmp_path, 1)
    leftover = folder_of(tmp_path) / "wal" / "00000000000000000009.wal.tmp"
    leftover.write_bytes(b"half")
    (folder_of(tmp_path) / "checkpoint.tmp").write_bytes(b"half")
    log = await open_log(tmp_path)
    await log.close()
    assert not list(folder_of(tmp_path).rglob("*.tmp"))


async def test_partials_of_older_checkpoints_are_removed(tmp_path):
    log = await open_log(tmp_path)
    for start in range(0, 300, 20):
        await write_pairs(log, 20, start)
        partials = list(folder_of(tmp_path).rglob("*.p/*"))
        folders = [path.parent for path in partials]
        assert len(folders) == len(set(folders))
    await log.close()


async def test_real_randomness_and_time(tmp_path):
    log = await AuditLog.open(settings(tmp_path), build="0.1.0")
    await log.commit(intent())
    await log.close()
    assert verify_log(reader_of(tmp_path)).ok
    assert len(list((tmp_path / "keys").iterdir())) == 2
