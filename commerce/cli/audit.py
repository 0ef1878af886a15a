"""`commerce audit`: letting go of what is old."""

from typing import Annotated

import typer

from commerce.audit.rules import LEAST_DAYS_KEPT
from commerce.cli.output import fail, notes
from commerce.cli.session import change, run
from commerce.core.problems import Problem
from commerce.runtime import Resources

app = typer.Typer(help="The log of who changed what.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The log of who changed what."""


@app.command()
def prune(
    older_than_days: Annotated[
        int, typer.Option(min=LEAST_DAYS_KEPT, help="Delete entries older than this many days.")
    ],
) -> None:
    """Delete old entries. The log itself says that, when and by whom it was done."""

    async def work(resources: Resources) -> int:
        total = 0
        while True:
            pruned = await change(resources, lambda session: session.audit.prune(older_than_days))
            if isinstance(pruned, Problem):
                fail(pruned.message)
            if not pruned:
                return total
            total += pruned

    notes.print(f"{run(work)} entries deleted.")
