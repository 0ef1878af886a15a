"""Series of numbers: the type, the list and the mutation."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.invoices.kinds import InvoiceKind
from resolvers.mutations import mutation
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error

READ = Scope.READ_SETTINGS
UNSET: Any = strawberry.UNSET


@strawberry.type(description="Where the numbers of invoices come from, without a gap.")
class InvoiceSeries(Node):
    code: str = requires(READ, description="Name for programs, unique.")
    kind: InvoiceKind = requires(READ, description="What it is for.")
    prefix: str | None = requires(
        READ, description="What numbers begin with; null: as the store's settings say."
    )
    suffix: str | None = requires(
        READ, description="What numbers end with; null: as the store's settings say."
    )
    digits: int = requires(READ, description="How many digits the count has at least.")
    yearly: bool = requires(
        READ, description="Whether it begins anew with each year, which is a part of its numbers."
    )
    is_default: bool = requires(READ, description="Whether it is used when none is named.")
    on_payment: bool = requires(
        READ,
        description="Whether invoices are issued as soon as orders are paid, if it is default.",
    )
    note: str = requires(READ, description="What is printed below all that is issued.")
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "InvoiceSeries":
        copied = {name: getattr(row, name) for name in COPIED}
        return cls(id=node_id("InvoiceSeries", row.id), database_id=row.id, **copied)


COPIED = (
    "code",
    "kind",
    "prefix",
    "suffix",
    "digits",
    "yearly",
    "is_default",
    "on_payment",
    "note",
    "version",
    "created_at",
    "updated_at",
)


@strawberry.input(
    description="A series to change (by `id` or `code`), or to add when there is none."
)
class InvoiceSeriesUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The series to change; absent, the one with this `code` is."
    )
    code: str | None = strawberry.field(
        default=UNSET, description="Name for programs; required for a new series."
    )
    kind: InvoiceKind | None = strawberry.field(
        default=UNSET, description="What it is for; stays once it has given out a number."
    )
    prefix: str | None = strawberry.field(
        default=UNSET, description="What numbers begin with; null takes the store's."
    )
    suffix: str | None = strawberry.field(
        default=UNSET, description="What numbers end with; null takes the store's."
    )
    digits: int | None = strawberry.field(
        default=UNSET, description="How many digits the count has at least: 1 to 12."
    )
    yearly: bool | None = strawberry.field(
        default=UNSET,
        description="Begin anew with each year; stays once it has given out a number.",
    )
    is_default: bool | None = strawberry.field(
        default=UNSET, description="Use it when none is named, in place of the one so far."
    )
    on_payment: bool | None = strawberry.field(
        default=UNSET, description="Issue invoices as soon as orders are paid."
    )
    note: str | None = strawberry.field(
        default=UNSET, description="Printed below all that is issued from now on."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The series as it is now, or why nothing was changed.")
class InvoiceSeriesUpsertPayload:
    invoice_series: InvoiceSeries | None = public("The series; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "InvoiceSeriesUpsertPayload":
        if isinstance(result, Problem):
            return cls(invoice_series=None, user_errors=[user_error(result)])
        return cls(invoice_series=InvoiceSeries.of(result), user_errors=[])


@strawberry.type
class InvoiceSeriesQueries:
    @requires(READ, description="Series of numbers, by code.")
    async def invoice_series(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[InvoiceSeries]:
        paging = Paging(info, "invoice_series", first, after, last, before)
        series = info.context.services.invoice_series
        return paging.connection(await series.page(paging.args), InvoiceSeries.of, series.count)


@strawberry.type
class InvoiceSeriesMutations:
    @mutation(
        Scope.WRITE_SETTINGS,
        description="Add a series of numbers, or change the given parts of one.",
    )
    async def invoice_series_upsert(
        self, info: Info, input: InvoiceSeriesUpsertInput
    ) -> InvoiceSeriesUpsertPayload:
        key = None if input.id is None else require_key(input.id, "InvoiceSeries", "id")
        if isinstance(key, Problem):
            return InvoiceSeriesUpsertPayload.of(key)
        values = given(input, "id", "expected_version", nullable=("prefix", "suffix"))
        series = info.context.services.invoice_series
        return InvoiceSeriesUpsertPayload.of(
            await series.upsert(key, values, input.expected_version)
        )
