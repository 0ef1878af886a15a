"""Which operations are compiled, and what came of it.

What is compiled is kept with its document, and goes with it. A document of somebody else's is
compiled when it is seen a second time; our own at the start, or when they are first asked for
where that depends on variables.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

from graphql import ExecutionResult
from graphql.execution.values import VariableValues, get_variable_values

from commerce.core.problems import RequestError
from commerce.http.graphql.compiled.compiler import Compiled, compiled
from commerce.http.graphql.compiled.levels import RootError
from commerce.http.graphql.compiled.plan import NotCompiledError, deciding_variables
from commerce.http.graphql.compiled.runtime import UnusualError
from commerce.http.graphql.documents import Document, Operation
from resolvers.context import Context

WORTH_IT: Final = 2
# Settings of the deciding variables that are kept for one operation.
SETTINGS: Final = 16

Variables = Mapping[str, Any]
# A context that has loaded nothing yet, on a unit of work of its own.
Fresh = Callable[[], AbstractAsyncContextManager[Context]]


class Told(Protocol):
    """Who is told of what happens: see `commerce.http.metrics`."""

    def observe_compiled(self, seconds: float) -> None: ...

    def count_executed(self, how: str) -> None:
        """`compiled`, or why it was not."""


class Untold:
    def observe_compiled(self, seconds: float) -> None:
        pass

    def count_executed(self, how: str) -> None:
        pass


UNTOLD: Final = Untold()


class Attempts:
    """Queries have no effects: one that fails compiled is run again by the reference executor."""

    def __init__(self, told: Told = UNTOLD, *, enabled: bool = True) -> None:
        self._told = told
        self._enabled = enabled

    def prepare(self, document: Document) -> None:
        """Compile what it can be known now that it will be run."""
        if not self._enabled or deciding_variables(document.tree):
            return
        for operation in document.operations.values():
            if operation.is_query:
                self._found(document, operation, {})

    async def result(
        self, document: Document, operation: Operation, variables: Variables, fresh: Fresh
    ) -> ExecutionResult | None:
        """What a query answers; None leaves it to the reference executor, from its start."""
        if not self._enabled:
            return None
        try:
            found, values = self._ready(document, operation, variables)
        except NotCompiledError as error:
            self._told.count_executed(error.reason)
            return None
        try:
            async with fresh() as context:
                data = await found.run(context, values)
        except Exception as error:
            self._told.count_executed(reason_of(error))
            return found.refused(error)
        self._told.count_executed("compiled")
        return ExecutionResult(data, None)

    def _ready(
        self, document: Document, operation: Operation, variables: Variables
    ) -> tuple[Compiled, VariableValues]:
        """Raises `NotCompiledError`."""
        operation.tried.seen += 1
        if operation.tried.seen < WORTH_IT and not document.stored:
            raise NotCompiledError("first")
        declared = operation.node.variable_definitions or ()
        values = get_variable_values(document.schema, declared, dict(variables))
        if not isinstance(values, VariableValues):
            raise NotCompiledError("variables")
        found = self._found(document, operation, values.coerced)
        if isinstance(found, str):
            raise NotCompiledError(found)
        return found, values

    def _found(self, document: Document, operation: Operation, values: Variables) -> Compiled | str:
        """For this setting of the variables that directives look at; else a word why not."""
        tried = operation.tried
        if tried.deciding is None:
            tried.deciding = deciding_variables(document.tree)
        choices = {name: values[name] for name in tried.deciding if name in values}
        setting = tuple(choices.get(name) for name in tried.deciding)
        found = tried.settings.get(setting)
        if found is None:
            if len(tried.settings) >= SETTINGS:
                return "settings"
            found = tried.settings[setting] = self._compiled(document, operation, choices)
        return found

    def _compiled(
        self, document: Document, operation: Operation, choices: Mapping[str, bool]
    ) -> Compiled | str:
        try:
            found = compiled(document.schema, document.tree, operation.node, choices)
        except NotCompiledError as error:
            return error.reason
        self._told.observe_compiled(found.seconds)
        return found


def reason_of(error: Exception) -> str:
    """A word for the metrics."""
    if isinstance(error, UnusualError):
        return "unusual"
    return "refused" if isinstance(error, RootError | RequestError) else "error"
