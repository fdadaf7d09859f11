"""Structured logs: one JSON object a line (or lines for people), on one stream, for all libraries.

Law: a log line never holds bytes of a payload, of a header or of a URL. Our own calls pass names and numbers
only. Messages of foreign libraries may quote what they failed on (aiohttp prints the raw header line of a
malformed request, asyncio the repr of a task), so a foreign record keeps its logger's name, its level and its
code location, and an exception is written as its type and the places of its frames: no message, no arguments,
no locals, no source lines.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

import orjson

from shield.config.settings import LogFormat, LoggingSettings
from shield.telemetry.lean_structlog import import_structlog
from shield.telemetry.log_output import LogOutput

import_structlog()  # before what names it

import structlog  # noqa: E402
from structlog.typing import FilteringBoundLogger, Processor  # noqa: E402

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
    """Replace `exc_info` by `error_fields`, as the law above demands."""
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
    """One line of JSON; a value without a JSON form is written as its type's name."""
    return orjson.dumps(event, default=_type_name).decode()


def _type_name(value: object) -> str:
    return type(value).__qualname__


def processors(output: LogFormat) -> Sequence[Processor]:
    """The pipeline that each event passes, in this order."""
    common: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        render_exception,
    ]
    if output is LogFormat.JSON:
        return [*common, render_json]
    return [*common, structlog.dev.ConsoleRenderer(colors=False)]


class Lines:
    """Writes lines to a stream, from any thread. Structlog's logger calls `msg`, which flushes at once.

    `on_lost` gets the number of lines that could not be written, once others can be.
    """

    def __init__(self, stream: TextIO) -> None:
        self._output = LogOutput(stream)
        self.on_lost: Callable[[int], None] = lambda _number: None
        self._lost = 0
        self._later: list[str] = []
        # Reentrant, since a finalizer may log while its thread writes a line.
        self._lock = threading.RLock()

    def msg(self, line: str) -> None:
        """Write a line now, after those kept for later."""
        with self._lock:
            self._later.append(line)
        self.flush()

    def later(self, line: str) -> None:
        """Write a line together with the others of this turn of the event loop, in one system call."""
        with self._lock:
            self._later.append(line)
            first = len(self._later) == 1
        if first:
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Write the kept lines in pieces that are written whole, as other processes may write there too."""
        with self._lock:
            lines, self._later = self._later, []
            piece: list[str] = []
            size = 0
            for line in lines:
                if piece and size + len(line) >= self._output.most:
                    self._write(piece)
                    piece, size = [], 0
                piece.append(line)
                size += len(line) + 1
            if piece:
                self._write(piece)

    def _write(self, lines: Sequence[str]) -> None:
        if not self._output.write("\n".join(lines) + "\n"):
            self._lost += len(lines)
        elif self._lost:
            lost, self._lost = self._lost, 0
            self.on_lost(lost)

    log = debug = info = warn = warning = error = critical = fatal = exception = msg


class Stamps:
    """RFC 3339 times in UTC with microseconds; the part up to the second is formatted once a second."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock` is nanoseconds since 1970."""
        self._clock = clock
        self._second = -1
        self._prefix = ""

    def __call__(self) -> str:
        second, fraction = divmod(self._clock() // 1000, 1_000_000)
        if second != self._second:
            self._prefix = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
            self._second = second
        return f"{self._prefix}.{fraction:06d}Z"


def line_writer(logger: Logger, event: str) -> Callable[[Mapping[str, Any]], None]:
    """A function that writes lines of one frequent event at level `info`, more cheaply than `logger.info`.

    For a JSON log it skips the pipeline, since such an event has no exception to render, and writes the lines
    of one turn of the event loop together; call it in that loop.
    """
    target, pipeline = logger._logger, logger._processors  # type: ignore[attr-defined]  # noqa: SLF001  structlog has no other way to its parts
    quick = isinstance(target, Lines) and render_json in pipeline
    if not (quick and logger.is_enabled_for(logging.INFO)):
        return lambda fields: logger.info(event, **fields)
    bound = orjson.dumps(logger._context, default=_type_name).decode()  # noqa: SLF001  as above
    before = f"{bound[:-1]}," if len(bound) > len("{}") else "{"
    after = f',"event":"{event}","level":"info","timestamp":"'
    stamp = Stamps()

    def write(fields: Mapping[str, Any]) -> None:
        line = orjson.dumps(fields, default=_type_name).decode()
        target.later(f'{before}{line[1:-1]}{after}{stamp()}"}}')

    return write


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

    The composition root calls it once; `stream` is flushed after each line.
    """
    level = _LEVELS[settings.level]
    lines = Lines(stream)
    logger: Logger = structlog.wrap_logger(
        lines,
        processors=list(processors(settings.format)),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        context_class=dict,
    ).bind()
    lines.on_lost = lambda number: logger.warning("log_lines_lost", lines=number)
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(_Foreign(logger))
    # Without their text, lesser records of libraries are of no use.
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
