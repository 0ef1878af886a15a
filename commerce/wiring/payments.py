"""How money comes in and goes back, and the ledger of it."""

from functools import cached_property

from commerce.customers.repository.groups import GroupRepository
from commerce.payments.repository.attempts import AttemptRepository
from commerce.payments.repository.methods import MethodRepository
from commerce.payments.repository.payments import PaymentRepository
from commerce.payments.service.ledger import PaymentLedgerService
from commerce.payments.service.methods import PaymentMethodService
from commerce.payments.service.reports import PaymentReportService
from commerce.payments.service.settling import Settling
from commerce.taxes.repository.classes import TaxClassRepository
from commerce.wiring.shipping import ShippingRepositories, ShippingServices


class PaymentsRepositories(ShippingRepositories):
    @cached_property
    def payment_methods(self) -> MethodRepository:
        return MethodRepository(self._uow, self.viewer)

    @cached_property
    def payments(self) -> PaymentRepository:
        return PaymentRepository(self._uow, self.viewer)

    @cached_property
    def payment_attempts(self) -> AttemptRepository:
        return AttemptRepository(self._uow)


class PaymentsServices(ShippingServices):
    repositories: PaymentsRepositories

    @cached_property
    def payment_methods(self) -> PaymentMethodService:
        own = self.repositories
        return PaymentMethodService(
            own.payment_methods,
            self.ports.payment_providers,
            GroupRepository(self.uow, self.viewer),
            own.shipping_methods,
            TaxClassRepository(self.uow),
        )

    @cached_property
    def payment_ledger(self) -> PaymentLedgerService:
        """Holds locks of payments: called by checkout, orders and the reconciler alone."""
        return PaymentLedgerService(
            self.repositories.payment_methods,
            self.repositories.payments,
            self.repositories.payment_attempts,
            self._settling,
        )

    @cached_property
    def payment_reports(self) -> PaymentReportService:
        repositories = self.repositories
        return PaymentReportService(
            repositories.payments, repositories.payment_attempts, self._settling
        )

    @cached_property
    def _settling(self) -> Settling:
        repositories = self.repositories
        return Settling(repositories.payments, repositories.payment_attempts, self.clock)
