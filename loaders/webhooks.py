"""Edges to webhooks."""

from functools import cached_property, partial

from commerce.webhooks.kinds import DeliveryState
from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader, CountByParentLoader, PageByParentLoader


class WebhooksLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._pages: dict[DeliveryState | None, PageByParentLoader] = {}
        self._counts: dict[DeliveryState | None, CountByParentLoader] = {}

    @cached_property
    def endpoint_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.webhook_endpoints.by_ids)

    @cached_property
    def delivery_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.webhook_deliveries.by_ids)

    def delivery_pages(self, state: DeliveryState | None) -> PageByParentLoader:
        """One loader for each state, None for all of them."""
        if state not in self._pages:
            find = partial(self._repositories.webhook_deliveries.pages_by_endpoint, state=state)
            self._pages[state] = PageByParentLoader(find)
        return self._pages[state]

    def delivery_counts(self, state: DeliveryState | None) -> CountByParentLoader:
        if state not in self._counts:
            find = partial(self._repositories.webhook_deliveries.counts_by_endpoint, state=state)
            self._counts[state] = CountByParentLoader(find)
        return self._counts[state]

    @cached_property
    def attempt_pages(self) -> PageByParentLoader:
        return PageByParentLoader(self._repositories.webhook_deliveries.attempts)

    @cached_property
    def attempt_counts(self) -> CountByParentLoader:
        return CountByParentLoader(self._repositories.webhook_deliveries.attempt_counts)
