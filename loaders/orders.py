"""Edges to orders and what came of them."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class OrdersLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def order_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.orders.by_ids)

    @cached_property
    def line_by_id(self) -> ByKeyLoader:
        """line id -> the line, with its order's `currency`."""
        return ByKeyLoader(self._repositories.order_lines.by_ids)

    @cached_property
    def backordered_by_line(self) -> ByKeyLoader:
        """line id -> how many of its units are not in stock yet."""
        return ByKeyLoader(self._repositories.allocations.backordered, 0)

    @cached_property
    def units_by_order(self) -> ByKeyLoader:
        """order id -> how many units were bought."""
        return ByKeyLoader(self._repositories.order_lines.units_by_order, 0)

    @cached_property
    def line_pages(self) -> PageByParentLoader:
        """(order id, page) -> its lines."""
        return PageByParentLoader(self._repositories.order_lines.pages_by_order)

    @cached_property
    def line_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.order_lines.counts_by_order)

    @cached_property
    def event_pages(self) -> PageByParentLoader:
        """(order id, page) -> what happened to it."""
        return PageByParentLoader(self._repositories.order_events.pages_by_order)

    @cached_property
    def event_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.order_events.counts_by_order)

    @cached_property
    def traces(self) -> ByKeyLoader:
        """order id -> why it costs what it costs."""
        return ByKeyLoader(self._repositories.orders.traces, ())

    @cached_property
    def status_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.order_statuses.by_ids)

    @cached_property
    def fulfillment_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.fulfillments.by_ids)

    @cached_property
    def fulfillments(self) -> ByKeyLoader:
        """order id -> its parcels."""
        return ByKeyLoader(self._repositories.fulfillments.by_orders, ())

    @cached_property
    def fulfillment_lines(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.fulfillments.lines, ())

    @cached_property
    def return_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.returns.by_ids)

    @cached_property
    def returns(self) -> ByKeyLoader:
        """order id -> what its buyer sends back."""
        return ByKeyLoader(self._repositories.returns.by_orders, ())

    @cached_property
    def return_lines(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.returns.lines, ())

    @cached_property
    def refund_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.refunds.by_ids)

    @cached_property
    def refunds(self) -> ByKeyLoader:
        """order id -> money that went back."""
        return ByKeyLoader(self._repositories.refunds.by_orders, ())

    @cached_property
    def refund_lines(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.refunds.lines, ())

    @cached_property
    def refund_payments(self) -> ByKeyLoader:
        """refund id -> by what its money goes back."""
        return ByKeyLoader(self._repositories.refunds.payments, ())

    @cached_property
    def customer_order_pages(self) -> PageByParentLoader:
        """(customer id, page) -> its orders."""
        return PageByParentLoader(self._repositories.orders.pages_by_customer)

    @cached_property
    def customer_order_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.orders.counts_by_customer)

    @cached_property
    def sums_by_customer(self) -> ByKeyLoader:
        """customer id -> what it has bought, by currency."""
        return ByKeyLoader(self._repositories.orders.sums_by_customer, ())

    @cached_property
    def units_sold(self) -> ByKeyLoader:
        """product id -> how many units were bought and not called off."""
        return ByKeyLoader(self._repositories.order_lines.units_sold, 0)
