"""Edges to the log of events."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class EventsLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def event_by_position(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.event_log.by_positions)
