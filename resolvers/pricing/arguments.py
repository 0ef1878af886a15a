"""Under what terms a price is asked for."""

from typing import Annotated

import strawberry

from resolvers.scalars import CurrencyCode

Quantity = Annotated[
    int, strawberry.argument(description="How many units are bought: more may cost less each.")
]
Currency = Annotated[
    CurrencyCode | None,
    strawberry.argument(description="The currency; that of the default price list when absent."),
]
BuyersGroup = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="What a customer of this group pays, for those with READ_PRICES; absent, what"
        " you pay yourself."
    ),
]
