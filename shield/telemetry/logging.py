"""Structured logs: one JSON object a line (or lines for people), on one stream, for all libraries.

Law: a log line never holds bytes of a payload, of a header or of a URL. Our own call sites pass
names and numbers only; the messages of foreign libraries may quote what they choked on (aiohttp
prints the raw header line of a malformed request, asyncio the repr of a task), so a foreign record
keeps its logger's name, its level and its code location, and an exception is written as its type
and the places of its frames: no message, no arguments, no locals, no source lines.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import FilteringBoundLogger, Processor

from shield.config.settings import LogFormat, LoggingSettings

Logger = FilteringBoundLogger
EventDict = MutableMapping[str, Any]

MAX_FRAMES = 20
FOREIGN_EVENT = "library"
"""The event of a record that came through the standard library's `logging`."""

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def error_fields(error: BaseException) -> dict[str, Any]:
    """`error`'s type, its causes' types, and where it was raised as `module file:line function`."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < MAX_FRAMES:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    fields: dict[str, Any] = {"error": kinds[0], "frames": _frames(error.__traceback__)}
    if len(kinds) > 1:
        fields["causes"] = kinds[1:]
    return fields


def _frames(trace: TracebackType | None) -> list[str]:
    """The innermost frames, outermost first. Paths are cut to package and file: no user's folder."""
    frames: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        file = "/".join(PurePath(code.co_filename).parts[-2:])
        frames.append(f"{file}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-MAX_FRAMES:]


def render_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by `error_fields`: see the law above."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()[1]
    elif isinstance(info, tuple):
        info = info[1]
    if isinstance(info, BaseException):
        event.update(error_fields(info))
    event.pop("stack_info", None)
    return event


def render_json(_logger: Any, _method: str, event: EventDict) -> str:
    """One line of JSON; a value that JSON has no form for is written as its type's name."""
    return orjson.dumps(event, default=_type_name).decode()


def _type_name(value: object) -> str:
    return type(value).__qualname__


def processors(output: LogFormat) -> Sequence[Processor]:
    """The pipeline that each event runs through, in this order."""
    common: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        render_exception,
    ]
    if output is LogFormat.JSON:
        return [*common, render_json]
    return [*common, structlog.dev.ConsoleRenderer(colors=False)]


class _Foreign(logging.Handler):
    """Sends the records of other libraries through the pipeline, without their messages."""

    def __init__(self, logger: Logger) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level = record.levelno if record.levelno in _LEVELS.values() else logging.ERROR
            self._logger.log(
                level,
                FOREIGN_EVENT,
                logger=record.name,
                place=f"{record.module}:{record.lineno} {record.funcName}",
                **({"exc_info": record.exc_info} if record.exc_info else {}),
            )
        except Exception:
            # `logging.Handler.handleError` would print the record's arguments.
            self._logger.exception("log_record_dropped", logger=record.name)


def configure(settings: LoggingSettings, stream: TextIO) -> Logger:
    """Build the process's logger, and route the standard library's loggers through it.

    Called once by the composition root; `stream` is flushed after each line.
    """
    level = _LEVELS[settings.level]
    logger: Logger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=list(processors(settings.format)),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        context_class=dict,
    ).bind()
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_Foreign(logger))
    # Without their text the lesser records of libraries are of no use.
    root.setLevel(max(level, logging.WARNING))
    logging.captureWarnings(capture=True)
    return logger


def silent() -> Logger:
    """A logger that drops everything: for the command line's one-shot commands and for tests."""
    logger: Logger = structlog.wrap_logger(
        None, processors=[_drop], wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL)
    ).bind()
    return logger


def _drop(_logger: Any, _method: str, _event: EventDict) -> EventDict:
    raise structlog.DropEvent
