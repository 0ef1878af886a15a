"""`commerce keys`: issue, list, rotate and revoke API keys."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Column, Table

from commerce.cli.output import fail, notes, out
from commerce.cli.session import change, run, services
from commerce.core.paging import MAX_PAGE_SIZE, PageArgs
from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.oauth.rules.scopes import MEANINGS, meaning
from commerce.runtime import Resources
from commerce.staff.repository.api_keys import ApiKeyRow
from commerce.staff.rules.api_keys import DIALECTS
from commerce.staff.rules.key_states import KeyState, state_of
from commerce.staff.rules.key_terms import KNOWN, MAX_CALLS, MAX_OVERLAP_HOURS, KeyTerms
from commerce.staff.service.api_keys import OVERLAP_HOURS, IssuedKey
from commerce.wiring import Services

COLUMNS: Final = ("id", "name", "key", "dialect", "scopes", "last used", "state")
# Cartino's documents: a key without scopes may do everything.
CARTINO_DEFAULT: Final = ["admin:all"]
OwnRate = Annotated[
    int | None,
    typer.Option(min=1, max=MAX_CALLS, help="Its own rate; without, the one all keys have."),
]
app = typer.Typer(help="API keys for programs.", no_args_is_help=True)
Dialect = Enum("Dialect", {name: name for name in DIALECTS}, type=str)  # type: ignore[misc]  # made of the table


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What it may do, such as read_products, or products:read in Cartino's words; give "
            "it several times."
        ),
    ] = None,
    all_scopes: Annotated[bool, typer.Option("--all-scopes", help="It may do everything.")] = False,
    dialect: Annotated[
        Dialect | None, typer.Option(help="REST dialect it is for; without, for all of them.")
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Days until it expires; never without.")
    ] = None,
    allowed_ip: Annotated[
        list[str] | None,
        typer.Option(help="Address or network it may be used from; give it several times."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Ecwid's public kind: sees what visitors see.")
    ] = False,
    with_password: Annotated[
        bool, typer.Option("--with-password", help="Cartino: a password for Basic beside it.")
    ] = False,
    reference: Annotated[
        str | None, typer.Option(help="Your own name for it: used once, never for a second key.")
    ] = None,
    calls_per_minute: OwnRate = None,
) -> None:
    """Issue a key and print it: the only time it can be seen."""
    kind = dialect.value if dialect else None
    names = scope or (CARTINO_DEFAULT if kind == "cartino" else [])
    scopes = frozenset(Scope) if all_scopes else _scopes(names)
    if not scopes and not public:
        fail("Say what the key may do: --scope read_products, or --all-scopes.")
    addresses = tuple(allowed_ip or ())
    terms = KeyTerms(name, scopes, kind, None, addresses, public, reference, calls_per_minute)

    async def work(resources: Resources) -> IssuedKey:
        days = timedelta(days=expires_in_days or 0)
        wanted = replace(terms, expires_at=resources.clock() + days) if days else terms
        issued = await change(
            resources, lambda session: session.api_keys.issue(wanted, with_password)
        )
        return fail(issued.message) if isinstance(issued, Problem) else issued

    _hand_out(run(work))


@app.command()
def rotate(
    id: Annotated[int, typer.Argument(help="The key's id, from `keys list`.")],
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=MAX_OVERLAP_HOURS, help="Hours the old one stays good.")
    ] = OVERLAP_HOURS,
) -> None:
    """Give a key another secret and print it; the one in use stays good for a while."""

    async def work(resources: Resources) -> IssuedKey:
        issued = await change(resources, lambda session: session.api_keys.rotate(id, overlap_hours))
        return fail(issued.message) if isinstance(issued, Problem) else issued

    _hand_out(run(work))


@app.command("list")
def list_keys() -> None:
    """Show every key, the newest first; the secrets are not stored."""

    async def work(resources: Resources) -> tuple[list[ApiKeyRow], datetime]:
        async with services(resources) as session:
            return await _every(session), resources.clock()

    table = Table(*(Column(name, overflow="fold", no_wrap=name == "scopes") for name in COLUMNS))
    rows, now = run(work)
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never"
        scopes = "all" if len(row.scopes) == len(Scope) else "\n".join(row.scopes)
        table.add_row(
            str(row.id),
            escape(row.name),
            row.hint,
            _reach(row),
            scopes,
            used,
            _state(row, now),
        )
    out.print(table)


@app.command("scopes")
def list_scopes() -> None:
    """Show the scopes there are, and what Cartino's names mean."""
    table = Table(Column("scope", no_wrap=True), Column("means", overflow="fold"))
    for name in KNOWN:
        table.add_row(name, "")
    for name in sorted(MEANINGS.keys() - KNOWN.keys()):
        table.add_row(name, ", ".join(sorted(scope.value for scope in MEANINGS[name])))
    out.print(table)


@app.command()
def revoke(id: Annotated[int, typer.Argument(help="The key's id, from `keys list`.")]) -> None:
    """Make a key useless, on every server within a second."""

    async def work(resources: Resources) -> str:
        revoked = await change(resources, lambda session: session.api_keys.revoke(id))
        return fail(revoked.message) if isinstance(revoked, Problem) else str(revoked.name)

    name = run(work)
    notes.print(f"Revoked key {id} ({escape(name)}).")


def _scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Of names in our words or Cartino's."""
    found = frozenset[Scope]()
    for name in names:
        known = frozenset({KNOWN[name]}) if name in KNOWN else meaning((name,))
        if not known:
            fail(f"There is no scope {name}; `commerce keys scopes` lists them.")
        found |= known
    return found


async def _every(session: Services) -> list[ApiKeyRow]:
    wanted, rows = session.api_keys.filter(), list[ApiKeyRow]()
    while True:
        args = PageArgs(MAX_PAGE_SIZE, position=(rows[-1].id,) if rows else None)
        page = await session.api_keys.page(wanted, args)
        rows += page.rows
        if not page.has_next:
            return rows


def _hand_out(issued: IssuedKey) -> None:
    """Alone and unstyled on stdout, so that scripts can capture it."""
    if out.is_terminal:
        notes.print("Keep this key: it is not shown again.")
    print(issued.text)  # noqa: T201  # see above
    if issued.password is not None:
        notes.print("Its password, shown this once, is on the second line.")
        print(issued.password)  # noqa: T201  # see above


def _reach(row: ApiKeyRow) -> str:
    """What it is for and, below that, its own rate."""
    dialect = row.dialect or "any"
    calls = row.calls_per_minute
    return dialect if calls is None else f"{dialect}\n{calls}/min"


def _state(row: ApiKeyRow, now: datetime) -> str:
    state = state_of(row, now)
    if state is not KeyState.ACTIVE:
        return str(state.value)
    if row.previous_until is not None and row.previous_until > now:
        return f"rotating until {row.previous_until:%Y-%m-%d %H:%M}"
    return "active" if row.expires_at is None else f"until {row.expires_at:%Y-%m-%d}"
