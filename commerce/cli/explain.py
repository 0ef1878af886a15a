"""`commerce explain`: how a query is executed, and what it costs."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from sqlalchemy.dialects import postgresql

from commerce.cli.output import fail, out, told
from commerce.cli.session import run
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Viewer
from commerce.runtime import Resources

Variables = dict[str, Any]
ContextFor = Callable[[UnitOfWork, Viewer], Any]
DIALECT: Final[Any] = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy


@dataclass(frozen=True, slots=True)
class Explained:
    """`how` is `compiled`, or a word for why the reference executor ran it."""

    how: str
    cost: int
    plan: str
    source: str
    statements: list[str]
    errors: list[str]

    def sections(self) -> Iterator[tuple[str, str]]:
        if self.plan:
            yield "Plan", self.plan
            yield "Source", self.source
        numbered = [f"{place}. {text}" for place, text in enumerate(self.statements, 1)]
        yield "Statements", "\n".join(numbered)
        yield "Cost", f"{self.cost} points, {len(self.statements)} statements, {self.how}"
        if self.errors:
            yield "Errors", "\n".join(self.errors)


def explain(
    file: Annotated[Path, typer.Argument(help="A GraphQL document.")],
    variables: Annotated[str, typer.Option(help="The variables, as JSON.")] = "{}",
    operation: Annotated[str | None, typer.Option(help="Which operation, of several.")] = None,
) -> None:
    """Run a query on the store; print its plan, the Python it becomes, its SQL and its cost."""
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        fail(told(error))
    given = _variables(variables)
    explained = run(lambda resources: _explained(resources, text, given, operation))
    for title, lines in explained.sections():
        out.print(f"\n[bold]{title}[/]")
        out.print(lines, markup=False, highlight=False)


def _variables(text: str) -> Variables:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        fail("The variables must be a JSON object.")
    return given


async def _explained(
    resources: Resources, text: str, variables: Variables, name: str | None
) -> Explained:
    # Making the types takes half of the time in which every other command is done.
    from commerce.app import context_factory
    from commerce.http.graphql.compiled.compiler import Compiled
    from commerce.http.graphql.compiled.outline import outline
    from commerce.http.graphql.errors import RefusedError
    from commerce.http.graphql.execute import Executor, ExecutorOptions
    from resolvers.schema import build_schema, core_schema

    statements: list[str] = []
    told = _Told()
    executor = Executor(
        core_schema(build_schema()),
        resources.open_unit,
        _hearing(context_factory(resources), statements),
        ExecutorOptions(production=False, told=told),
    )
    try:
        document = executor.prepare(text)
        operation = document.operation(name)
    except RefusedError as refusal:
        fail(" ".join(error["message"] for error in refusal.errors))
    if not operation.is_query:
        fail("Only queries can be explained: they change nothing.")
    answer = await executor.execute(document, variables, name, viewer=SYSTEM)
    compiled = [each for each in operation.tried.settings.values() if isinstance(each, Compiled)]
    return Explained(
        told.how,
        answer.extensions.get("cost", {}).get("requested", 0),
        "\n".join(outline(compiled[0].plan)) if compiled else "",
        compiled[0].source.text if compiled else "",
        statements,
        [error["message"] for error in answer.errors],
    )


def _hearing(contexts: ContextFor, statements: list[str]) -> ContextFor:
    """Contexts whose statements are written down."""

    def hear(statement: Any) -> None:
        statements.append(" ".join(str(statement.compile(dialect=DIALECT)).split()))

    def context(uow: UnitOfWork, viewer: Viewer) -> Any:
        uow.heard = hear
        return contexts(uow, viewer)

    return context


class _Told:
    """Remembers how the query was executed."""

    how = "not executed"

    def observe_compiled(self, seconds: float) -> None:
        pass

    def count_executed(self, how: str) -> None:
        self.how = how
