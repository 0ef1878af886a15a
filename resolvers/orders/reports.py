"""What left the house and what was sold, over all orders."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from commerce.core.viewer import Scope
from commerce.orders.repository.reports import FulfillmentWhere as Where
from commerce.orders.service.reports import DayOfSales, Sales, ShippedWhere
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.filters import all_wanted, optional
from resolvers.money import Money
from resolvers.orders.kinds import OrderStatus
from resolvers.orders.parts import Fulfillment
from resolvers.permissions import requires

READ = Scope.READ_ORDERS


@strawberry.input(description="Which parcels; every given part must hold.")
class FulfillmentWhere:
    tracking_number: str | None = optional("What the carrier calls them.")
    carrier: str | None = optional("Who carried them, whatever the case.")
    paid: bool | None = optional("Whether their orders are paid.")
    order_status: list[OrderStatus] | None = optional("How far their orders are.")
    first_day: date | None = optional("Sent on this day or later, where the store is.")
    last_day: date | None = optional("Sent on this day or before.")
    search: str | None = optional(
        "A part of the tracking number, the carrier or the order's number."
    )

    def wanted(self) -> ShippedWhere:
        where = Where(
            tracking_number=self.tracking_number,
            carrier=self.carrier,
            paid=self.paid,
            order_status=all_wanted(self.order_status),
            words=self.search,
        )
        return ShippedWhere(where, self.first_day, self.last_day)


@strawberry.type(description="What was sold on a day.")
class SalesDay:
    day: date = requires(READ, description="The day, where the store is.")
    orders_count: int = requires(READ, description="How many orders were placed.")
    units_sold: int = requires(READ, description="How many units they are of.")
    revenue: Money = requires(READ, description="What they come to.")

    @classmethod
    def of(cls, sold: DayOfSales, currency: str) -> "SalesDay":
        return cls(
            day=sold.day,
            orders_count=sold.orders,
            units_sold=sold.units,
            revenue=Money.of(sold.revenue, currency),
        )


@strawberry.type(
    description="What was sold in some days, in the store's currency, without canceled orders."
)
class SalesReport:
    first_day: date = requires(READ, description="The first day.")
    last_day: date = requires(READ, description="The last day.")
    orders_count: int = requires(READ, description="How many orders were placed.")
    units_sold: int = requires(READ, description="How many units they are of.")
    revenue: Money = requires(READ, description="What they come to.")
    days: list[SalesDay] = requires(
        READ,
        description="The days on which orders were placed.",
        directives=[ListSize(assumed_size=31)],
    )

    @classmethod
    def of(cls, sales: Sales) -> "SalesReport":
        revenue = sum((day.revenue for day in sales.days), Decimal(0))
        return cls(
            first_day=sales.first,
            last_day=sales.last,
            orders_count=sum(day.orders for day in sales.days),
            units_sold=sum(day.units for day in sales.days),
            revenue=Money.of(revenue, sales.currency),
            days=[SalesDay.of(day, sales.currency) for day in sales.days],
        )


@strawberry.type
class OrderReportQueries:
    @requires(READ, description="Parcels that left the house, the newest first.")
    async def fulfillments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            FulfillmentWhere | None, strawberry.argument(description="Which; absent means all.")
        ] = None,
    ) -> Connection[Fulfillment]:
        wanted = ShippedWhere(Where()) if where is None else where.wanted()
        paging = Paging(info, list_scope("fulfillments", wanted), first, after, last, before)
        reports = info.context.services.order_reports
        page = await reports.fulfillments(wanted, paging.args)
        return paging.connection(
            page, Fulfillment.of, lambda limit: reports.fulfillment_count(wanted, limit)
        )

    @requires(READ, description="Who carried parcels, by name.")
    async def carriers(self, info: Info) -> list[str]:
        return list(await info.context.services.order_reports.carriers())

    @requires(READ, description="What was sold from one day to another, at most 366 days.")
    async def sales(
        self,
        info: Info,
        first_day: Annotated[date, strawberry.argument(description="The first day.")],
        last_day: Annotated[date, strawberry.argument(description="The last day.")],
    ) -> SalesReport:
        return SalesReport.of(await info.context.services.order_reports.sales(first_day, last_day))
