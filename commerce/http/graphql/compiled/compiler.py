"""An operation, compiled: planned, written, and run for one request."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import thread_time
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    is_non_null_type,
    located_error,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path

from commerce.http.graphql.compiled.levels import Queue, RootError, answered
from commerce.http.graphql.compiled.plan import Choices, FieldPlan, ObjectPlan, plan_of
from commerce.http.graphql.compiled.source import Source, source_of
from commerce.http.graphql.lean import is_awaitable
from resolvers.context import Context

Bind = Callable[..., Callable[[Any], dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Runs one operation, for one setting of the variables that its directives look at."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    plan: ObjectPlan
    source: Source
    bind: Bind
    seconds: float

    def run(self, context: Context, variables: VariableValues) -> Awaitable[dict[str, Any]]:
        """The data, when nothing unusual happens; raises when anything does."""
        arguments = [
            get_argument_values(site.definition, site.nodes[0], variables)
            for site in self.source.sites
        ]
        infos = [self._info(site, context, variables) for site in self.source.infos]
        first: Queue = deque()
        later: Queue = deque()
        root = self.bind(_Info(context), infos, arguments, first.append, later.append)
        return answered(root, first, later)

    def refused(self, error: Exception) -> ExecutionResult | None:
        """What the reference executor would say of an error, when that is known without it.

        A field that is all there is of the root would be refused once more, after as long a wait.
        """
        (asked, *others) = self.plan.fields.values()
        if not isinstance(error, RootError) or asked is None or others:
            return None
        located = located_error(error.refusal, asked.nodes, [asked.key])
        missing = is_non_null_type(asked.definition.type)
        return ExecutionResult(None if missing else {asked.key: None}, [located])

    def _info(
        self, site: FieldPlan, context: Context, variables: VariableValues
    ) -> GraphQLResolveInfo[Context]:
        """For resolvers that Strawberry wraps. It says nothing of where in a list the field is."""
        return GraphQLResolveInfo(
            site.name,
            site.nodes,
            site.definition.type,
            site.parent,
            Path(None, site.key, site.parent.name),
            self.schema,
            dict(self.fragments),
            None,
            self.operation,
            variables,
            context,
            is_awaitable,
            None,
            None,  # type: ignore[arg-type]  # nobody asks it for help
        )


@dataclass(frozen=True, slots=True)
class _Info:
    """All that our resolvers look at."""

    context: Context


def compiled(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    choices: Choices,
) -> Compiled:
    """Raises `NotCompiledError`."""
    started = thread_time()
    plan = plan_of(schema, document, operation, choices)
    source = source_of(plan)
    names: dict[str, Any] = dict(source.names)
    exec(compile(source.text, "<compiled query>", "exec"), names)  # noqa: S102  # we wrote it
    bind: Bind = names.pop("bind")  # whose globals these are: the two would hold each other
    fragments = {
        part.name.value: part
        for part in document.definitions
        if isinstance(part, FragmentDefinitionNode)
    }
    seconds = thread_time() - started
    return Compiled(schema, operation, fragments, plan, source, bind, seconds)
