from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.audit.files import OsFiles
from shield.audit.wal import MAGIC, DamageError, Wal, encode_frames, read_frames, replace_tail, segment_path

from .test_tiles import Memory


def read(content: dict[str, bytes]) -> tuple[list[int], DamageError | None]:
    records = []
    try:
        records.extend(frame.record for frame in read_frames(Memory(content)))
    except DamageError as damage:
        return records, damage
    return records, None


def groups(*sizes: int, first: int = 0) -> bytes:
    """Frames as a writer makes them: each group names what was durable before it."""
    raw = b""
    for size in sizes:
        raw += encode_frames(
            [f"record {number}".encode() for number in range(first, first + size)], first, first
        )
        first += size
    return raw


PATH = segment_path(0)


def test_what_was_written_is_read(tmp_path):
    files = OsFiles()
    size = replace_tail(files, tmp_path, [b"a", b"b"], 0)
    wal = Wal(files, tmp_path, [0], size)
    wal.append([b"c"], 2)
    wal.rotate(3)
    wal.append([b"d", b""], 3)
    content = {f"wal/{path.name}": path.read_bytes() for path in (tmp_path / "wal").iterdir()}
    assert [frame.payload for frame in read_frames(Memory(content))] == [b"a", b"b", b"c", b"d", b""]
    wal.prune(2)
    assert len(list((tmp_path / "wal").iterdir())) == 2
    wal.prune(3)
    assert [path.name for path in (tmp_path / "wal").iterdir()] == ["00000000000000000003.wal"]
    wal.close()


def test_a_segment_is_full_by_what_was_appended_to_it(tmp_path, monkeypatch):
    monkeypatch.setattr("shield.audit.wal.SEGMENT_BYTES", 4096)
    wal = Wal(OsFiles(), tmp_path, [0], replace_tail(OsFiles(), tmp_path, [b"a"], 0))
    for index in range(1, 4):
        assert not wal.full
        wal.append([b"b" * 1400], index)
    assert wal.full
    wal.rotate(4)
    assert not wal.full
    wal.close()


@given(st.integers(1, 5), st.integers(0, 5), st.data())
def test_a_write_cut_anywhere_is_torn_from_the_record_it_was_cut_in(before, last, data):
    done = MAGIC + groups(*[1] * before)
    whole = done + encode_frames([b"x" * 10] * last, before, before)
    cut = data.draw(st.integers(len(done), len(whole)))
    records, damage = read({PATH: whole[:cut]})
    assert len(records) >= before
    if damage is None:
        assert cut == len(done) + (len(records) - before) * 34
    else:
        assert damage.torn
        assert damage.index == len(records)
        assert damage.offset + damage.size == cut


@given(st.data())
def test_damage_in_an_acknowledged_group_is_never_taken_for_a_torn_write(data):
    raw = bytearray(MAGIC + groups(3, 2, 2))
    end = len(MAGIC + groups(3))
    place = data.draw(st.integers(len(MAGIC), end - 1))
    raw[place] ^= 1 << data.draw(st.integers(0, 7))
    records, damage = read({PATH: bytes(raw)})
    assert damage is not None
    assert not damage.torn
    assert damage.index == len(records) < 3


def test_a_hole_in_the_last_group_is_torn_even_where_its_end_was_written():
    done = MAGIC + groups(3)
    raw = bytearray(done + encode_frames([b"x" * 10] * 4, 3, 3))
    raw[len(done) : len(done) + 34] = bytes(34)
    records, damage = read({PATH: bytes(raw)})
    assert records == [0, 1, 2]
    assert damage is not None
    assert damage.torn


def test_zeros_after_the_last_group_are_torn():
    records, damage = read({PATH: MAGIC + groups(3) + bytes(4096)})
    assert len(records) == 3
    assert damage is not None
    assert (damage.torn, damage.size) == (True, 4096)


@pytest.mark.parametrize(
    ("content", "records", "index"),
    [
        ({PATH: b"shield wal 2\r\n\x1a\n"}, [], 0),
        ({PATH: b""}, [], 0),
        ({PATH: MAGIC + groups(2), segment_path(3): MAGIC + groups(1, first=3)}, [0, 1], 2),
        ({PATH: MAGIC + groups(2)[:-1], segment_path(2): MAGIC}, [0], 1),
        ({PATH: MAGIC + groups(2, first=1)}, [], 0),
    ],
)
def test_damage_that_no_crash_makes(content, records, index):
    found, damage = read(content)
    assert found == records
    assert damage is not None
    assert (damage.torn, damage.index) == (False, index)


def test_a_segment_ends_where_the_next_begins():
    content = {PATH: MAGIC + groups(2, 5) + b"rest", segment_path(2): MAGIC + groups(1, first=2)}
    assert read(content) == ([0, 1, 2], None)


def test_reading_may_begin_at_a_segment():
    content = {PATH: MAGIC + groups(2), segment_path(2): MAGIC + groups(1, first=2)}
    assert [frame.record for frame in read_frames(Memory(content), 2)] == [2]
