"""`commerce oauth`: register programs that get their tokens by OAuth 2."""

from typing import Annotated

import typer

from commerce.cli.keys import Dialect
from commerce.cli.output import fail, notes, out
from commerce.cli.session import change, run
from commerce.core.problems import Problem
from commerce.oauth.kinds import GrantType
from commerce.oauth.rules.clients import ClientTerms
from commerce.oauth.service.clients import RegisteredClient
from commerce.runtime import Resources

app = typer.Typer(help="Programs that get tokens by OAuth 2.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Programs that get tokens by OAuth 2."""


@app.command("create-client")
def create_client(
    name: Annotated[str, typer.Option(help="What staff are shown when they are to let it in.")],
    scope: Annotated[
        list[str], typer.Option(help="What it can be granted at most; give it several times.")
    ],
    grant: Annotated[
        list[GrantType], typer.Option(help="How it gets its tokens; give it several times.")
    ],
    redirect_uri: Annotated[
        list[str] | None,
        typer.Option(help="Where browsers are led back to; give it several times."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="It runs where no secret can be kept.")
    ] = False,
    dialect: Annotated[
        Dialect | None, typer.Option(help="REST dialect of its tokens; without, all of them.")
    ] = None,
) -> None:
    """Register a program and print its id and secret: the only time the secret can be seen."""
    kind = dialect.value if dialect else None
    terms = ClientTerms(
        name, tuple(scope), frozenset(grant), tuple(redirect_uri or ()), public, kind
    )

    async def work(resources: Resources) -> RegisteredClient:
        made = await change(resources, lambda session: session.oauth_clients.create(terms))
        return fail(made.message) if isinstance(made, Problem) else made

    made = run(work)
    if out.is_terminal and made.secret is not None:
        notes.print("The id, and the secret: it is not shown again.")
    print(made.row.client_id)  # noqa: T201  # alone and unstyled on stdout, for scripts
    if made.secret is not None:
        print(made.secret)  # noqa: T201  # see above
