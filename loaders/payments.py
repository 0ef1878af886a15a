"""Edges to payments, and to what belongs to them."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class PaymentsLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def method_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.payment_methods.by_ids)

    @cached_property
    def method_of_payment(self) -> ByKeyLoader:
        """method id -> the method, on offer or not, of a payment that the viewer sees."""
        return ByKeyLoader(self._repositories.payment_methods.of_payments)

    @cached_property
    def payment_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.payments.visible_by_ids)

    @cached_property
    def payments_by_order(self) -> ByKeyLoader:
        """id of an order that the viewer sees -> its payments, the oldest first."""
        return ByKeyLoader(self._repositories.payments.by_orders, ())

    @cached_property
    def attempts_by_payment(self) -> ByKeyLoader:
        """payment id -> what was asked of its provider, the oldest first."""
        return ByKeyLoader(self._repositories.payment_attempts.by_payments, ())

    @cached_property
    def transactions_by_payment(self) -> ByKeyLoader:
        """payment id -> its ledger, the oldest row first."""
        return ByKeyLoader(self._repositories.payments.transactions, ())
