"""What a customer has bought so far, in sums."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from resolvers.money import Money
from resolvers.permissions import public


@strawberry.type(description="What a customer has bought so far; drafts do not count.")
class CustomerPurchases:
    orders_count: int = public("How many orders, canceled ones too.")
    canceled_count: int = public("How many of them are canceled.")
    spent: list[Money] = public("What was paid and not given back, in each currency.")
    average_spent: list[Money] = public("The same for one order that is not canceled.")
    first_placed_at: datetime | None = public("When the first was placed; null without any.")
    last_placed_at: datetime | None = public("When the last was placed; null without any.")

    @classmethod
    def of(cls, rows: Sequence[Any]) -> "CustomerPurchases":
        """Of the sums by currency."""
        kept = [row for row in rows if row.orders > row.canceled]
        return cls(
            orders_count=sum(row.orders for row in rows),
            canceled_count=sum(row.canceled for row in rows),
            spent=[Money.of(row.spent, row.currency) for row in rows],
            average_spent=[
                Money.of(row.spent / (row.orders - row.canceled), row.currency) for row in kept
            ],
            first_placed_at=min((row.first for row in rows), default=None),
            last_placed_at=max((row.last for row in rows), default=None),
        )
