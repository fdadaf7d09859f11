from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.remembered import ENTRY_BYTES, FINDING_BYTES, LEAST, RememberedFindings
from shield.domain import Finding, OperatorSpec, Policy, Segment, SegmentKind

TEXT = "Maria Garcia wrote that her parcel has not come; " * 3
POLICY = Policy("p", "sha256:p", {"PERSON": OperatorSpec("replace")})
FINDINGS = (Finding(0, 12, "PERSON", 0.85, "SpacyRecognizer"),)


def memory(limit: int = 1 << 20) -> RememberedFindings:
    return RememberedFindings(limit, b"k" * 32)


def digest(
    kept: RememberedFindings, segment: Segment, policy: Policy = POLICY, detectors: str = "d"
) -> bytes:
    return kept.digests([segment], policy, detectors)[0]


def test_what_was_found_is_recalled_for_the_same_text_in_the_same_place() -> None:
    kept = memory()
    segment = Segment(0, TEXT, ("comments", 3, "body"))
    kept.remember(digest(kept, segment), FINDINGS)
    # Another index of the same list, or another place in the payload, does not change the meaning.
    again = Segment(7, TEXT, ("comments", 9, "body"))
    assert kept.recall(digest(kept, again)) == FINDINGS


def test_all_that_findings_depend_on_tells_texts_apart() -> None:
    kept = memory()
    segment = Segment(0, TEXT, ("comment", "body"))
    digests = [
        digest(kept, segment),
        digest(kept, replace(segment, text=TEXT + "x")),
        digest(kept, replace(segment, location=("body",))),
        digest(kept, replace(segment, location=("comment", "ssn"))),
        digest(kept, replace(segment, location=("commentb", "ody"))),
        digest(kept, replace(segment, kind=SegmentKind.PARAMETER)),
        digest(kept, segment, replace(POLICY, digest="sha256:q")),
        digest(kept, segment, replace(POLICY, name="q")),
        digest(kept, segment, detectors="e"),
        digest(RememberedFindings(1 << 20, b"other"), segment),
    ]
    assert len(set(digests)) == len(digests)


def test_all_that_findings_depend_on_tells_paths_and_queries_apart() -> None:
    kept = memory()

    def digest_of(*segments: Segment, policy: Policy = POLICY, detectors: str = "d") -> bytes | None:
        return kept.digest_of_target(segments, policy, detectors)

    path = Segment(0, "new", (2,), SegmentKind.PATH, "path")
    name = Segment(0, "new", ("new", 0), SegmentKind.KEY, "query")
    digests = [
        digest_of(path),
        digest_of(path, path),
        digest_of(replace(path, text="old")),
        digest_of(replace(path, location=(3,))),
        digest_of(path, policy=replace(POLICY, digest="sha256:q")),
        digest_of(path, detectors="e"),
        digest_of(name),
        digest_of(replace(name, kind=SegmentKind.PARAMETER)),
        digest_of(replace(name, text="\ud800")),
    ]
    assert len({*digests, None}) == len(digests) + 1
    assert (
        digest_of(path) == digests[0] == kept.digest_of_pieces("path", [("new", (2,), "path")], POLICY, "d")
    )


def test_of_no_other_document_is_it_remembered_that_nothing_was_found() -> None:
    kept = memory()
    path = Segment(0, "new", (2,), SegmentKind.PATH, "path")
    for segments in ([], [path] * 17, [Segment(0, "new", ("body",))]):
        assert kept.digest_of_target(segments, POLICY, "d") is None


def test_only_long_text_is_remembered() -> None:
    kept = memory()
    short = Segment(0, "x" * (LEAST - 1))
    key = Segment(1, TEXT, (TEXT,), SegmentKind.KEY)
    number = Segment(2, "1" * LEAST, ("n",), SegmentKind.NUMBER)
    lone = Segment(3, "\ud800" * LEAST)
    assert list(kept.digests([short, key, number, lone], POLICY, "d")) == [3]


def test_no_text_is_kept() -> None:
    kept = memory()
    kept.remember(digest(kept, Segment(0, TEXT, ("comment",))), FINDINGS)
    held = repr(kept._entries)
    assert "Maria" not in held
    assert "comment" not in held


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=60), st.integers(0, 12))
def test_it_holds_what_came_last_within_its_bound(texts: list[tuple[int, int]], entries: int) -> None:
    limit = entries * (ENTRY_BYTES + FINDING_BYTES)
    kept = memory(limit)
    for number, count in texts:
        key = number.to_bytes(16, "big")
        known = kept.recall(key)
        kept.remember(key, FINDINGS * count if known is None else known)
        assert kept.size <= limit
        assert kept.size == sum(ENTRY_BYTES + FINDING_BYTES * len(it) for it in kept._entries.values())
    if texts and entries >= 6:
        assert kept.recall(texts[-1][0].to_bytes(16, "big")) is not None
