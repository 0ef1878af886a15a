"""Files, and the goods that are files."""

from collections.abc import Collection, Sequence
from functools import cached_property

from commerce.downloads.repository import DownloadRepository
from commerce.downloads.service import DownloadService
from commerce.fetching.service import FetchingService
from commerce.files.repository.files import FileRepository, FileRow
from commerce.files.repository.staged import StagedRepository
from commerce.files.service.files import FileService
from commerce.files.service.making import FileMaker
from commerce.files.service.staging import StagingService
from commerce.wiring.catalog import CatalogRepositories, CatalogServices
from commerce.wiring.jobs import JobsRepositories, JobsServices
from commerce.wiring.store import StoreRepositories, StoreServices


class FilesRepositories(StoreRepositories, CatalogRepositories, JobsRepositories):
    @cached_property
    def files(self) -> FileRepository:
        return FileRepository(self._uow, self.sight)

    @cached_property
    def staged_uploads(self) -> StagedRepository:
        return StagedRepository(self._uow)

    @cached_property
    def downloads(self) -> DownloadRepository:
        return DownloadRepository(self._uow)


class FilesServices(StoreServices, CatalogServices, JobsServices):
    repositories: FilesRepositories

    @cached_property
    def staging(self) -> StagingService:
        own, ports = self.repositories, self.ports
        return StagingService(
            own.staged_uploads,
            own.files,
            ports.file_storage,
            ports.file_links,
            ports.file_limits,
            self.clock,
        )

    @cached_property
    def files(self) -> FileService:
        own, ports = self.repositories, self.ports
        return FileService(
            self.uow,
            own.files,
            own.staged_uploads,
            self.staging,
            FileMaker(ports.file_storage, ports.pictures),
            ports.file_storage,
            ports.file_fetch,
            ports.file_limits,
            self._shown_or_sold,
            self.clock,
        )

    @cached_property
    def fetching(self) -> FetchingService:
        return FetchingService(self.uow, self.files, self.jobs, self.viewer)

    @cached_property
    def downloads(self) -> DownloadService:
        own, links = self.repositories, self.ports.file_links
        return DownloadService(own.downloads, own.files, links, self.clock)

    async def _shown_or_sold(self, rows: Sequence[FileRow]) -> Collection[int]:
        """By the catalogue, by the store itself, by variants as what is bought."""
        own = self.repositories
        keys = [row.key for row in rows]
        shown = {*await own.media.shown_files(keys), *await own.store.shown_files(keys)}
        sold = await own.downloads.sold([row.id for row in rows])
        return {*sold, *(row.id for row in rows if row.key in shown)}
