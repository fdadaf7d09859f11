"""A roster: the heads of several logs at a time, each signed by the key that it names."""

from __future__ import annotations

import json

import pytest

from shield.audit.checkpoint import CheckpointError
from shield.audit.files import FolderReader
from shield.audit.roster import Roster, read_roster

from .logs import ORIGIN, make_log, reader_of

OTHER = "shield.example/worker-1"
TIME = "2030-03-17T17:46:40.001000Z"


async def test_logs_are_listed_by_origin_and_those_without_a_head_are_not(tmp_path):
    await make_log(tmp_path, 1, origin=OTHER)
    await make_log(tmp_path, 2)
    readers = [reader_of(tmp_path, OTHER), FolderReader(tmp_path / "nowhere"), reader_of(tmp_path)]
    roster = read_roster(readers, TIME)
    assert [head.origin for head in roster.heads] == [ORIGIN, OTHER]
    assert Roster.parse(roster.document) == roster


async def test_what_is_not_a_roster_of_this_version_is_refused(tmp_path):
    await make_log(tmp_path, 1)
    fields = json.loads(read_roster([reader_of(tmp_path)], TIME).document)
    for changes, said in (
        ({"version": fields["version"] + 1}, "another version"),
        ({"time": "2030-03-17"}, "not a roster"),
        ({"logs": None}, "not a roster"),
        ({"logs": [{**fields["logs"][0], "checkpoint": "unsigned"}]}, "no signature block"),
        ({"logs": [{**fields["logs"][0], "size": 1}]}, "what its checkpoint does not"),
    ):
        with pytest.raises(CheckpointError, match=said):
            Roster.parse(json.dumps({**fields, **changes}).encode())
