"""Exports."""

from datetime import timedelta
from functools import cached_property

from commerce.exports.repository import ExportRepository
from commerce.exports.service.exports import ExportService
from commerce.exports.service.reading import ExportReading
from commerce.interchange.repository import WholeProductRepository
from commerce.wiring.audit import AuditRepositories, AuditServices
from commerce.wiring.buying import BuyingRepositories, BuyingServices
from commerce.wiring.jobs import JobsRepositories, JobsServices


class ExportsRepositories(BuyingRepositories, JobsRepositories, AuditRepositories):
    @cached_property
    def exports(self) -> ExportRepository:
        return ExportRepository(self._uow)

    @cached_property
    def whole_products(self) -> WholeProductRepository:
        return WholeProductRepository(self._uow)


class ExportsServices(BuyingServices, JobsServices, AuditServices):
    repositories: ExportsRepositories

    @cached_property
    def exports(self) -> ExportService:
        return ExportService(
            self.uow,
            self.repositories.exports,
            self.jobs,
            self.audit,
            self.ports.file_storage,
            self.ports.file_links,
            self.viewer,
            self.clock,
            timedelta(hours=self.ports.retention.export_hours),
        )

    @cached_property
    def export_reading(self) -> ExportReading:
        own = self.repositories
        return ExportReading(
            self.lists,
            own.whole_products,
            self.customers,
            own.addresses,
            self.orders,
            own.order_lines,
        )
