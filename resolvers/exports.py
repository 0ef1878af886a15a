"""Exports: asked for, and fetched when they are made."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import BadInputError
from commerce.exports.kinds import ExportFormat, ExportKind
from commerce.exports.rules.wheres import EVERY, Where
from resolvers.context import Info
from resolvers.customers.filters import CustomerWhere
from resolvers.enums import described
from resolvers.filters import optional
from resolvers.mutations import mutation
from resolvers.nodes import key_of, node_id
from resolvers.orders.filters import OrderWhere
from resolvers.permissions import public
from resolvers.problems import UserError
from resolvers.search.wheres import ProductWhere

described(
    ExportKind,
    "What is exported.",
    PRODUCTS="Products with variants, prices and stock; needs to read these three.",
    CUSTOMERS="Customers with their address books; needs to read customers.",
    ORDERS="Orders with their lines; needs to read orders.",
)
described(
    ExportFormat,
    "What kind of file an export is.",
    CSV="Rows of quoted cells in UTF-8, none of which a spreadsheet takes for a formula.",
    JSONL="A JSON object in each line, with the same names.",
)
FILTERS = {
    ExportKind.PRODUCTS: "products",
    ExportKind.CUSTOMERS: "customers",
    ExportKind.ORDERS: "orders",
}


@strawberry.input(description="What to export, and as what.")
class ExportCreateInput:
    kind: ExportKind = strawberry.field(description="What.")
    format: ExportFormat = strawberry.field(description="As what kind of file.")
    products: ProductWhere | None = optional("Which products; with that kind alone.")
    customers: CustomerWhere | None = optional("Which customers; with that kind alone.")
    orders: OrderWhere | None = optional("Which orders; with that kind alone.")

    def wanted(self) -> Where:
        given = {kind: getattr(self, name) for kind, name in FILTERS.items()}
        own = given.pop(self.kind)
        if any(other is not None for other in given.values()):
            raise BadInputError(f"Only the filter {FILTERS[self.kind]} goes with this kind.")
        where: Where = EVERY[self.kind] if own is None else own.wanted()
        return where


@strawberry.type(description="An export, seen by whoever asked for it alone.")
class Export:
    id: strawberry.ID = public("To ask for it again, until it has expired.")
    kind: ExportKind = public("What is exported.")
    format: ExportFormat = public("What kind of file it is.")
    job_id: strawberry.ID | None = public("The job that writes it: it says how far it is.")
    rows: int = public("How many things are in it; 0 until it is made.")
    left_out: int = public("How many the format could not hold.")
    bytes: int | None = public("How large the file is; null until it is made.")
    url: str | None = public(
        "Where to download it, good for an hour: ask again for another. Whoever has it can "
        "download the file. Null until it is made."
    )
    created_at: datetime = public("When it was asked for.")
    made_at: datetime | None = public("When it was made; null until it is.")
    expires_at: datetime = public("When the file is removed.")

    @classmethod
    def of(cls, row: Any, url: str | None) -> "Export":
        return cls(
            id=node_id("Export", row.id),
            kind=row.kind,
            format=row.format,
            job_id=None if row.job_id is None else node_id("Job", row.job_id),
            rows=row.rows,
            left_out=row.left_out,
            bytes=row.bytes,
            url=url,
            created_at=row.created_at,
            made_at=row.made_at,
            expires_at=row.expires_at,
        )


@strawberry.type(description="The export that was asked for.")
class ExportCreatePayload:
    export: Export | None = public("The export; its file is made by a job.")
    user_errors: list[UserError] = public("Why there is none.")


@strawberry.type
class ExportQueries:
    @public("An export by its id; null when it has expired, or somebody else asked for it.")
    async def export(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> Export | None:
        key, exports = key_of(id, "Export"), info.context.services.exports
        row = None if key is None else await exports.own(key)
        return None if row is None else Export.of(row, exports.link(row))


@strawberry.type
class ExportMutations:
    @mutation(
        description="Have products, customers or orders written to a file, as far as you may "
        "read them."
    )
    async def export_create(self, info: Info, input: ExportCreateInput) -> ExportCreatePayload:
        exports = info.context.services.exports
        row = await exports.create(input.kind, input.format, input.wanted())
        return ExportCreatePayload(export=Export.of(row, exports.link(row)), user_errors=[])
