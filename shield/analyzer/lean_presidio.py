"""Imports `presidio_analyzer` without spaCy, which it names in annotations and needs only to run a pipeline.

Importing spaCy takes longer than all other imports of a start, and no model of our own uses it
(`docs/decisions/020-a-start-in-a-second.md`). While Presidio is being imported, spaCy's modules are replaced
by stand-ins. A name taken from one of them becomes the real one at its first use; what Presidio registers
with spaCy is registered then. A process that has already imported spaCy or Presidio is left as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

_MODULES = (
    *("spacy", "spacy.language", "spacy.pipeline", "spacy.tokens", "spacy.util", "spacy.vocab"),
    *("thinc", "thinc.api"),  # spaCy's own machine learning library
)


def import_presidio() -> None:
    """Imports `presidio_analyzer`: without spaCy, where nothing has imported either yet."""
    if not sys.modules.keys().isdisjoint(("presidio_analyzer", "spacy")):
        import_module("presidio_analyzer")
        return
    real = _Real()
    stand_ins = {name: _StandIn(name, real) for name in _MODULES}
    sys.modules.update(stand_ins)
    try:
        import_module("presidio_analyzer")
    finally:
        for name in stand_ins:
            del sys.modules[name]
        real.allowed = True


class _Real:
    """The real spaCy, once it is `allowed`, and what must be registered with it when it is imported."""

    def __init__(self) -> None:
        self.allowed = False
        self._waiting: list[Callable[[], object]] = []

    def get(self, module: str, name: str) -> Any:
        imported = import_module(module)
        waiting, self._waiting = self._waiting, []
        for register in waiting:
            register()
        return getattr(imported, name)

    def register_later(self, register: Callable[[], object]) -> None:
        self._waiting.append(register)


class _StandIn(ModuleType):
    """A module whose names are stand-ins while Presidio is imported, and the real module's afterwards."""

    def __init__(self, name: str, real: _Real) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._real = real

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._real.allowed:
            return self._real.get(self.__name__, name)
        return _class(self.__name__, name, self._real)


def _class(module: str, name: str, real: _Real) -> type:
    """A class that makes instances of the one of that name in `module`, and registers with it later."""

    class Registering(type):
        def __getattr__(cls, method: str) -> Any:
            if method.startswith("__"):
                raise AttributeError(method)
            if real.allowed:
                return getattr(real.get(module, name), method)

            def decorator_with(*arguments: Any, **named: Any) -> Callable[[Any], Any]:
                def decorator(decorated: Any) -> Any:
                    real.register_later(
                        lambda: getattr(real.get(module, name), method)(*arguments, **named)(decorated)
                    )
                    return decorated

                return decorator

            return decorator_with

    def make(_cls: type, *arguments: Any, **named: Any) -> Any:
        return real.get(module, name)(*arguments, **named)

    return Registering(name, (), {"__new__": make, "__module__": module})
