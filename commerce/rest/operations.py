"""The stored GraphQL operations, read and checked once at start."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from commerce.rest.route import Dialect, Prepare, Route

HERE: Final = Path(__file__).parent
SPREAD: Final = re.compile(r"\.\.\.\s*(?!on\b)(\w+)")
DEFINED: Final = re.compile(r"\bfragment\s+(\w+)")

Operations = Mapping[tuple[str, str], Any]


class OperationError(Exception):
    """A route's operation cannot run on this schema; the message names both and what is wrong."""


def prepare_operations(dialects: Iterable[Dialect], prepare: Prepare) -> Operations:
    """Every operation of every route, by dialect and name. Raises `OperationError`."""
    prepared: dict[tuple[str, str], Any] = {}
    for dialect in dialects:
        for route in dialect.routes:
            for name in route.operations:
                if (dialect.name, name) not in prepared:
                    prepared[dialect.name, name] = _prepared(dialect, route, name, prepare)
    return prepared


def broken_operations(dialects: Iterable[Dialect], prepare: Prepare) -> list[str]:
    """Why operations cannot run, one text for each endpoint and operation: all there are."""
    flaws = []
    for dialect in dialects:
        for route in dialect.routes:
            for name in route.operations:
                try:
                    _prepared(dialect, route, name, prepare)
                except OperationError as error:
                    flaws.append(str(error))
    return flaws


def operation_file(dialect: str, name: str) -> Path:
    return HERE / dialect / "operations" / f"{name}.graphql"


def fragment_file(dialect: str, name: str) -> Path:
    return HERE / dialect / "fragments" / f"{name}.graphql"


def operation_text(dialect: str, name: str) -> str:
    """An operation with the fragments of its dialect that it spreads, and those that they spread.

    Raises OSError for a file that is not there.
    """
    texts = [operation_file(dialect, name).read_text("utf-8")]
    known: set[str] = set()
    while missing := _spread(texts) - known:
        texts.extend(fragment_file(dialect, each).read_text("utf-8") for each in sorted(missing))
        known |= missing
    return "\n".join(texts)


def name_of(dialect: Dialect, route: Route) -> str:
    """`litestore GET /api/products`."""
    return f"{dialect.name} {route.method} {dialect.bases[0]}{route.path}"


def _spread(texts: Iterable[str]) -> set[str]:
    """The fragments that are spread, and that no text defines itself."""
    text = "\n".join(texts)
    return set(SPREAD.findall(text)) - set(DEFINED.findall(text))


def _prepared(dialect: Dialect, route: Route, name: str, prepare: Prepare) -> Any:
    try:
        return prepare(operation_text(dialect.name, name))
    except Exception as error:
        where = f"{dialect.name}/operations/{name}.graphql"
        raise OperationError(f"{name_of(dialect, route)} ({where}): {_flaws(error)}") from error


def _flaws(error: Exception) -> str:
    """What is wrong, of an error that carries GraphQL errors or of any other."""
    errors = getattr(error, "errors", None) or ()
    return " ".join(flaw["message"] for flaw in errors) or str(error)
