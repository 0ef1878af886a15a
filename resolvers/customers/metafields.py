"""Writing metafields of customers, which is not a matter of the catalogue."""

from typing import Final

import strawberry

from commerce.core.viewer import Scope
from resolvers.catalog.kinds import MetafieldOwner
from resolvers.catalog.metafield_mutations import (
    MetafieldsDeleteInput,
    MetafieldsDeletePayload,
    MetafieldsSetInput,
    MetafieldsSetPayload,
    Owners,
    metafields_deleted,
    metafields_written,
)
from resolvers.context import Info
from resolvers.mutations import mutation

WRITE: Final = Scope.WRITE_CUSTOMERS
OWNERS: Final[Owners] = {"Customer": MetafieldOwner.CUSTOMER}


@strawberry.type
class CustomerMetafieldMutations:
    @mutation(WRITE, description="Write metafields of customers, all of them or none.")
    async def customer_metafields_set(
        self, info: Info, input: MetafieldsSetInput
    ) -> MetafieldsSetPayload:
        return await metafields_written(info, input, OWNERS)

    @mutation(WRITE, description="Delete metafields of customers.")
    async def customer_metafields_delete(
        self, info: Info, input: MetafieldsDeleteInput
    ) -> MetafieldsDeletePayload:
        return await metafields_deleted(info, input, OWNERS)
