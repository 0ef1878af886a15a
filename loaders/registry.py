"""Every loader of one request, by domain."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.audit import AuditLoaders
from loaders.catalog import CatalogLoaders
from loaders.credentials import CredentialLoaders
from loaders.customers import CustomersLoaders
from loaders.inventory import InventoryLoaders
from loaders.pricing import PricingLoaders
from loaders.staff import StaffLoaders


class Loaders:
    """Lives as long as one request: what it has loaded is not loaded again."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def audit(self) -> AuditLoaders:
        return AuditLoaders(self._repositories)

    @cached_property
    def catalog(self) -> CatalogLoaders:
        return CatalogLoaders(self._repositories)

    @cached_property
    def customers(self) -> CustomersLoaders:
        return CustomersLoaders(self._repositories)

    @cached_property
    def inventory(self) -> InventoryLoaders:
        return InventoryLoaders(self._repositories)

    @cached_property
    def staff(self) -> StaffLoaders:
        return StaffLoaders(self._repositories)

    @cached_property
    def pricing(self) -> PricingLoaders:
        return PricingLoaders(self._repositories)

    @cached_property
    def credentials(self) -> CredentialLoaders:
        return CredentialLoaders(self._repositories)

    def forget(self) -> None:
        """Load everything anew from here on: a mutation has changed what was read before."""
        repositories = self._repositories
        self.__dict__.clear()
        self._repositories = repositories
