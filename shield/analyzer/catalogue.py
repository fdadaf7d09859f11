"""Selects recognizers, Presidio's and ours, by name, by country or by group.

`default`: those that Presidio enables for the languages (its `conf/default_recognizers.yaml`).
`country:xx`: all of Presidio's for one country (by its codes: us, uk, de, …), and our national numbers
(`recognizers/national/`) of that country. `all`: every one of Presidio's. `national`: our national
numbers of every country. `shield`: all others of ours (`recognizers/ours.py`). Ours run only where they are
asked for. A class name: that one.
Recognizers that need a model, a network or a service are not in the catalogue.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Sequence
from importlib import resources
from typing import Any

import yaml
from presidio_analyzer import Pattern, PatternRecognizer, predefined_recognizers
from presidio_analyzer.predefined_recognizers import EmailRecognizer, PhoneRecognizer, UsLicenseRecognizer

from shield.analyzer.recognizers.email import OfflineEmailRecognizer
from shield.config.source import suggestion
from shield.config_codes import ProblemCode
from shield.errors import ConfigError

_GROUPS = ("default", "shield", "national", "all")
_BROKEN_LICENCE = (r"|A-Z]{2}[0-9]{2,5}|", r"|[A-Z]{2}[0-9]{2,5}|")
"""Adds a missing bracket: the pattern matches "A-Z]]12" where two letters and digits are meant."""


def selected(names: Sequence[str], languages: Sequence[str], known: Collection[str] = ()) -> list[Any]:
    """One instance of each selected recognizer, sorted by name.

    `known` are names of recognizers from elsewhere, which are skipped. Raises `ConfigError` for a name that
    is neither.
    """
    classes = _classes()
    ours = {} if {"default", "all", *classes}.issuperset(names) else _ours()
    national = _national() if ours else {}
    entries = _entries()
    wanted: dict[str, None] = {}
    for name in names:
        if name == "default":
            wanted.update(dict.fromkeys(_defaults(entries, languages)))
        elif name == "shield":
            wanted.update(dict.fromkeys(ours))
        elif name == "national":
            wanted.update(dict.fromkeys(national))
        elif name == "all":
            wanted.update(dict.fromkeys(classes))
        elif name.startswith("country:"):
            country = name.removeprefix("country:").lower()
            members = [key for key, cls in classes.items() if (cls.COUNTRY_CODE or "").lower() == country]
            members += [key for key, cls in national.items() if country in cls.COUNTRIES]
            if not members:
                raise ConfigError(
                    ProblemCode.RECOGNIZER_UNKNOWN,
                    f"recognizers: no country {country}; allowed: {', '.join(countries())}",
                )
            wanted.update(dict.fromkeys(members))
        elif name in classes or name in ours or name in national:
            wanted[name] = None
        elif name not in known:
            near = suggestion(name, (*_GROUPS, *classes, *_ours(), *_national(), *known))
            raise ConfigError(
                ProblemCode.RECOGNIZER_UNKNOWN,
                f"recognizers: no recognizer {name}{near}; allowed: {', '.join(_GROUPS)}, country:CODE, "
                "a class of Presidio's or of ours, an installed entry point",
            )
    contexts = _contexts(entries, languages)
    every = classes | ours | national
    return [_instance(cls, contexts.get(name)) for name in sorted(wanted) if (cls := every.get(name))]


def countries() -> list[str]:
    """The country codes that `country:` accepts."""
    codes = {cls.COUNTRY_CODE.lower() for cls in _classes().values() if cls.COUNTRY_CODE}
    return sorted(codes.union(*(cls.COUNTRIES for cls in _national().values())))


def _classes() -> dict[str, Any]:
    classes = {}
    for name in predefined_recognizers.__all__:
        cls = getattr(predefined_recognizers, name)
        if inspect.isclass(cls) and issubclass(cls, (PatternRecognizer, PhoneRecognizer)):
            classes[name] = cls
    return classes


def _ours() -> dict[str, Any]:
    from shield.analyzer.recognizers.ours import OURS  # noqa: PLC0415  # whoever does not ask does not pay

    return {cls.__name__: cls for cls in OURS}


def _national() -> dict[str, Any]:
    from shield.analyzer.recognizers.national.every import NATIONAL  # noqa: PLC0415  # as above

    return {cls.__name__: cls for cls in NATIONAL}


def _instance(cls: Any, context: Sequence[str] | None) -> Any:
    options: dict[str, Any] = {"context": list(context)} if context else {}
    if cls is EmailRecognizer:
        cls = OfflineEmailRecognizer
    if cls is UsLicenseRecognizer:
        options["patterns"] = [
            Pattern(each.name, each.regex.replace(*_BROKEN_LICENCE), each.score) for each in cls.PATTERNS
        ]
    return cls(**options)


def _entries() -> list[dict[str, Any]]:
    source = resources.files("presidio_analyzer").joinpath("conf/default_recognizers.yaml")
    # As `safe_load`, in C where PyYAML was built with it: in Python it takes a quarter of building an engine.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: list[dict[str, Any]] = yaml.load(source.read_text("utf-8"), loader)["recognizers"]  # noqa: S506
    return entries


def _languages(entry: dict[str, Any]) -> dict[str, Sequence[str]]:
    """Language -> context words of the entry; no language means all."""
    found: dict[str, Sequence[str]] = {}
    for language in entry.get("supported_languages") or ():
        if isinstance(language, str):
            found[language] = ()
        else:
            found[language["language"]] = language.get("context") or ()
    return found


def _defaults(entries: Iterable[dict[str, Any]], languages: Iterable[str]) -> list[str]:
    return [
        entry["name"]
        for entry in entries
        if entry.get("enabled", True)
        and (not (of_entry := _languages(entry)) or not of_entry.keys().isdisjoint(languages))
    ]


def _contexts(entries: Iterable[dict[str, Any]], languages: Sequence[str]) -> dict[str, list[str]]:
    """The context words that Presidio's configuration gives for the languages, where it gives any."""
    contexts: dict[str, list[str]] = {}
    for entry in entries:
        of_entry = _languages(entry)
        words = [word for language in languages for word in of_entry.get(language, ())]
        if words:
            contexts[entry["name"]] = list(dict.fromkeys(words))
    return contexts
