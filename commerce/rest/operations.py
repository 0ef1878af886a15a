"""The stored GraphQL operations, read and checked once at start."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from commerce.rest.route import Dialect, Prepare, Route

HERE: Final = Path(__file__).parent

Operations = Mapping[tuple[str, str], Any]


class OperationError(Exception):
    """A route's operation cannot run on this schema; the message names both and what is wrong."""


def prepare_operations(dialects: Iterable[Dialect], prepare: Prepare) -> Operations:
    """Every operation of every route, by dialect and name. Raises `OperationError`."""
    prepared: dict[tuple[str, str], Any] = {}
    for dialect in dialects:
        for route in dialect.routes:
            key = dialect.name, route.operation
            if key not in prepared:
                prepared[key] = _prepared(dialect, route, prepare)
    return prepared


def operation_file(dialect: Dialect, route: Route) -> Path:
    return HERE / dialect.name / "operations" / f"{route.operation}.graphql"


def name_of(dialect: Dialect, route: Route) -> str:
    """`litestore GET /api/products`."""
    return f"{dialect.name} {route.method} {dialect.bases[0]}{route.path}"


def _prepared(dialect: Dialect, route: Route, prepare: Prepare) -> Any:
    name, file = name_of(dialect, route), operation_file(dialect, route)
    try:
        return prepare(file.read_text("utf-8"))
    except Exception as error:
        where = f"{file.parent.parent.name}/operations/{file.name}"
        raise OperationError(f"{name} ({where}): {_flaws(error)}") from error


def _flaws(error: Exception) -> str:
    """What is wrong, of an error that carries GraphQL errors or of any other."""
    errors = getattr(error, "errors", None) or ()
    return " ".join(flaw["message"] for flaw in errors) or str(error)
