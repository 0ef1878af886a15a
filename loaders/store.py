"""Edges to what the store tells."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class StoreLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def page_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.store_pages.by_ids)

    @cached_property
    def menu_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.menus.by_ids)

    @cached_property
    def items_by_menu(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.menus.items_by_menu, ())

    @cached_property
    def locale(self) -> ByKeyLoader:
        """store -> its language."""
        return ByKeyLoader(self._repositories.store.locales)
