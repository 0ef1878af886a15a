"""Every loader of one request, by domain."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.audit import AuditLoaders
from loaders.carts import CartsLoaders
from loaders.catalog import CatalogLoaders
from loaders.credentials import CredentialLoaders
from loaders.customers import CustomersLoaders
from loaders.events import EventsLoaders
from loaders.files import FilesLoaders
from loaders.gift_cards import GiftCardsLoaders
from loaders.inventory import InventoryLoaders
from loaders.invoices import InvoicesLoaders
from loaders.jobs import JobsLoaders
from loaders.orders import OrdersLoaders
from loaders.payments import PaymentsLoaders
from loaders.pricing import PricingLoaders
from loaders.promotions import PromotionsLoaders
from loaders.shipping import ShippingLoaders
from loaders.staff import StaffLoaders
from loaders.store import StoreLoaders
from loaders.taxes import TaxesLoaders
from loaders.webhooks import WebhooksLoaders


class Loaders:
    """Lives as long as one request: what it has loaded is not loaded again."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def audit(self) -> AuditLoaders:
        return AuditLoaders(self._repositories)

    @cached_property
    def carts(self) -> CartsLoaders:
        return CartsLoaders(self._repositories)

    @cached_property
    def catalog(self) -> CatalogLoaders:
        return CatalogLoaders(self._repositories)

    @cached_property
    def customers(self) -> CustomersLoaders:
        return CustomersLoaders(self._repositories)

    @cached_property
    def events(self) -> EventsLoaders:
        return EventsLoaders(self._repositories)

    @cached_property
    def webhooks(self) -> WebhooksLoaders:
        return WebhooksLoaders(self._repositories)

    @cached_property
    def files(self) -> FilesLoaders:
        return FilesLoaders(self._repositories)

    @cached_property
    def jobs(self) -> JobsLoaders:
        return JobsLoaders(self._repositories)

    @cached_property
    def inventory(self) -> InventoryLoaders:
        return InventoryLoaders(self._repositories)

    @cached_property
    def payments(self) -> PaymentsLoaders:
        return PaymentsLoaders(self._repositories)

    @cached_property
    def shipping(self) -> ShippingLoaders:
        return ShippingLoaders(self._repositories)

    @cached_property
    def invoices(self) -> InvoicesLoaders:
        return InvoicesLoaders(self._repositories)

    @cached_property
    def orders(self) -> OrdersLoaders:
        return OrdersLoaders(self._repositories)

    @cached_property
    def staff(self) -> StaffLoaders:
        return StaffLoaders(self._repositories)

    @cached_property
    def store(self) -> StoreLoaders:
        return StoreLoaders(self._repositories)

    @cached_property
    def pricing(self) -> PricingLoaders:
        return PricingLoaders(self._repositories)

    @cached_property
    def taxes(self) -> TaxesLoaders:
        return TaxesLoaders(self._repositories)

    @cached_property
    def promotions(self) -> PromotionsLoaders:
        return PromotionsLoaders(self._repositories)

    @cached_property
    def gift_cards(self) -> GiftCardsLoaders:
        return GiftCardsLoaders(self._repositories)

    @cached_property
    def credentials(self) -> CredentialLoaders:
        return CredentialLoaders(self._repositories)

    def forget(self) -> None:
        """Load everything anew from here on: a mutation has changed what was read before."""
        repositories = self._repositories
        self.__dict__.clear()
        self._repositories = repositories
