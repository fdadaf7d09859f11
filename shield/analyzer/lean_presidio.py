"""Imports `presidio_analyzer` without spaCy, which it names in annotations and needs only to run a pipeline.

Likewise without `requests`, with which `tldextract` would fetch a list that comes with it.

Importing spaCy takes longer than all other imports of a start, and no model of our own uses it
(`docs/decisions/020-a-start-in-a-second.md`). While Presidio is being imported, spaCy's modules are replaced
by stand-ins. A name taken from one of them becomes the real one at its first use; what Presidio registers
with spaCy is registered then. A process that has already imported spaCy or Presidio is left as it is, and
one that has imported `requests` keeps it.

Nor does the import compile Presidio's own patterns, each of which its class of patterns would try out: those
of web addresses list all top-level domains and took a sixth of a start. Patterns made later are tried out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

_MODULES = (
    *("spacy", "spacy.language", "spacy.pipeline", "spacy.tokens", "spacy.util", "spacy.vocab"),
    *("thinc", "thinc.api"),  # spaCy's own machine learning library
)
_FETCHING = ("requests", "requests_file")
_PATTERN = "presidio_analyzer.pattern"
_TRY_OUT = "_Pattern__validate_regex"


def import_presidio() -> None:
    """Imports `presidio_analyzer`: without spaCy, where nothing has imported either yet."""
    if not sys.modules.keys().isdisjoint(("presidio_analyzer", "spacy")):
        import_module("presidio_analyzer")
        return
    # Two, as what is registered with spaCy would import it once the other is needed.
    pipeline, fetching = _Real(), _Real()
    stand_ins = {name: _StandIn(name, pipeline) for name in _MODULES}
    if sys.modules.keys().isdisjoint(_FETCHING):
        stand_ins |= {name: _StandIn(name, fetching) for name in _FETCHING}
    sys.modules.update(stand_ins)
    try:
        _import_untried()
    finally:
        for name in stand_ins:
            del sys.modules[name]
        pipeline.allowed = fetching.allowed = True


def _import_untried() -> None:
    """Import Presidio, with its own patterns not tried out."""
    module = _pattern_module()
    if module is None:
        import_module("presidio_analyzer")
        return
    tried = vars(module.Pattern)[_TRY_OUT]
    setattr(module.Pattern, _TRY_OUT, staticmethod(lambda _pattern: None))
    sys.modules[_PATTERN] = module
    try:
        import_module("presidio_analyzer").pattern = module  # type: ignore[attr-defined]  # as an import would
    except BaseException:
        del sys.modules[_PATTERN]
        raise
    finally:
        setattr(module.Pattern, _TRY_OUT, tried)


def _pattern_module() -> ModuleType | None:
    """The module with Presidio's class of patterns, loaded before its package; `None` where it is another."""
    package = find_spec("presidio_analyzer")
    if package is None or not package.submodule_search_locations:
        return None
    file = Path(package.submodule_search_locations[0]) / "pattern.py"
    spec = spec_from_file_location(_PATTERN, file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module if _TRY_OUT in vars(getattr(module, "Pattern", object)) else None


class _Real:
    """The real modules, once they are `allowed`, and what must be registered when one is imported."""

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
