"""`commerce keys`: issue, list and revoke API keys."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Column, Table

from commerce.cli.output import fail, notes, out
from commerce.cli.session import change, run, services
from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.runtime import Resources
from commerce.staff.repository.api_keys import ApiKeyRow
from commerce.staff.rules.api_keys import DIALECTS

COLUMNS: Final = ("id", "name", "key", "dialect", "scopes", "last used", "state")
app = typer.Typer(help="API keys for programs.", no_args_is_help=True)
Dialect = Enum("Dialect", {name: name for name in DIALECTS}, type=str)  # type: ignore[misc]  # made of the table


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do; give it several times.")
    ] = None,
    all_scopes: Annotated[bool, typer.Option("--all-scopes", help="It may do everything.")] = False,
    dialect: Annotated[
        Dialect | None, typer.Option(help="REST dialect it is for; without, for all of them.")
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Days until it expires; never without.")
    ] = None,
) -> None:
    """Issue a key and print it: the only time it can be seen."""
    scopes = frozenset(Scope) if all_scopes else frozenset(scope or ())
    if not scopes:
        fail("Say what the key may do: --scope read_products, or --all-scopes.")

    async def work(resources: Resources) -> str:
        expires = resources.clock() + timedelta(days=expires_in_days) if expires_in_days else None
        issued = await change(
            resources,
            lambda session: session.api_keys.create(
                name, scopes, dialect.value if dialect else None, expires
            ),
        )
        return fail(issued.message) if isinstance(issued, Problem) else issued.text

    text = run(work)
    if out.is_terminal:
        notes.print("Keep this key: it is not shown again.")
    print(text)  # noqa: T201  # alone and unstyled on stdout, so that scripts can capture it


@app.command("list")
def list_keys() -> None:
    """Show every key, the newest first; the secrets are not stored."""

    async def work(resources: Resources) -> tuple[list[ApiKeyRow], datetime]:
        async with services(resources) as session:
            return list(await session.api_keys.every()), resources.clock()

    table = Table(*(Column(name, overflow="fold", no_wrap=name == "scopes") for name in COLUMNS))
    rows, now = run(work)
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never"
        scopes = "all" if len(row.scopes) == len(Scope) else "\n".join(row.scopes)
        table.add_row(
            str(row.id),
            escape(row.name),
            row.hint,
            row.dialect or "any",
            scopes,
            used,
            _state(row, now),
        )
    out.print(table)


@app.command()
def revoke(id: Annotated[int, typer.Argument(help="The key's id, from `keys list`.")]) -> None:
    """Make a key useless, on every server within a second."""

    async def work(resources: Resources) -> str:
        revoked = await change(resources, lambda session: session.api_keys.revoke(id))
        return fail(revoked.message) if isinstance(revoked, Problem) else str(revoked.name)

    name = run(work)
    notes.print(f"Revoked key {id} ({escape(name)}).")


def _state(row: ApiKeyRow, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at is None:
        return "active"
    return f"until {row.expires_at:%Y-%m-%d}" if row.expires_at > now else "expired"
