"""Runs one operation for one viewer: everything between a document and its answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from inspect import isawaitable
from typing import Any, Final, Self, TypeVar, cast

from graphql import GraphQLSchema
from graphql.execution import ExecutionResult

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.problems import ForbiddenError, RequestError, UnauthenticatedError
from commerce.core.viewer import Viewer, ViewerKind
from commerce.http.graphql.compiled.attempts import UNTOLD, Attempts, Fresh, Told
from commerce.http.graphql.cost import variables_of
from commerce.http.graphql.documents import Document, Documents, Operation
from commerce.http.graphql.errors import (
    BAD_USER_INPUT,
    UNAVAILABLE,
    Json,
    RefusedError,
    broken,
    not_allowed,
    refused,
    refused_by,
    shown,
    unavailable,
    wrong_document,
)
from commerce.http.graphql.idempotency import REPLAYED, MutationExecutor, Sent
from commerce.http.graphql.lean import LeanExecutor, is_awaitable
from commerce.http.graphql.library import Documents as AnyDocuments
from commerce.http.graphql.library import Library, Reference
from commerce.http.graphql.limits import LimitExceededError, LimitTable
from commerce.http.graphql.manifest import NO_MANIFEST, Manifest
from commerce.http.graphql.report import cost_report, limits_report
from commerce.http.graphql.requests import BAD_REQUEST
from commerce.http.graphql.variables import check_variables
from commerce.http.graphql.views import EitherDocuments
from commerce.http.record import RequestRecord, current_record
from commerce.idempotency.problems import InFlightError, KeyReusedError
from resolvers.context import Context
from resolvers.permissions import field_policies

Result = TypeVar("Result")
ContextFor = Callable[[UnitOfWork, Viewer], Context]
Variables = Mapping[str, Any]
# Takes what an operation costs before it runs, or raises.
Charge = Callable[[int], Awaitable[None]]

NO_VARIABLES: Final[Variables] = {}
METHOD_NOT_ALLOWED: Final = "METHOD_NOT_ALLOWED"
ELSEWHERE: Final = "Subscriptions are answered over WebSocket, and at /graphql/stream."
# Errors of a field that speak for the whole request when it shows nothing: it can be sent again.
SPEAKING: Final = {
    UNAVAILABLE: 503,
    InFlightError.code: InFlightError.status,
    KeyReusedError.code: KeyReusedError.status,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request; `status` is the HTTP status that says it best.

    `executed` False means that nothing ran: there is no `data`, not even null. `lenient` answers
    are 200 in the older media type.
    """

    data: Json | None = None
    errors: list[Json] = field(default_factory=list)
    extensions: Json = field(default_factory=dict)
    statements: int = 0
    status: int = 200
    executed: bool = True
    lenient: bool = False

    @property
    def code(self) -> str | None:
        """The first error's code."""
        return self.errors[0]["extensions"]["code"] if self.errors else None

    @property
    def replayed(self) -> bool:
        """Whether any of it was answered before, under the same idempotency key."""
        return REPLAYED in self.extensions

    def body(self) -> Json:
        """The answer as GraphQL prints it."""
        body: Json = {"errors": self.errors} if self.errors else {}
        if self.executed:
            body["data"] = self.data
        if self.extensions:
            body["extensions"] = self.extensions
        return body


@dataclass(frozen=True, slots=True)
class ExecutorOptions:
    """`production` hides introspection and suggestions from visitors, and limits from all."""

    timeout: float = 15
    production: bool = True
    limits: LimitTable = field(default_factory=LimitTable)
    manifest: Manifest = NO_MANIFEST
    compiled: bool = True
    told: Told = UNTOLD


