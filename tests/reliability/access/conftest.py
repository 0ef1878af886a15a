"""Everybody who may call: real credentials of each kind, as headers, and who they stand for."""

import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork, units_on
from commerce.core.ids import global_id, parse_global_id
from commerce.core.prepared import driver_of
from commerce.core.stamp import Stamp
from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope, Viewer, ViewerKind
from commerce.http.graphql.compiled.attempts import Attempts
from commerce.http.graphql.documents import Document, Documents
from commerce.http.graphql.kept import Kept
from commerce.identity.kinds import Audience, Holder
from commerce.staff.models import ApiKey, Role, StaffMember
from commerce.staff.rules.api_keys import DIALECTS
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from tests.conftest import STAMPING, OneConnection
from tests.reliability.access.things import add_things
from tests.support.operations import RootField, Slot, document, everywhere, variables
from tests.support.personal import Person, add_person
from tests.support.services import PORTS

NOW = system_clock()
# Nothing, each scope alone, everything.
STAFF: tuple[frozenset[Scope], ...] = (
    frozenset(),
    *(frozenset({scope}) for scope in Scope),
    frozenset(Scope),
)
ABSENT = 999_999_999
PROBE = global_id("Nothing", ABSENT)
KEYS = (None, *DIALECTS)
BAD: dict[str, dict[str, Any]] = {
    "expired key": {"expires_at": NOW - timedelta(days=1)},
    "revoked key": {"revoked_at": NOW},
}
# Mutations are run by the reference executor alone.
EXECUTORS: dict[str, tuple[str, ...]] = {
    "query": ("compiled", "reference"),
    "mutation": ("reference",),
}
if os.environ.get("COMMERCE_TEST_EXECUTOR") == "reference":  # noqa: TID251  # the suite's own switch
    EXECUTORS["query"] = ("reference",)
# By schema: there is one for all applications, and each may have views of it.
CHECKED: dict[int, tuple[Any, Kept[Document]]] = {}
MOST_CHECKED = (10_000, 10_000_000)


@asynccontextmanager
async def savepoint(connection: AsyncConnection, name: str, *, keep: bool) -> AsyncIterator[None]:
    """What is done inside is undone when an exception ends it, or when it is not to be kept.

    SQLAlchemy numbers its own: each is parsed anew, by it and by the server, which was half of
    what these tests cost.
    """
    assert connection.sync_connection is not None
    driver = driver_of(connection.sync_connection)
    assert driver.is_in_transaction()
    release = f"RELEASE SAVEPOINT {name}"
    undo = f"ROLLBACK TO SAVEPOINT {name}; {release}"
    await driver.execute(f"SAVEPOINT {name}")
    try:
        yield
    except BaseException:
        await driver.execute(undo)
        raise
    await driver.execute(release if keep else undo)


