"""A shop that answers every operation with something its types allow, to whoever may ask it.

What it answers, and the calls of routes that go well, are made up as for the OpenAPI documents.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from typing import Any, Final

import httpx
from graphql import OperationDefinitionNode
from graphql.execution.values import get_variable_values
from structlog.testing import capture_logs

from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.dialect_access import Asked, DialectAccess, asked_of
from commerce.http.graphql.documents import Document
from commerce.rest.dialects import DIALECTS
from commerce.rest.openapi.examples import calls_of, sparse_calls_of
from commerce.rest.openapi.plans import MARKED, by_chance
from commerce.rest.openapi.selections import Answers, answers_of
from commerce.rest.openapi.telling import FIRST, Pick, Story
from commerce.rest.operations import operation_text
from commerce.rest.route import Call, Credential, Dialect, Route
from resolvers.schema import core_schema
from tests.support.graphql import schema
from tests.support.rest import BEARER, PaperShop, Told

ROWS: Final = [(dialect, route) for dialect in DIALECTS for route in dialect.routes]
MOST_CALLS: Final = 40
FEW_CALLS: Final = 8
CHANCES: Final = 24
# A token that an answer told of.
TOKEN: Final = re.compile("text [0-9]+")
CUSTOMER: Final = Viewer(ViewerKind.CUSTOMER, 1, session_id=1)
KEY: Final = Viewer(ViewerKind.API_KEY, 1, frozenset(Scope))


def _in_other_form(place: str, count: int) -> int:
    return 0 if place[-1] in MARKED else 1 % count


def _null(place: str, _count: int) -> int:
    return int(place[-1] == "?")


def _null_in_other_form(place: str, count: int) -> int:
    return _null(place, count) or _in_other_form(place, count)


FORMS: Final[tuple[Pick, ...]] = (FIRST, _in_other_form, _null, _null_in_other_form)


@dataclass(frozen=True)
class Prepared:
    document: Document
    answers: Answers


@cache
def access() -> DialectAccess:
    return DialectAccess(core_schema(schema()))


@cache
def prepared(text: str) -> Prepared:
    return Prepared(access().prepare(text), answers_of(core_schema(schema()), text))


@cache
def text_of(dialect: str, operation: str) -> str:
    return operation_text(dialect, operation)


def documents_of(dialect: Dialect, route: Route) -> list[Document]:
    return [prepared(text_of(dialect.name, name)).document for name in route.operations]


def asked_of_row(dialect: Dialect, route: Route) -> Asked:
    """What its operations ask of whoever calls it."""
    return asked_of(documents_of(dialect, route))


def written(value: Any) -> str:
    """Decimals and days as texts, which are taken for them."""
    return json.dumps(value, default=str)


def check(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> None:
    """What a route makes of a call must be what its operation takes."""
    definitions = operation.variable_definitions or ()
    found = get_variable_values(core_schema(schema()), definitions, json.loads(written(variables)))
    assert not isinstance(found, list), found


@dataclass
class MadeUpShop(PaperShop):
    """`pick` says which of the possible answers is given, `viewer` who a good key is.

    `keys` are the idempotency keys that came with what changes something.
    """

    pick: Pick = FIRST
    viewer: Viewer = CUSTOMER
    keys: list[str | None] = field(default_factory=list)

    def prepare(self, text: str) -> Any:
        return prepared(text)

    async def authenticate(self, credential: Credential, dialect: str) -> Viewer | None:
        if TOKEN.fullmatch(credential.key):
            return CUSTOMER
        known = await super().authenticate(credential, dialect)
        return known and self.viewer

    async def execute(
        self, operation: Any, variables: dict[str, Any], *, viewer: Viewer, key: str | None
    ) -> Told:
        (one,) = operation.document.operations.values()
        self.executed.append((one.name, variables, viewer))
        if not one.is_query:
            self.keys.append(key)
        if one.access.refused(viewer, variables):
            return Told(None, [{"message": "Not yours.", "extensions": {"code": "FORBIDDEN"}}])
        check(one.node, variables)
        told = operation.answers.told.tell(Story(0, self.pick, variables))
        return Told({"result": told}, replayed=self.replayed)


@cache
def stage() -> tuple[MadeUpShop, httpx.AsyncClient]:
    """One for all calls: what stands behind it is prepared once."""
    shop = MadeUpShop()
    return shop, shop.client()


@dataclass(frozen=True)
class Good:
    """A call that goes well when answered so."""

    dialect: Dialect
    route: Route
    path: str
    query: str
    body: str
    headers: Mapping[str, str]
    picking: Callable[[], Pick]
    viewer: Viewer

    @property
    def name(self) -> str:
        return f"{self.dialect.name} {self.route.method} {self.path}?{self.query}"

    @property
    def reads(self) -> bool:
        return self.route.method == "GET"

    @property
    def changes(self) -> bool:
        """Some that are posted only calculate."""
        return any(
            not operation.is_query
            for document in documents_of(self.dialect, self.route)
            for operation in document.operations.values()
        )

    async def ask(
        self,
        *,
        method: str = "",
        path: str = "",
        query: str = "",
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, str] | None = None,
        viewer: Viewer | None = None,
        replayed: bool = False,
    ) -> httpx.Response:
        """With a good key unless there are `headers` in its place."""
        shop, client = stage()
        shop.pick, shop.viewer, shop.replayed = self.picking(), viewer or self.viewer, replayed
        shop.keys.clear()
        shop.executed.clear()
        given = BEARER[self.dialect.name] if headers is None else headers
        named = {"X-Api-Dialect": self.dialect.name} if self.dialect.contested else {}
        asked = "&".join(filter(None, (self.query, query)))
        address = (path or self.path) + (f"?{asked}" if asked else "")
        return await client.request(
            method or self.route.method,
            address,
            content=self.body,
            headers={**named, **self.headers, **given, **(more or {})},
        )


_GOOD: list[Good] = []


async def good_calls() -> list[Good]:
    """One of each row, but for those whose steps follow from each other as nothing made up does.

    Of rows that change something it is one that does, if there is any.
    """
    if not _GOOD:
        with capture_logs():  # what does not fit together is written at length
            for dialect, route in ROWS:
                found = await _good(_possible(dialect, route))
                _GOOD.extend([found] if found else [])
    return _GOOD


async def _good(calls: Iterable[Good]) -> Good | None:
    shop, _client = stage()
    second = None
    for each in calls:
        if (await each.ask()).is_success:
            second = second or each
            if shop.keys or not each.changes:
                return each
    return second


def any_calls() -> list[Good]:
    """One of each row, however it is answered."""
    return [next(_possible(dialect, route)) for dialect, route in ROWS]


def _possible(dialect: Dialect, route: Route) -> Iterator[Good]:
    """The plainest first; then what is null, in another form, and what chance tells."""
    every = chain(calls_of(dialect, route), sparse_calls_of(dialect, route))
    calls = [call for call, _other in islice(every, MOST_CALLS)]
    for pick in FORMS:
        yield from (_possibly(dialect, route, call, lambda pick=pick: pick) for call in calls)
    for chance in range(CHANCES):
        picking = by_chance(chance).picking
        yield from (_possibly(dialect, route, call, picking) for call in calls[:FEW_CALLS])


def _possibly(dialect: Dialect, route: Route, call: Call, picking: Callable[[], Pick]) -> Good:
    return Good(
        dialect,
        route,
        call.path,
        str(call.query),
        "" if call.body is None else written(call.body),
        {name: value for name, value in call.sent.items() if name in route.headers},
        picking,
        CUSTOMER if asked_of_row(dialect, route).own else KEY,
    )