class Executor:
    """The door to the schema, for GraphQL requests and for stored operations alike."""

    def __init__(
        self,
        schema: GraphQLSchema,
        open_unit: OpenUnit,
        context_for: ContextFor,
        options: ExecutorOptions = ExecutorOptions(),
    ) -> None:
        self._open_unit = open_unit
        self._context_for = context_for
        self._options = options
        self._documents = self._documents_of(schema)
        self._attempts = Attempts(options.told, enabled=options.compiled)
        self._library = self._library_of(self._documents)

    def over(self, view: GraphQLSchema) -> Self:
        """The same for documents of another view of the schema, and still for the schema's own."""
        other = copy(self)
        documents = EitherDocuments(self._documents_of(view), self._documents)
        other._library = self._library_of(documents)
        return other

    def _library_of(self, documents: AnyDocuments) -> Library:
        library = Library(documents, self._options.manifest)
        for document in library.trusted:
            self._attempts.prepare(document)
        return library

    def _documents_of(self, schema: GraphQLSchema) -> Documents:
        options = self._options
        return Documents(
            schema, field_policies(schema), options.limits, hide_suggestions=options.production
        )

    def prepare(self, query: str) -> Document:
        """A stored operation, to be given to `execute` as often as needed.

        Raises `RefusedError` when the schema does not know what it asks for. The limits that
        documents of strangers keep do not apply to it; policies do.
        """
        document = self._documents.stored(query)
        self._attempts.prepare(document)
        return document

    async def execute(
        self,
        query: str | Reference | Document,
        variables: Variables | None = None,
        operation_name: str | None = None,
        *,
        viewer: Viewer,
        only_queries: bool = False,
        charge: Charge | None = None,
        key: str | None = None,
    ) -> Answer:
        """Never raises for what a caller can send; `only_queries` is for GET.

        What `charge` raises is let through: nothing is run then. `key` is the idempotency key of
        a mutation; our own documents need none.
        """
        record = current_record() or RequestRecord("")
        record.viewer = viewer.name
        given = NO_VARIABLES if variables is None else variables
        try:
            document = query if isinstance(query, Document) else self._library.find(query, viewer)
            operation = document.operation(operation_name)
            record.operation, record.stored = operation.name, document.stored
            if operation.is_subscription:
                raise refused(BAD_REQUEST, ELSEWHERE)
            if only_queries and not operation.is_query:
                raise refused(METHOD_NOT_ALLOWED, "Only queries may use GET.", 405)
            self._check(document, operation, given, viewer, record)
            if charge is not None:
                await charge(record.cost)
            sent = Sent(viewer, key, given, lenient=query is document)
            return await self._run(document, operation, sent, record)
        except RefusedError as refusal:
            return refusal_answer(refusal, record)

    def _check(
        self,
        document: Document,
        operation: Operation,
        variables: Variables,
        viewer: Viewer,
        record: RequestRecord,
    ) -> None:
        """Compares what the document asks for with what this viewer may ask for."""
        needs = operation.access.refused(viewer, variables)
        if needs:
            raise not_allowed(needs, viewer)
        limits = self._options.limits.of(viewer)
        try:
            if operation.access.introspects:
                self._check_introspection(viewer)
            if variables:
                check_variables(variables, limits)
            record.cost = operation.cost.value(variables_of(operation.node, variables))
            record.cost_limit = limits.cost
            if record.cost > limits.cost and not document.stored:
                message = f"The operation costs {record.cost}, at most {limits.cost} are allowed."
                raise LimitExceededError("cost", limits.cost, message)
        except RequestError as error:
            raise refused_by(error) from None

    def _check_introspection(self, viewer: Viewer) -> None:
        if self._options.production and viewer.in_storefront:
            stranger = viewer.kind is ViewerKind.ANONYMOUS
            kind = UnauthenticatedError if stranger else ForbiddenError
            raise kind("Introspection needs an API key.")

    async def _run(
        self,
        document: Document,
        operation: Operation,
        sent: Sent,
        record: RequestRecord,
    ) -> Answer:
        work = self._execute(document, operation, sent, partial(self._fresh, sent.viewer, record))
        result = await self._in_time(work, record)
        return self._answer(result, operation, sent.viewer, record)

    @asynccontextmanager
    async def _fresh(self, viewer: Viewer, record: RequestRecord) -> AsyncIterator[Context]:
        """A context that has loaded nothing yet, on a unit of work of its own."""
        async with self._open_unit() as uow:
            try:
                yield self._context_for(uow, viewer)
            finally:
                record.statements += uow.statements

    async def _in_time(self, work: Awaitable[Result], record: RequestRecord) -> Result:
        """Raises `RefusedError` for all that goes wrong."""
        try:
            async with asyncio.timeout(self._options.timeout):
                return await work
        except RefusedError:
            raise
        except RequestError as error:
            raise refused_by(error) from error
        except TimeoutError:
            raise unavailable("The request took too long.", record.request_id) from None
        except Exception as error:
            raise broken(error, record.request_id) from error

    async def _execute(
        self, document: Document, operation: Operation, sent: Sent, fresh: Fresh
    ) -> ExecutionResult:
        if operation.is_query:
            answered = await self._attempts.result(document, operation, sent.variables, fresh)
            if answered is not None:
                return answered
        kind = LeanExecutor if operation.is_query else MutationExecutor
        async with fresh() as context:
            prepared = self._prepared(kind, document, operation, sent.variables, context)
            if isinstance(prepared, MutationExecutor):
                prepared.sent = sent
            found = prepared.execute_operation()
            return cast(ExecutionResult, await found if isawaitable(found) else found)

    def _prepared(
        self,
        kind: type[LeanExecutor],
        document: Document,
        operation: Operation,
        variables: Variables,
        context: Context,
        root: object = None,
    ) -> LeanExecutor:
        """graphql-core's executor; raises `RefusedError` for variables that do not fit."""
        prepared = kind.build(
            document.schema,
            document.tree,
            root,
            context,
            dict(variables),
            operation.name,
            is_awaitable=is_awaitable,
            hide_suggestions=self._options.production,
        )
        if isinstance(prepared, list):
            raise wrong_document(BAD_USER_INPUT, prepared)
        return cast(LeanExecutor, prepared)

    def _answer(
        self, result: ExecutionResult, operation: Operation, viewer: Viewer, record: RequestRecord
    ) -> Answer:
        errors = shown(result.errors, record.request_id, operation.name) if result.errors else []
        code = _speaking(errors) if _is_empty(result.data) else None
        if code is not None:
            raise RefusedError(code, errors, SPEAKING[code], reason=code.lower())
        extensions = cost_report(record) | (result.extensions or {})
        if not self._options.production:
            extensions |= limits_report(self._options.limits.of(viewer))
        return Answer(result.data, errors, extensions, record.statements)


def _is_empty(data: Json | None) -> bool:
    """Whether an answer shows nothing at all: to retry the request then costs no result."""
    return data is None or all(value is None for value in data.values())


def _speaking(errors: list[Json]) -> str | None:
    """The code of the first error that speaks for the request."""
    codes = (error["extensions"]["code"] for error in errors)
    return next((code for code in codes if code in SPEAKING), None)


def refusal_answer(refusal: RefusedError, record: RequestRecord | None = None) -> Answer:
    """The answer to a request that was not executed, written down in the request's record."""
    record = record or current_record() or RequestRecord("")
    record.refused = refusal.reason
    return Answer(
        errors=refusal.errors,
        extensions=cost_report(record),
        statements=record.statements,
        status=refusal.status,
        executed=False,
        lenient=refusal.lenient,
    )
