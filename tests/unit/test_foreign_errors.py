"""A lack of memory or threads is told apart from a failure, however foreign code says it."""

from __future__ import annotations

import errno

import pytest

from shield.errors import DetectionIncompleteError, ResourcesExhaustedError, ShieldError
from shield.foreign_errors import failed, lacks_resources, unexpected

NO_MEMORY_FOR_TENSOR = (
    "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
    "allocate 8000 bytes. Error code 12 (Cannot allocate memory)"
)


def raised_while(error: Exception, handled: Exception) -> Exception:
    error.__context__ = handled
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
        RuntimeError(NO_MEMORY_FOR_TENSOR),
        raised_while(ValueError("no result"), MemoryError()),
    ],
)
def test_a_lack_of_memory_or_threads_is_no_failure_of_the_detection(error: Exception) -> None:
    assert lacks_resources(error)
    assert type(failed(error, DetectionIncompleteError(recognizer="x"))) is ResourcesExhaustedError
    assert type(unexpected(error)) is ResourcesExhaustedError


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("no thread"),
        OSError(errno.ENOSPC, "No space left on device"),
        ValueError(NO_MEMORY_FOR_TENSOR),
        raised_while(ValueError("no result"), KeyError("x")),
    ],
)
def test_any_other_error_is_one(error: Exception) -> None:
    assert not lacks_resources(error)
    assert type(failed(error, DetectionIncompleteError(recognizer="x"))) is DetectionIncompleteError
    assert type(unexpected(error)) is ShieldError


def test_causes_that_lead_back_to_themselves_end() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert not lacks_resources(first)
