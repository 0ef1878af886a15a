"""`commerce routes`: every endpoint of the REST dialects, and whether each can run."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from commerce.cli.output import fail, notes

# The schema and the tables take longer to load than other commands take to be done: they are
# imported when they are asked for.


def routes(
    dialect: Annotated[
        str | None, typer.Option(help="Only those of one dialect: shopkit, cartino, ...")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Print nothing but what cannot run, and exit with 1 then."),
    ] = False,
) -> None:
    """List the endpoints of the REST dialects, with their operations and what a key needs."""
    if check:
        _check(_dialects(dialect))
        return
    rows = list(_rows(_dialects(dialect)))
    if as_json:
        print(json.dumps(rows, indent=2))  # noqa: T201  # the command's result, to be redirected
        return
    for row in rows:
        print(_line(row))  # noqa: T201  # the command's result, to be redirected


def _line(row: Mapping[str, Any]) -> str:
    """Not in a table: these lines are long, and searched."""
    when = f" with {' or '.join(row['when'])}" if row["when"] else ""
    address = f"{row['dialect']} {row['method']} {row['path']}{when}"
    return f"{address}: {', '.join(row['operations'])}: {row['asks']}"


def _dialects(name: str | None) -> Sequence[Any]:
    from commerce.rest.dialects import DIALECTS

    found = [each for each in DIALECTS if name in (None, each.name)]
    if not found:
        fail(f"--dialect must be one of {', '.join(each.name for each in DIALECTS)}.")
    return found


def _access() -> Any:
    from commerce.dialect_access import DialectAccess
    from resolvers.schema import build_schema, core_schema

    return DialectAccess(core_schema(build_schema()))


def _rows(dialects: Sequence[Any]) -> Iterator[dict[str, Any]]:
    from commerce.rest.entrances import plain

    access = _access()
    for dialect in dialects:
        for route in dialect.routes:
            asked = access.asked(dialect, route)
            yield {
                "dialect": dialect.name,
                "method": route.method,
                "path": plain(dialect.bases[0] + route.path),
                "about": route.about,
                "when": list(route.when),
                "operations": list(route.operations),
                "asks": str(asked),
                "scopes": list(asked.must),
                "scopesForAllFields": list(asked.may),
            }


def _check(dialects: Sequence[Any]) -> None:
    """Of every endpoint that cannot run, its address, its file and the field at fault."""
    from commerce.rest.operations import broken_operations

    flaws = broken_operations(dialects, _access().prepare)
    for flaw in flaws:
        notes.print(flaw, markup=False, highlight=False)
    if flaws:
        fail(f"{len(flaws)} of the stored operations cannot run.")
