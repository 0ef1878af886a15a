"""Stock locations: the type, the list and the mutation."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import LocationFilter
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, require_key
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow

UNSET: Any = strawberry.UNSET


@strawberry.type(description="A place that holds stock.")
class StockLocation(FromRow, Node):
    code: str = public("Name for programs, unique.")
    name: str = public("Name for people.")
    is_default: bool = public("Whether it is meant where no location is named.")
    active: bool = public("Whether its stock can be sold.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")


@strawberry.input(
    description="A location to change (by `id`, or by `code`), or to add when there is none."
)
class StockLocationUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The location to change; absent, the one with this code is."
    )
    code: str | None = strawberry.field(
        default=UNSET, description="Name for programs; made of `name` when absent."
    )
    name: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new location."
    )
    is_default: bool | None = strawberry.field(
        default=UNSET, description="True takes the place of the default location."
    )
    active: bool | None = strawberry.field(
        default=UNSET, description="Whether its stock can be sold."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The location as it is now, or why nothing was changed.")
class StockLocationUpsertPayload:
    stock_location: StockLocation | None = public("The location; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "StockLocationUpsertPayload":
        if isinstance(result, Problem):
            return cls(stock_location=None, user_errors=[user_error(result)])
        return cls(stock_location=StockLocation.of(result), user_errors=[])


@strawberry.input(description="Which stock locations.")
class StockLocationWhere:
    active: bool | None = strawberry.field(
        default=None, description="Whether their stock can be sold."
    )


@strawberry.type
class StockLocationQueries:
    @requires(Scope.READ_STOCK, description="Stock locations, by code.")
    async def stock_locations(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            StockLocationWhere | None,
            strawberry.argument(description="Only these; all when absent."),
        ] = None,
    ) -> Connection[StockLocation]:
        wanted = LocationFilter() if where is None else LocationFilter(where.active)
        paging = Paging(info, list_scope("stock_locations", wanted), first, after, last, before)
        locations = info.context.services.locations
        page = await locations.page(wanted, paging.args)
        return paging.connection(
            page, StockLocation.of, lambda limit: locations.count(wanted, limit)
        )


@strawberry.type
class StockLocationMutations:
    @mutation(
        Scope.WRITE_STOCK, description="Add a stock location, or change the given parts of one."
    )
    async def stock_location_upsert(
        self, info: Info, input: StockLocationUpsertInput
    ) -> StockLocationUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "StockLocation", "id")
        if isinstance(id_, Problem):
            return StockLocationUpsertPayload.of(id_)
        values = given(input, "id", "expected_version")
        locations = info.context.services.locations
        return StockLocationUpsertPayload.of(
            await locations.upsert(id_, values, input.expected_version)
        )
