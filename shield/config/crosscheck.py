"""Checks between the parts of a configuration: references, duplicates, ambiguous routes, files.

They run on the plain data, whether or not the schema accepted it, so that one run reports everything.
A value of the wrong shape is the schema's business and is passed over here.
"""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shield.config.addresses import own_upstreams, taken_twice
from shield.config.compile_read_back import unknown_names
from shield.config.exposure import exposures
from shield.config.key_material import PLACEHOLDER_VARIETY, decode_key
from shield.config.path_template import parse_path_template
from shield.config.plain_data import at, items
from shield.config.source import Caution, Location, Problem, SourceMap, choices, suggestion
from shield.config.substitution import EnvText, FileContent
from shield.config.weaknesses import weaknesses
from shield.config_codes import ProblemCode, WarningCode

_KEYED_OPERATORS = ("hash", "encrypt")
_TLS_FILES = ("certificate", "private_key", "client_ca", "ca_file")
"""Keys of a `tls` section that are files. One that the schema does not know is told as that alone."""

_Taken = tuple[tuple[Any, ...], frozenset[str], frozenset[Any], int]
"""A route's host and path, methods, tenants, and its index."""


class CrossCheck:
    """One run over one document; afterwards `problems` and `warnings` hold what it found."""

    def __init__(self, data: Mapping[str, Any], source: SourceMap, folder: Path) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Caution] = []
        self._data = data
        self._source = source
        self._folder = folder

    def run(self) -> CrossCheck:
        self._listeners()
        for name, policy in self._items("policies"):
            self._policy(("policies", name), policy)
        self._routes()
        self._canaries()
        self._unused()
        self._tls_files()
        self._keys()
        self._tenants()
        self._credentials(("admin", "callers"))
        for warning in (*weaknesses(self._data), *exposures(self._data)):
            self._warning(*warning)
        return self

    def _problem(self, location: Location, code: ProblemCode, message: str) -> None:
        self.problems.append(self._source.remark(location, code, message))

    def _warning(self, location: Location, code: WarningCode, message: str) -> None:
        self.warnings.append(self._source.remark(location, code, message))

    def _quoted(self, location: Location) -> str:
        """The text as written in the file: a reference is never shown resolved."""
        return repr(self._source.written(location) or "")

    def _items(self, *location: str | int) -> Iterator[tuple[Any, Any]]:
        return items(self._data, *location)

    def _reference(self, location: Location, section: str, kind: str) -> None:
        name = at(self._data, location)
        if not isinstance(name, str):
            return
        names = [known for known, _ in self._items(section)]
        if name not in names:
            quoted = self._quoted(location)
            message = f"there is no {kind} {quoted}{suggestion(name, names)}; known: {choices(names)}"
            self._problem(location, ProblemCode.NAME_UNDEFINED, message)

    def _listeners(self) -> None:
        for problem in (*taken_twice(self._data), *own_upstreams(self._data)):
            self._problem(*problem)

    # policies

    def _policy(self, location: Location, policy: Any) -> None:
        entities = at(policy, ("entities",))
        if not isinstance(entities, dict):
            return
        if not entities:
            self._warning(
                (*location, "entities"),
                WarningCode.POLICY_EMPTY,
                "the policy lists no entity type, so it redacts nothing",
            )
        for entity, operator in entities.items():
            self._operator((*location, "entities", entity), operator)
        listed = f"the entity types of this policy are: {choices(map(str, entities))}"
        for index, _ in self._items(*location, "deny_lists"):
            place = (*location, "deny_lists", index, "entity")
            self._entity(place, entities, f"its findings would not be redacted; {listed}")
        names: dict[str, int] = {}
        for index, pattern in self._items(*location, "detector", "patterns"):
            place = (*location, "detector", "patterns", index)
            self._entity((*place, "entity"), entities, f"its findings are not redacted; {listed}", warn=True)
            if isinstance(name := at(pattern, ("name",)), str):
                self._once(names, name, (*place, "name"), "pattern")
        for index, _ in self._items(*location, "allow_lists"):
            for number, _ in self._items(*location, "allow_lists", index, "entities"):
                place = (*location, "allow_lists", index, "entities", number)
                self._entity(place, entities, f"the entry has no effect; {listed}", warn=True)

    def _entity(
        self, location: Location, entities: Mapping[str, Any], rest: str, *, warn: bool = False
    ) -> None:
        entity = at(self._data, location)
        if isinstance(entity, str) and entity not in entities:
            near = suggestion(entity, entities)
            message = f"the policy does not list {self._quoted(location)}{near}: {rest}"
            if warn:
                self._warning(location, WarningCode.ENTITY_WITHOUT_EFFECT, message)
            else:
                self._problem(location, ProblemCode.ENTITY_NOT_LISTED, message)

    def _operator(self, location: Location, operator: Any) -> None:
        if not isinstance(operator, dict):
            return
        for name, value in operator.items():
            if isinstance(value, FileContent):
                self._problem(
                    (*location, name),
                    ProblemCode.REFERENCE_MISPLACED,
                    "${file:PATH} is for secrets only; name a key of 'keys' instead",
                )
        if operator.get("operator") in _KEYED_OPERATORS and "key" in operator:
            self._reference((*location, "key"), "keys", "key")

    # routes

    def _routes(self) -> None:
        names: dict[str, int] = {}
        taken: list[_Taken] = []
        for index, route in self._items("routes"):
            location: Location = ("routes", index)
            if isinstance(name := at(route, ("name",)), str):
                self._once(names, name, (*location, "name"), "route name")
            self._reference((*location, "upstream"), "upstreams", "upstream")
            self._reference((*location, "policy"), "policies", "policy")
            self._reference((*location, "shadow", "policy"), "policies", "policy")
            for number, _ in self._items(*location, "match", "tenants"):
                self._reference((*location, "match", "tenants", number), "tenants", "tenant")
            self._ambiguous(index, route, taken)
            self._field_entities(location, route)
            self._exceptions(location, route)
            self._sent_host(location, route)
            self._read_back((*location, "read_back"), route)

    def _once(self, seen: dict[str, int], name: str, location: Location, kind: str) -> None:
        if name in seen:
            message = (
                f"the {kind} {self._quoted(location)} is already used on line {seen[name]}; choose another"
            )
            self._problem(location, ProblemCode.NAME_DUPLICATE, message)
        else:
            seen[name] = self._source.locate(location)[0]

    def _ambiguous(self, index: int, route: Any, taken: list[_Taken]) -> None:
        """Report two routes that match the same requests equally well. Media types do not tell them apart."""
        path, host = at(route, ("match", "path")), at(route, ("match", "host")) or "*"
        methods = at(route, ("match", "methods")) or []
        if not isinstance(path, str) or not isinstance(host, str) or not isinstance(methods, list):
            return
        try:
            template = parse_path_template(path)
        except ValueError:
            return
        shape = (host.lower(), template.steps, template.rest)
        mine = frozenset(method for method in methods if isinstance(method, str))
        tenants = frozenset(name for _, name in self._items("routes", index, "match", "tenants"))
        for other, theirs, others, first in taken:
            if (
                other == shape
                and (mine & theirs or not (mine or theirs))
                and (tenants & others or not (tenants or others))
            ):
                line, _ = self._source.locate(("routes", first))
                location = ("routes", index, "match", "path")
                message = (
                    f"matches the same requests as routes[{first}] on line {line}; "
                    "make them differ in host, path, methods or tenants"
                )
                self._problem(location, ProblemCode.ROUTES_AMBIGUOUS, message)
                break
        taken.append((shape, mine, tenants, index))

    def _field_entities(self, location: Location, route: Any) -> None:
        policy = at(route, ("policy",))
        entities = at(self._data, ("policies", policy, "entities")) if isinstance(policy, str) else None
        if not isinstance(entities, dict):
            return
        listed = f"the value would not be redacted; policy {self._quoted((*location, 'policy'))} lists: "
        for rules in (("fields",), ("headers", "rules")):
            for index, _ in self._items(*location, *rules):
                place = (*location, *rules, index, "entity")
                self._entity(place, entities, f"{listed}{choices(map(str, entities))}")

    def _exceptions(self, location: Location, route: Any) -> None:
        if at(route, ("mode",)) == "observe":
            self._warning(
                (*location, "mode"),
                WarningCode.ROUTE_OBSERVES,
                "observe: writes are forwarded with their personal data",
            )
        if at(route, ("on_error",)) == "bypass":
            message = "bypass: a write that cannot be inspected is forwarded with its personal data"
            self._warning((*location, "on_error"), WarningCode.ROUTE_BYPASSES, message)
        if at(route, ("query", "default")) == "keep":
            self._warning(
                (*location, "query", "default"),
                WarningCode.QUERY_KEPT,
                "keep: query parameters are not inspected",
            )
        if at(route, ("headers", "default")) == "keep":
            self._warning(
                (*location, "headers", "default"),
                WarningCode.HEADERS_KEPT,
                "keep: header fields are not inspected, but for those that a rule names",
            )
        if at(route, ("path",)) == "keep":
            self._warning(
                (*location, "path"), WarningCode.PATH_KEPT, "keep: the segments of the path are not inspected"
            )

    def _sent_host(self, location: Location, route: Any) -> None:
        """Report a route that passes on any Host: a sender could choose a site that is not its own."""
        upstream, host = at(route, ("upstream",)), at(route, ("match", "host"))
        if not isinstance(upstream, str) or host not in {None, "*"}:
            return
        if at(self._data, ("upstreams", upstream, "host")) == "client":
            message = (
                f"upstream {self._quoted((*location, 'upstream'))} gets the client's Host, and this route "
                "takes any: name the hosts that it takes"
            )
            self._problem((*location, "match", "host"), ProblemCode.KEYS_INCONSISTENT, message)

    def _read_back(self, location: Location, route: Any) -> None:
        path, mine = at(route, ("read_back", "path")), at(route, ("match", "path"))
        if not isinstance(path, str) or not isinstance(mine, str):
            return
        given = [str(name) for name, _ in self._items(*location, "variables")]
        for name in unknown_names(path, given, mine):
            message = f"{{{name}}} has no value; add it to `variables`, or to the path of the route's match"
            self._problem((*location, "path"), ProblemCode.NAME_UNDEFINED, message)

    # the whole

    def _canaries(self) -> None:
        names = [name for _, route in self._items("routes") if isinstance(name := at(route, ("name",)), str)]
        for index, name in self._items("canaries", "routes"):
            if isinstance(name, str) and name not in names:
                place = ("canaries", "routes", index)
                near = f"{suggestion(name, names)}; known: {choices(names)}"
                self._problem(
                    place, ProblemCode.NAME_UNDEFINED, f"there is no route {self._quoted(place)}{near}"
                )
        for entity, _ in self._items("canaries", "samples"):
            for number, text in self._items("canaries", "samples", entity):
                marks = (str(text).count("[["), str(text).count("]]"))
                if marks not in ((0, 0), (1, 1)) or "[[]]" in str(text):
                    message = "mark the value once, between [[ and ]], or not at all if it is the whole text"
                    self._problem(
                        ("canaries", "samples", entity, number), ProblemCode.SAMPLE_MALFORMED, message
                    )
            named = [at(policy, ("entities", entity)) for _, policy in self._items("policies")]
            if not any(operator is not None for operator in named):
                self._warning(
                    ("canaries", "samples", entity),
                    WarningCode.SAMPLE_UNTESTED,
                    "no policy lists this entity type, so these samples test nothing",
                )

    def _unused(self) -> None:
        for section, key in (("upstreams", "upstream"), ("policies", "policy")):
            routes = [route for _, route in self._items("routes") if isinstance(route, dict)]
            used = {at(route, (key,)) for route in routes}
            used |= {at(route, ("shadow", key)) for route in routes}
            for name, _ in self._items(section):
                if name not in used:
                    self._warning((section, name), WarningCode.NOTHING_USES_IT, f"no route uses this {key}")

    def _tenants(self) -> None:
        used = {
            name
            for index, _ in self._items("routes")
            for _, name in self._items("routes", index, "match", "tenants")
            if isinstance(name, str)
        }
        self._credentials(("tenants",))
        for tenant, _ in self._items("tenants"):
            if tenant not in used:
                self._warning(("tenants", tenant), WarningCode.NOTHING_USES_IT, "no route names this tenant")

    def _credentials(self, location: Location) -> None:
        """Report a credential that two of these callers share."""
        seen: dict[str, int] = {}
        for caller, _ in self._items(*location):
            for section in ("api_keys", "certificates"):
                for number, name in self._items(*location, caller, section):
                    if isinstance(name, str):
                        self._once(seen, name, (*location, caller, section, number), "credential")

    def _keys(self) -> None:
        for name, value in self._items("keys"):
            if not isinstance(value, FileContent | EnvText):
                continue
            content = value.value if isinstance(value, FileContent) else value.encode()
            try:
                key = decode_key(content)
            except ValueError:
                continue
            if len(set(key)) < PLACEHOLDER_VARIETY:
                self._warning(
                    ("keys", name),
                    WarningCode.KEY_LIKE_PLACEHOLDER,
                    "the key has so few different bytes that it looks like a placeholder; make a random one",
                )

    def _tls_files(self) -> None:
        for section in ("listeners", "upstreams"):
            for name, _ in self._items(section):
                self._tls_of((section, name, "tls"))
        self._tls_of(("console", "listener", "tls"))

    def _tls_of(self, location: Location) -> None:
        for key, file in self._items(*location):
            if key in _TLS_FILES and isinstance(file, str) and file.strip():
                self._file((*location, key), file, private=key == "private_key")

    def _file(self, location: Location, file: str, *, private: bool) -> None:
        try:
            path = self._folder / file
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
                raise OSError(errno.EINVAL, "it is not a regular file")  # noqa: TRY301  one way to say so
            with path.open("rb"):
                pass
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "this is not a path"
            message = f"the file {self._quoted(location)} cannot be read: {reason}"
            self._problem(
                location,
                ProblemCode.TLS_FILE_UNREADABLE,
                f"{message}; paths are relative to the configuration file's folder",
            )
            return
        if private and status.st_mode & stat.S_IROTH:
            self._warning(
                location,
                WarningCode.SECRET_EXPOSED,
                "every user of the system can read the private key; run chmod o-r on it",
            )
        if status.st_mode & stat.S_IWOTH:
            self._warning(
                location,
                WarningCode.FILE_CHANGEABLE,
                "every user of the system can change this file; run chmod o-w on it",
            )
