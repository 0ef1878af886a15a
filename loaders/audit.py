"""Edges to the audit log."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class AuditLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def entry_by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.audit.by_ids)
