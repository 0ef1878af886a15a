"""From a path to the rows of a table."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from re import Pattern

from commerce.rest.query import Query
from commerce.rest.route import Dialect, Route

PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A row whose path fits below `base`, and what its parameters are."""

    route: Route
    base: str
    params: Mapping[str, str] = field(default_factory=dict)


class Table:
    """A dialect's rows, found by path; a literal path is none of a template's."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._literal: defaultdict[str, list[Route]] = defaultdict(list)
        self._templates: defaultdict[int, list[tuple[Pattern[str], Route]]] = defaultdict(list)
        for route in dialect.routes:
            if "{" in route.path:
                self._templates[route.path.count("/")].append((pattern_of(route.path), route))
            else:
                self._literal[route.path].append(route)

    def matches(self, path: str) -> list[Match]:
        """Every row that fits the path, whatever its method."""
        base = self._dialect.base_of(path)
        if base is None:
            return []
        below = path[len(base) :]
        found = [Match(route, base) for route in self._literal.get(below, ())]
        if found:
            return found
        for pattern, route in self._templates.get(below.count("/"), ()):
            fits = pattern.fullmatch(below)
            if fits:
                found.append(Match(route, base, fits.groupdict()))
        return found


def chosen(matches: Iterable[Match], method: str, query: Query) -> Match | None:
    """The row for the method, minding rows that ask for a query parameter."""
    verb = "GET" if method == "HEAD" else method
    given = frozenset(query.names())
    for match in matches:
        when = match.route.when
        if match.route.method == verb and (not when or not given.isdisjoint(when)):
            return match
    return None


def methods_of(matches: Collection[Match]) -> tuple[str, ...]:
    """What an `Allow` header says."""
    methods = {match.route.method for match in matches}
    if "GET" in methods:
        methods.add("HEAD")
    return (*sorted(methods), "OPTIONS")


def pattern_of(path: str) -> Pattern[str]:
    """A template as a regular expression: see `Route`."""
    parts, end = [], 0
    for parameter in PARAMETER.finditer(path):
        parts.append(re.escape(path[end : parameter.start()]))
        parts.append(f"(?P<{parameter[1]}>{_segment(parameter[2])})")
        end = parameter.end()
    return re.compile("".join((*parts, re.escape(path[end:]))))


def _segment(kind: str | None) -> str:
    if kind is None:
        return "[^/]+"
    if kind == "int":
        return "[0-9]+"
    return f"{kind}[0-9]+" if kind.endswith("_") else f"(?:{kind}-)?[0-9]+"
