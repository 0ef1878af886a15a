"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.invoices.types import Invoice

LazyInvoice = Annotated["Invoice", strawberry.lazy("resolvers.invoices.types")]
