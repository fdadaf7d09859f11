"""The heart for the console: for trials of texts, and to check what auditors write.

It is built, and its modules are loaded, when it is first asked for: a console runs for weeks beside the
proxy in which nobody does, and would start with twice the work and a hundred MB of detectors.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shield.config.loader import load
from shield.config.settings import Settings
from shield.config_codes import ProblemCode
from shield.console.desk import Trial
from shield.errors import ConfigError

if TYPE_CHECKING:
    from shield.app.heart import RedactionDoor
    from shield.evidence.words import Inspect

_DEFAULT_POLICY = "default"


class HeartDoor:
    """The heart for trials, built from the configuration on disk when it is first asked for."""

    def __init__(self, path: Path, env: Mapping[str, str]) -> None:
        self._path = path
        self._env = env
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._settings: Settings | None = None
        self._doors: dict[str, RedactionDoor] = {}
        self._inspect: Inspect | None = None

    def settings(self) -> Settings:
        """The configuration, read again when the file has changed. Raises ShieldError."""
        with self._lock:
            try:
                status = self._path.stat()
            except OSError as error:
                raise ConfigError(
                    ProblemCode.FILE_UNREADABLE, f"the configuration cannot be read: {error.strerror}"
                ) from None
            seen = (status.st_mtime_ns, status.st_size)
            if self._settings is None or seen != self._seen:
                self._settings = load(self._path, self._env).settings
                self._seen = seen
            return self._settings

    def try_text(self, text: str, media_type: str, policy: str) -> Trial:
        """Redact a text under a policy of the file as it is now. Raises ShieldError."""
        settings = self.settings()
        chosen = settings.policies.get(policy)
        if chosen is None:
            raise ConfigError(ProblemCode.NAME_UNDEFINED, "the configuration has no policy of this name")
        with self._lock:
            from shield.app.heart import build_redaction  # noqa: PLC0415  see above

            door = self._doors.get(chosen.digest)
            if door is None:
                door = build_redaction(replace(settings, policies={policy: chosen}))
                self._doors = {chosen.digest: door}  # one at a time: a detector may hold a model
            redaction = door.redact_bytes(text.encode(), media_type, chosen)
        return Trial(
            redaction.body.decode("utf-8", "replace"),
            [
                (it.finding.entity_type, it.path, it.finding.score, it.finding.recognizer, it.operator)
                for it in redaction.findings
            ],
            redaction.uninspected_bytes + sum(each.size for each in redaction.opaque),
        )

    def inspect_words(self, text: str) -> Sequence[str]:
        if self._inspect is None:
            policies = self.settings().policies
            policy = policies.get(_DEFAULT_POLICY) or next(iter(policies.values()))
            with self._lock:
                from shield.analyzer.expressions.compiled_store import CompiledStore  # noqa: PLC0415  see above
                from shield.evidence.words import words_inspector  # noqa: PLC0415  as well

                self._inspect = words_inspector(policy, CompiledStore.of_environment(os.environ))
        return self._inspect(text)
