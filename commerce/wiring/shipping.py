"""Where and how goods are sent, and what that costs."""

from functools import cached_property

from commerce.shipping.repository.methods import MethodRepository
from commerce.shipping.repository.quotes import QuoteRepository
from commerce.shipping.repository.zones import ZoneRepository
from commerce.shipping.service.methods import MethodService
from commerce.shipping.service.quotes import QuoteService
from commerce.shipping.service.zones import ZoneService
from commerce.wiring.store import StoreRepositories, StoreServices


class ShippingRepositories(StoreRepositories):
    @cached_property
    def shipping_zones(self) -> ZoneRepository:
        return ZoneRepository(self._uow, self.sight)

    @cached_property
    def shipping_methods(self) -> MethodRepository:
        return MethodRepository(self._uow, self.sight)

    @cached_property
    def shipping_quotes(self) -> QuoteRepository:
        return QuoteRepository(self._uow)


class ShippingServices(StoreServices):
    repositories: ShippingRepositories

    @cached_property
    def shipping_zones(self) -> ZoneService:
        return ZoneService(self.repositories.shipping_zones)

    @cached_property
    def shipping_methods(self) -> MethodService:
        return MethodService(self.repositories.shipping_methods, self.store)

    @cached_property
    def shipping_quotes(self) -> QuoteService:
        own, carrier = self.repositories, self.ports.carrier_rates
        return QuoteService(self.uow, own.shipping_quotes, self.store, carrier, self.clock)
