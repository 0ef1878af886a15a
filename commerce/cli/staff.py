"""`commerce staff`: the first owner, and the way back in for whoever is locked out."""

import sys
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import typer
from rich.markup import escape
from rich.table import Table

from commerce.cli.output import fail, notes, out
from commerce.cli.session import change, run, services
from commerce.core.paging import MAX_PAGE_SIZE, PageArgs
from commerce.core.problems import Problem
from commerce.identity.kinds import Audience, Holder
from commerce.runtime import Resources
from commerce.staff.rules.members import state_of
from commerce.wiring import Services

COLUMNS: Final = ("id", "email", "name", "role", "state", "last sign-in")
ACCEPT: Final = "/staff/accept-invitation"
RESET: Final = "/account/reset-password"
app = typer.Typer(help="The people who work on the store.", no_args_is_help=True)


@app.command("create-owner")
def create_owner(
    email: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="What they are called.")],
    link: Annotated[
        bool, typer.Option("--link", help="Print a link to choose a password, ask for none.")
    ] = False,
) -> None:
    """Add somebody who may do everything. Asks for the password, or reads it from stdin."""
    password = None if link else _asked_password()

    async def work(resources: Resources) -> str:
        async with services(resources) as session:
            member = await session.invitations.create_owner(email, name, password)
            if isinstance(member, Problem):
                fail(member.message)
            if password is not None:
                return ""
            token = await session.invitations.link_token(member)
        return _link(resources, ACCEPT, token)

    _show(run(work))
    notes.print(f"{escape(email)} is an owner.")


@app.command("list")
def list_staff() -> None:
    """Show everybody, invited and deactivated people too."""

    async def work(resources: Resources) -> list[tuple[Any, str]]:
        async with services(resources) as session:
            return await _everybody(session)

    table = Table(*COLUMNS)
    for member, role in run(work):
        seen = member.last_sign_in_at
        table.add_row(
            str(member.id),
            escape(member.email),
            escape(member.name),
            escape(role),
            state_of(member.active, member.accepted_at).value,
            f"{seen:%Y-%m-%d %H:%M}" if seen else "never",
        )
    out.print(table)


@app.command()
def deactivate(id: Annotated[int, typer.Argument(help="The id, from `staff list`.")]) -> None:
    """Let somebody not sign in any more, and sign them out everywhere."""

    async def work(resources: Resources) -> str:
        member = await change(resources, lambda session: session.staff_members.deactivate(id))
        return fail(member.message) if isinstance(member, Problem) else str(member.email)

    notes.print(f"{escape(run(work))} cannot sign in any more.")


@app.command("reset-password")
def reset_password(
    id: Annotated[int, typer.Argument(help="The id, from `staff list`.")],
) -> None:
    """Print a link to choose a new password; it works once, within an hour."""

    async def work(resources: Resources) -> str:
        async with services(resources) as session:
            account = await session.repositories.staff_accounts.by_id(id)
            if account is None or not account.active:
                fail(f"There is nobody with id {id} who can sign in.")
            token = await session.passwords.issue_reset(Holder(Audience.STAFF, id), account)
        return _link(resources, RESET, token)

    _show(run(work))


def _asked_password() -> str:
    """From the terminal without showing it, or the first line of stdin; never an argument, which
    every user of the machine could read.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _link(resources: Resources, path: str, token: str) -> str:
    settings = resources.settings
    base = settings.links_base or f"http://{settings.host}:{settings.port}"
    return f"{base}{path}?{urlencode({'token': token})}"


def _show(link: str) -> None:
    if link:
        print(link)  # noqa: T201  # alone and unstyled on stdout, so that scripts can capture it


async def _everybody(session: Services) -> list[tuple[Any, str]]:
    """The members by name, each with what the role is called."""
    rows: list[Any] = []
    more = True
    while more:
        page = await session.staff_members.page(PageArgs(size=MAX_PAGE_SIZE, offset=len(rows)))
        rows += page.rows
        more = page.has_next
    roles = await session.repositories.roles.by_ids({row.role_id for row in rows})
    return [(row, roles[row.role_id].name) for row in rows]
