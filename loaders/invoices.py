"""Edges to invoices and their series."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class InvoicesLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.invoices.by_ids)

    @cached_property
    def by_order(self) -> ByKeyLoader:
        """order id -> its invoice and credit notes."""
        return ByKeyLoader(self._repositories.invoices.by_orders, ())

    @cached_property
    def series_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.invoice_series.by_ids)
