"""Edges to gift cards and their ledgers."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class GiftCardsLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.gift_cards.by_ids)

    @cached_property
    def entry_pages(self) -> PageByParentLoader:
        """(gift card id, page) -> its ledger."""
        return PageByParentLoader(self._repositories.gift_cards.entry_pages)

    @cached_property
    def entry_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.gift_cards.entry_counts)
