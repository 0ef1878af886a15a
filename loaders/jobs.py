"""Edges to jobs and the operations of batches."""

from functools import cached_property

from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader


class JobsLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    @cached_property
    def by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.jobs.by_ids)

    @cached_property
    def operations_by_job(self) -> ByKeyLoader:
        """For batches that the viewer was shown."""
        return ByKeyLoader(self._repositories.batches.by_jobs)
