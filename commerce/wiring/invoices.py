"""Invoices, credit notes and receipts."""

from functools import cached_property

from commerce.invoices.repository.invoices import InvoiceRepository
from commerce.invoices.repository.series import SeriesRepository
from commerce.invoices.service.invoices import InvoiceService
from commerce.invoices.service.issuing import IssuingService
from commerce.invoices.service.papers import PaperService
from commerce.invoices.service.series import InvoiceSeriesService
from commerce.orders.ports import WhenPaid
from commerce.wiring.buying import BuyingRepositories, BuyingServices


class InvoicesRepositories(BuyingRepositories):
    @cached_property
    def invoices(self) -> InvoiceRepository:
        return InvoiceRepository(self._uow, self.viewer)

    @cached_property
    def invoice_series(self) -> SeriesRepository:
        return SeriesRepository(self._uow, self.viewer)


class InvoicesServices(BuyingServices):
    repositories: InvoicesRepositories

    @cached_property
    def invoices(self) -> InvoiceService:
        own = self.repositories
        issuing = IssuingService(own.invoices, own.invoice_series, self.store, self.clock)
        return InvoiceService(
            own.invoices, issuing, self._order_desk, own.order_lines, own.refunds, self.store
        )

    @property
    def when_paid(self) -> WhenPaid:
        return self.invoices.paid

    @cached_property
    def invoice_series(self) -> InvoiceSeriesService:
        return InvoiceSeriesService(self.repositories.invoice_series)

    @cached_property
    def papers(self) -> PaperService:
        own = self.repositories
        return PaperService(own.invoices, own.orders, own.order_lines, self.store)
