"""A schema for tests of everything around a schema: small, and with fields that misbehave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import strawberry
from aiodataloader import DataLoader
from graphql import GraphQLSchema
from sqlalchemy import Integer, bindparam, text
from strawberry.schema.config import StrawberryConfig

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.problems import BadInputError, UnavailableError
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.http.graphql.execute import Executor, ExecutorOptions
from resolvers.costs import ListSize
from resolvers.permissions import public, requires
from resolvers.scalars import JSON, SCALARS

KEYED = Viewer(ViewerKind.API_KEY, 7, frozenset({Scope.READ_STOCK}))
CANARY = "canary-4f1d"


@dataclass(frozen=True)
class ShopContext:
    uow: UnitOfWork
    viewer: Viewer


Info = strawberry.Info[ShopContext, None]


class NapLoader(DataLoader[float, int]):
    """Seconds -> 1, after the database has slept that long."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__()
        self._uow = uow

    async def batch_load_fn(self, keys: list[float]) -> list[int]:
        await self._uow.scalar(text(f"SELECT pg_sleep({max(keys)})"))
        await self._uow.scalar(text("SELECT 1"))
        return [1 for _ in keys]


@strawberry.interface(description="Has an id.")
class Thing:
    id: strawberry.ID = public("Its id.")


@strawberry.type(description="A variant.")
class Item(Thing):
    sku: str = public("Its code.")
    stock: int = requires(Scope.READ_STOCK, description="How many there are.")


@strawberry.type(description="A row.")
class ItemEdge:
    node: Item = public("The variant.")
    cursor: str = public("Its place.")


@strawberry.type(description="A page.")
class PageInfo:
    has_next_page: bool = public("Whether there is more.")


@strawberry.type(description="A page of variants.")
class ItemConnection:
    nodes: list[Item] = public("The rows.")

    @public("The rows with their places.")
    def edges(self) -> list[ItemEdge]:
        return [ItemEdge(node=node, cursor="c") for node in self.nodes]

    @public("Where the page stands.")
    def page_info(self) -> PageInfo:
        return PageInfo(has_next_page=False)


@strawberry.type(description="A product.")
class Good(Thing):
    name: str = public("Its name.")

    @public("Itself.")
    def same(self) -> "Good":
        return self

    @public("Its variants.")
    async def items(self, first: int = 20) -> ItemConnection:
        return ItemConnection(
            nodes=[Item(id=strawberry.ID(str(n)), sku=f"S{n}", stock=n) for n in range(first)]
        )


@strawberry.type(description="A page of products.")
class GoodConnection:
    nodes: list[Good] = public("The rows.")


GOOD = Good(id=strawberry.ID("1"), name="Chair")


@strawberry.type(description="Everything that can be read.")
class Query:
    @public("A product.")
    def good(self, id: strawberry.ID = strawberry.ID("1")) -> Good | None:
        return Good(id=id, name="Chair")

    @public("Products.")
    def goods(self, first: int = 20) -> GoodConnection:
        return GoodConnection(nodes=[GOOD] * first)

    @public("Products with a word.")
    def search(self, first: int = 20) -> GoodConnection:
        return GoodConnection(nodes=[GOOD] * first)

    @public("Things by their ids.")
    def things(self, ids: list[strawberry.ID]) -> list[Thing]:
        return [Good(id=id_, name="Chair") for id_ in ids]

    @public("A thing.")
    def thing(self) -> Thing | None:
        return Item(id=strawberry.ID("1"), sku="S1", stock=1)

    @public("Some products.", directives=[ListSize(assumed_size=30)])
    def some(self) -> list[Good]:
        return [GOOD] * 30

    @public("What came in.")
    def echo(self, text: str) -> str:
        return text

    @public("A decimal as it came in.")
    def exactly(self, amount: Decimal) -> Decimal:
        return amount

    @public("Any JSON as it came in.")
    def json(self, value: JSON) -> JSON:
        return value

    @public("Who asks.")
    def viewer(self, info: Info) -> str:
        return info.context.viewer.name

    @public("One statement.")
    async def one(self, info: Info) -> int | None:
        found: int = await info.context.uow.scalar(text("SELECT 1"))
        return found

    @public("The database sleeps.")
    async def nap(self, info: Info, seconds: float) -> int:
        return await NapLoader(info.context.uow).load(seconds)

    @public("The server sleeps.")
    async def wait(self, seconds: float) -> int:
        await asyncio.sleep(seconds)
        return 1

    @public("A bug.")
    def broken(self) -> str | None:
        raise ValueError(f"{CANARY} SELECT * FROM api_keys")

    @public("A bug of the type's.")
    def wrong(self) -> int | None:
        return f"not a number {CANARY}"  # type: ignore[return-value]  # that is the bug

    @public("Asked wrongly.")
    async def refused(self) -> int:
        await asyncio.sleep(0.05)
        raise BadInputError("Not like this.")

    @public("The database is away.")
    def away(self) -> int:
        raise UnavailableError("The database is not available right now.")

    @public("SQL that no database takes.")
    async def bad_sql(self, info: Info, value: str) -> int | None:
        found: int = await info.context.uow.scalar(text("SELECT :x / 0").bindparams(x=value))
        return found

    @public("A value of the wrong type.")
    async def wrong_type(self, info: Info, value: str) -> int | None:
        number = bindparam("x", value, Integer)
        found: int = await info.context.uow.scalar(text("SELECT :x").bindparams(number))
        return found

    @public("A row that is there already.")
    async def twice(self, info: Info, value: str) -> int | None:
        add = text("INSERT INTO attributes (code, label) VALUES (:x, :x), (:x, :x)")
        return await info.context.uow.change(add.bindparams(x=value))


@strawberry.input(description="A tree.")
class TreeInput:
    name: str = ""
    children: list["TreeInput"] | None = None


@strawberry.type(description="Everything that can be changed.")
class Mutation:
    @public("Changes nothing.")
    async def change(self, tree: TreeInput | None = None) -> Good:
        return GOOD


def shop_schema() -> GraphQLSchema:
    schema = strawberry.Schema(
        Query,
        Mutation,
        types=[Item],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    return schema._schema


class NoDatabase:
    """A unit of work for what needs none."""

    statements = 0

    async def scalar(self, _statement: Any) -> int:
        self.statements += 1
        return 1


@asynccontextmanager
async def no_database() -> AsyncIterator[UnitOfWork]:
    yield NoDatabase()  # type: ignore[misc]  # as much of one as these resolvers use


def shop_executor(
    open_unit: OpenUnit = no_database, options: ExecutorOptions = ExecutorOptions()
) -> Executor:
    return Executor(shop_schema(), open_unit, ShopContext, options)