class Frugal(OneConnection):
    """The test's connection, with savepoints that cost less."""

    @asynccontextmanager
    async def writer(
        self, stamp: Stamp = Stamp(), *, further: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        async with savepoint(self._connection, "written", keep=True):
            await self._connection.execute(STAMPING, stamp.values())
            yield self._connection


@pytest.fixture
def open_unit(connection: AsyncConnection) -> OpenUnit:
    return units_on(Frugal(connection))


@pytest.fixture(autouse=True)
def checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every caller sends the same documents to an application of their own: what each text is
    checked for does not depend on who sends it, and is known from one test to the next.
    """
    init = Documents.__init__

    def known(documents: Documents, schema: Any, *given: Any, **named: Any) -> None:
        init(documents, schema, *given, **named)
        _, documents._kept = CHECKED.setdefault(id(schema), (schema, Kept(*MOST_CHECKED)))

    monkeypatch.setattr(Documents, "__init__", known)


@dataclass(frozen=True)
class Actor:
    """`viewer` None: the credential is not good (any more)."""

    name: str
    viewer: Viewer | None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cast:
    """Ada and Ben are customers of whom everything is known. `own` are the ids of what is Ada's,
    `others` of what is Ben's or only for staff, by kind.
    """

    actors: dict[str, Actor]
    ada: Person
    ben: Person
    others: dict[str, str]

    @property
    def own(self) -> dict[str, str]:
        return self.ada.by_kind


def names() -> Iterator[str]:
    yield from ("anonymous", "guest", "ada", "ben")
    yield from (staff_name(scopes) for scopes in STAFF)
    yield from (key_name(dialect) for dialect in KEYS)
    yield from (*BAD, "forged token")


def staff_name(scopes: frozenset[Scope]) -> str:
    if len(scopes) > 1:
        return "staff with all scopes"
    return "staff " + ("without scopes" if not scopes else f"with {next(iter(scopes)).value}")


def key_name(dialect: str | None) -> str:
    return f"key for {dialect or 'anything'}"


@pytest.fixture
async def cast(uow: UnitOfWork) -> Cast:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    ada, ben = await add_person(uow, "ada"), await add_person(uow, "ben")
    actors = [
        Actor("anonymous", ANONYMOUS),
        Actor("guest", Viewer(ViewerKind.GUEST), {"X-Guest-Token": "g" * 32}),
        Actor("forged token", None, bearer("eyJhbGciOiJub25lIn0.e30.")),
    ]
    for name, person in (("ada", ada), ("ben", ben)):
        viewer = Viewer(ViewerKind.CUSTOMER, person.id)
        actors.append(await signed_in(services, name, viewer, Audience.STOREFRONT))
    actors += [await member(services, uow, scopes) for scopes in STAFF]
    actors += [await key(services, dialect) for dialect in KEYS]
    actors += [await bad_key(services, uow, name, values) for name, values in BAD.items()]
    others = ben.by_kind | await add_things(uow, services, ben)
    return Cast({actor.name: actor for actor in actors}, ada, ben, others)


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def signed_in(services: Services, name: str, viewer: Viewer, audience: Audience) -> Actor:
    assert viewer.id is not None
    issued = await services.sessions.open(Holder(audience, viewer.id))
    return Actor(name, viewer, bearer(issued.access_token))


async def member(services: Services, uow: UnitOfWork, scopes: frozenset[Scope]) -> Actor:
    name, values = staff_name(scopes), [scope.value for scope in scopes]
    role = insert(Role).values(name=name, scopes=values).returning(col(Role.id))
    person = {
        "email": f"{name.replace(' ', '.')}@store.test",
        "name": name,
        "role_id": await uow.scalar(role),
        "password_hash": "none",
        "accepted_at": NOW,
    }
    id_ = await uow.scalar(insert(StaffMember).values(person).returning(col(StaffMember.id)))
    viewer = Viewer(ViewerKind.STAFF, id_, scopes)
    return await signed_in(services, name, viewer, Audience.STAFF)


async def key(services: Services, dialect: str | None) -> Actor:
    issued = await services.api_keys.create(key_name(dialect), frozenset(Scope), dialect)
    assert isinstance(issued, IssuedKey)
    viewer = Viewer(ViewerKind.API_KEY, issued.row.id, frozenset(Scope), dialect)
    return Actor(key_name(dialect), viewer, bearer(issued.text))


async def bad_key(services: Services, uow: UnitOfWork, name: str, values: dict[str, Any]) -> Actor:
    issued = await services.api_keys.create(name, frozenset(Scope))
    assert isinstance(issued, IssuedKey)
    await uow.change(update(ApiKey).where(col(ApiKey.id) == issued.row.id).values(values))
    return Actor(name, None, bearer(issued.text))


@dataclass
class Executors:
    """The one that is asked runs what follows. `ran` counts queries by who was asked, and by
    whether a compiled query answered.
    """

    asked: str = "compiled"
    ran: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def answering(self) -> set[str]:
        """Those that answered most of what they were asked."""
        own = (("compiled", True), ("reference", False))
        return {by for by, kind in own if self.ran[by, kind] > self.ran[by, not kind]}


@pytest.fixture
def executors(monkeypatch: pytest.MonkeyPatch) -> Executors:
    executors, result = Executors(), Attempts.result

    async def tried(attempts: Attempts, *given: Any) -> Any:
        found = None
        if executors.asked == "compiled":
            found = await result(attempts, *given)
        executors.ran[executors.asked, found is not None] += 1
        return found

    monkeypatch.setattr(Attempts, "result", tried)
    return executors


@dataclass
class Caller:
    """Sends operations as an actor; whatever they change is undone at once."""

    client: httpx.AsyncClient
    connection: AsyncConnection
    executors: Executors
    actor: Actor

    async def send(
        self, field: RootField, selection: str, variables: dict[str, Any], by: str = "compiled"
    ) -> dict[str, Any]:
        self.executors.asked = by
        # A lone surrogate only travels escaped.
        body = json.dumps({"query": document(field, selection), "variables": variables})
        headers = {"Content-Type": "application/json", **self.actor.headers}
        async with savepoint(self.connection, "asked", keep=False):
            response = await self.client.post("/graphql", content=body, headers=headers)
        answer: dict[str, Any] = response.json()
        assert response.status_code < 500, (field.id, answer)
        assert "INTERNAL_SERVER_ERROR" not in codes(answer), (field.id, answer)
        return answer

    async def kinds(self, field: RootField, slot: Slot, asked: set[str]) -> set[str]:
        """What the ids that are put there may be of; nothing where that is said by the id."""
        asked.clear()
        await self.send(field, "{ __typename }", variables(field, slot, PROBE, everywhere(PROBE)))
        return set(asked)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The kinds that the id which is of none was compared with."""
    compared: set[str] = set()

    class Kind(str):
        def __eq__(self, other: object) -> bool:
            compared.add(str(other))
            return False

        __hash__ = str.__hash__

    def parse(text: str) -> tuple[str, int] | None:
        return (Kind(), ABSENT) if text == PROBE else parse_global_id(text)

    monkeypatch.setattr("resolvers.nodes.parse_global_id", parse)
    return compared


@pytest.fixture
def calling(
    client: httpx.AsyncClient, connection: AsyncConnection, executors: Executors
) -> Callable[[Actor], Caller]:
    return lambda actor: Caller(client, connection, executors, actor)


def codes(answer: dict[str, Any]) -> set[str]:
    return {error["extensions"]["code"] for error in answer.get("errors", ())}
