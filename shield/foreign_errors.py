"""Makes the shield's errors of what foreign code raises: libraries, models, users' recognizers.

A lack of memory or of threads says nothing about the text, so it is told apart from a failure: no route
lets a write pass for it.
"""

from __future__ import annotations

import errno
from typing import Final

from shield.errors import ResourcesExhaustedError, ShieldError

_NO_THREAD: Final = "can't start new thread"
"""All that CPython says of it: a RuntimeError with this text (`Modules/_threadmodule.c`)."""
_NO_MEMORY: Final = ("Failed to allocate memory", "bad_alloc", "DefaultCPUAllocator: can't allocate memory")
"""All that ONNX Runtime (1.32, `bfc_arena.cc`) and PyTorch (`alloc_cpu.cpp`) say of it."""
_MOST_CAUSES: Final = 16


def lacks_resources(error: BaseException) -> bool:
    """Whether `error`, or an error that it was raised for, says that the system gave no memory or thread."""
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            break
        if isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno == errno.ENOMEM):
            return True
        if type(cause) is RuntimeError and cause.args == (_NO_THREAD,):
            return True
        if _lacks_memory_of_a_model(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _lacks_memory_of_a_model(error: BaseException) -> bool:
    kind = type(error)
    if kind is not RuntimeError and not kind.__module__.startswith("onnxruntime"):
        return False
    said = str(error)
    return any(each in said for each in _NO_MEMORY)


def failed(error: BaseException, otherwise: ShieldError) -> ShieldError:
    """What is raised for `error`: `otherwise`, but never where the system lacks resources."""
    return ResourcesExhaustedError() if lacks_resources(error) else otherwise


def unexpected(error: BaseException) -> ShieldError:
    """The error that answers a request which ended in `error`, of which nothing was forwarded."""
    return failed(error, ShieldError())
