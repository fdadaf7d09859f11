"""Which logs must be there by the configuration in force: one for each of its workers. Pure over `Source`s.

A log that is gone whole is missed by what an anchor kept. Without one, the other logs tell: the text of the
configuration that their newest `config` record names says how many workers write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from shield.audit.documents import read_document
from shield.audit.record import Kind
from shield.audit.walk import read_entries
from shield.evidence.form import has_form
from shield.evidence.instance import instance_of
from shield.evidence.reading import Source

_HOLDING = b'"kind":"config"'
_MOST = 1024
"""More workers than any machine has; whoever wrote the text may have put anything there."""


def absent_workers(sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """(origin, why it is missed) of each worker's log that the configurations in force last ask for.

    `sources` are all logs of a directory. Nothing is asked for where the number of workers is not configured,
    or the text of a configuration is gone.
    """
    newest: dict[str, tuple[str, Source, Mapping[str, Any]]] = {}
    for source in sources:
        instance = instance_of(source.origin)
        found = _in_force(source)
        if instance is None or found is None:
            continue
        if instance not in newest or found["time"] > newest[instance][0]:
            newest[instance] = found["time"], source, found
    there = {source.origin for source in sources}
    for instance, (_, source, config) in newest.items():
        count = _workers(source, instance, config["digest_after"])
        for slot in range(count):
            origin = f"{instance}/worker-{slot}"
            if origin not in there:
                yield origin, f"record {config['index']} of {source.origin} is of {count} workers"


def _in_force(source: Source) -> Mapping[str, Any] | None:
    """The newest record that put a configuration in force, if it is left."""
    last = None
    for index, raw in read_entries(source.reader, _HOLDING):
        if _HOLDING in raw:
            try:
                fields = orjson.loads(raw)
            except orjson.JSONDecodeError:
                continue
            if has_form(fields, index) and fields["kind"] == Kind.CONFIG and fields["digest_after"]:
                last = fields
    return last


def _workers(source: Source, instance: str, digest: str) -> int:
    """How many workers the text of a configuration asks for; 0 where it does not say, or is of another."""
    try:
        document = orjson.loads(read_document(source.reader, digest) or b"null")
        count, origin = document["server"]["workers"], document["audit"]["origin"]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return 0
    return count if isinstance(count, int) and origin == instance and count <= _MOST else 0
