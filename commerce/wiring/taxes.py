"""What is taxed where, and how much."""

from functools import cached_property

from commerce.taxes.repository.classes import TaxClassRepository
from commerce.taxes.repository.home import HomeTaxRepository
from commerce.taxes.repository.rates import TaxRateRepository
from commerce.taxes.repository.settings import TaxSettingsRepository
from commerce.taxes.repository.zones import TaxZoneRepository
from commerce.taxes.service.classes import TaxClassService
from commerce.taxes.service.rates import TaxRateService
from commerce.taxes.service.settings import TaxSettingsService
from commerce.taxes.service.templates import TaxTemplateService
from commerce.taxes.service.zones import TaxZoneService
from commerce.wiring.base import BaseRepositories, BaseServices


class TaxesRepositories(BaseRepositories):
    @cached_property
    def tax_rates(self) -> TaxRateRepository:
        return TaxRateRepository(self._uow)

    @cached_property
    def home_taxes(self) -> HomeTaxRepository:
        return HomeTaxRepository(self._uow)

    @cached_property
    def tax_classes(self) -> TaxClassRepository:
        return TaxClassRepository(self._uow)

    @cached_property
    def tax_zones(self) -> TaxZoneRepository:
        return TaxZoneRepository(self._uow, self.sight)

    @cached_property
    def tax_settings(self) -> TaxSettingsRepository:
        return TaxSettingsRepository(self._uow)


class TaxesServices(BaseServices):
    repositories: TaxesRepositories

    @cached_property
    def tax_rates(self) -> TaxRateService:
        provider = None if self._ports is None else self._ports.tax_provider
        return TaxRateService(self.uow, self.repositories.tax_rates, self.clock, provider)

    @cached_property
    def tax_classes(self) -> TaxClassService:
        return TaxClassService(self.repositories.tax_classes)

    @cached_property
    def tax_zones(self) -> TaxZoneService:
        return TaxZoneService(self.repositories.tax_zones, self.repositories.tax_classes)

    @cached_property
    def tax_settings(self) -> TaxSettingsService:
        return TaxSettingsService(self.repositories.tax_settings, self.repositories.tax_classes)

    @cached_property
    def tax_templates(self) -> TaxTemplateService:
        return TaxTemplateService(self.repositories.tax_zones, self.repositories.tax_classes)
