"""How the store is set up, and what it says of itself."""

from functools import cached_property

from commerce.store.repository import StoreRepository
from commerce.store.repository.menus import MenuRepository
from commerce.store.repository.pages import PageRepository
from commerce.store.service import StoreService
from commerce.store.service.menus import MenuService
from commerce.store.service.pages import PageService
from commerce.wiring.base import BaseRepositories, BaseServices


class StoreRepositories(BaseRepositories):
    @cached_property
    def store(self) -> StoreRepository:
        return StoreRepository(self._uow)

    @cached_property
    def store_pages(self) -> PageRepository:
        return PageRepository(self._uow, self.sight)

    @cached_property
    def menus(self) -> MenuRepository:
        return MenuRepository(self._uow)


class StoreServices(BaseServices):
    repositories: StoreRepositories

    @cached_property
    def store(self) -> StoreService:
        return StoreService(self.repositories.store)

    @cached_property
    def store_pages(self) -> PageService:
        return PageService(self.repositories.store_pages)

    @cached_property
    def menus(self) -> MenuService:
        return MenuService(self.repositories.menus)
