"""Work beside requests."""

from datetime import timedelta
from functools import cached_property

from commerce.jobs.repository.batches import BatchRepository
from commerce.jobs.repository.jobs import JobRepository
from commerce.jobs.repository.queue import JobQueue
from commerce.jobs.service.batches import BatchService
from commerce.jobs.service.jobs import JobService
from commerce.jobs.service.runs import JobRunService
from commerce.jobs.service.upkeep import JobUpkeepService
from commerce.wiring.base import BaseRepositories, BaseServices


class JobsRepositories(BaseRepositories):
    @cached_property
    def jobs(self) -> JobRepository:
        return JobRepository(self._uow, self.viewer)

    @cached_property
    def job_queue(self) -> JobQueue:
        return JobQueue(self._uow)

    @cached_property
    def batches(self) -> BatchRepository:
        return BatchRepository(self._uow)


class JobsServices(BaseServices):
    repositories: JobsRepositories

    @cached_property
    def jobs(self) -> JobService:
        own = self.repositories
        return JobService(self.uow, own.jobs, own.job_queue, self.viewer, self.clock)

    @cached_property
    def job_runs(self) -> JobRunService:
        return JobRunService(self.uow, self.repositories.jobs, self.jobs, self.clock)

    @cached_property
    def job_upkeep(self) -> JobUpkeepService:
        own, kept = self.repositories, timedelta(days=self.ports.retention.job_days)
        return JobUpkeepService(self.uow, own.jobs, own.job_queue, self.jobs, self.clock, kept)

    @cached_property
    def batches(self) -> BatchService:
        own = self.repositories
        return BatchService(self.jobs, own.jobs, own.batches, self.viewer)
