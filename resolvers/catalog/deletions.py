"""The feed of what is gone, for programs that keep a copy of the catalogue."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.catalog.kinds import DeletedKind
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.nodes import node_id
from resolvers.permissions import public, requires

# The GraphQL type of what each kind speaks of.
TYPES: dict[DeletedKind, str] = {
    DeletedKind.PRODUCT: "Product",
    DeletedKind.VARIANT: "ProductVariant",
    DeletedKind.CATEGORY: "Category",
    DeletedKind.COLLECTION: "Collection",
    DeletedKind.BRAND: "Brand",
    DeletedKind.MEDIA: "Media",
    DeletedKind.COUPON: "Coupon",
}


@strawberry.type(description="Something was archived or deleted. Archived things may come back.")
class Deletion:
    kind: DeletedKind = public("What it was.")
    id: strawberry.ID = public("The id it has or had.")
    database_id: int = public("The number behind `id`.")
    occurred_at: datetime = public("When: later than every deletion that was known before.")

    @classmethod
    def of(cls, row: Any) -> "Deletion":
        return cls(
            kind=row.kind,
            id=node_id(TYPES[row.kind], row.resource_id),
            database_id=row.resource_id,
            occurred_at=row.occurred_at,
        )


@strawberry.type
class DeletionQueries:
    @requires(
        Scope.READ_PRODUCTS,
        description=(
            "What was archived or deleted, in the order in which it became known. "
            "To be told of everything once, go on from the last `endCursor`, or from the last "
            "`occurredAt` as `since`."
        ),
    )
    async def deletions(
        self,
        info: Info,
        since: Annotated[
            datetime, strawberry.argument(description="Only from this moment on, itself included.")
        ],
        kinds: Annotated[
            list[DeletedKind] | None,
            strawberry.argument(description="Only of these kinds; absent means all."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Deletion]:
        wanted = sorted(set(kinds or ()), key=lambda kind: kind.value)
        # Any `since` walks the same list, so that cursors may be kept from one run to the next.
        paging = Paging(info, list_scope("deletions", wanted), first, after, last, before)
        service = info.context.services.deletions
        page = await service.page(since, wanted, paging.args)
        return paging.connection(
            page, Deletion.of, lambda limit: service.count(since, wanted, limit)
        )
