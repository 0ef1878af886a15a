"""Files: made of what was uploaded or is on the web, listed, deleted."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote, urlsplit

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import InUse, Invalid, NotFound, Problem
from commerce.core.urls import url_flaw
from commerce.files.kinds import FileKind
from commerce.files.ports import Fetch, FetchRefusedError, Storage
from commerce.files.repository.files import FileRepository, FileRow, FileWhere
from commerce.files.repository.staged import StagedRepository, StagedRow
from commerce.files.rules.keys import upload_key
from commerce.files.rules.limits import GRACE, FileLimits
from commerce.files.rules.names import MAX_NAME, clean_name
from commerce.files.service.making import FileMaker, Made
from commerce.files.service.staging import StagingService, Values

AT_A_TIME: Final = 100
UNKNOWN_TYPE: Final = "application/octet-stream"
Then = Callable[[FileRow], Awaitable[None]]  # in the transaction that makes a file
# Which of these files something else shows or sells: their ids.
UsedBy = Callable[[Sequence[FileRow]], Awaitable[Collection[int]]]


class FileService:
    def __init__(
        self,
        uow: UnitOfWork,
        files: FileRepository,
        staged: StagedRepository,
        staging: StagingService,
        maker: FileMaker,
        storage: Storage,
        fetch: Fetch,
        limits: FileLimits,
        used_by: UsedBy,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._files = files
        self._staged = staged
        self._staging = staging
        self._maker = maker
        self._storage = storage
        self._fetch = fetch
        self._limits = limits
        self._used_by = used_by
        self._clock = clock

    async def page(self, where: FileWhere, args: PageArgs) -> Page[FileRow]:
        return await self._files.page(where, args)

    async def count(self, where: FileWhere, limit: int | None) -> Count:
        return await self._files.count(where, limit)

    async def create(self, staged_id: int, then: Then | None = None) -> FileRow | Problem:
        """The file that comes of an upload: always the same one, however often this is asked.

        Runs a transaction of its own, and nothing of the database is held while it works.
        """
        staged = await self._staged.one(staged_id)
        if staged is None or staged.expires_at + GRACE / 2 < self._clock():
            return NotFound("There is no such upload.", ("staged_upload_id",))
        if staged.file_id is not None:
            return await self._made_before(staged_id)
        await self._uow.release()
        made = await self._maker.make(staged)
        if isinstance(made, Problem):
            return made
        row = await self._uow.transact(
            lambda: self._kept(staged_id, made, then), keep=lambda row: row is not None
        )
        if row is None:
            return await self._made_before(staged_id)
        await self._maker.remove_upload(staged.key)
        return row

    async def create_from(
        self, url: str, kind: FileKind, filename: str | None = None
    ) -> FileRow | Problem:
        """The same for what is at an address of the web, once for each time it is asked."""
        try:
            return await self.fetch(url, kind, filename)
        except FetchRefusedError as error:
            return Invalid(str(error), ("url",))

    async def fetch(
        self, url: str, kind: FileKind, filename: str | None = None, then: Then | None = None
    ) -> FileRow | Problem:
        """The same; raises `FetchRefusedError` when nothing can be had."""
        flaw = url_flaw(url, "url")
        if flaw is not None:
            return flaw
        name = clean_name(filename or unquote(urlsplit(url).path)) or "file"
        with TemporaryDirectory(prefix="storegraph-") as folder:
            target = Path(folder) / "fetched"
            await self._fetch.fetch(url, target, self._limits.upload)
            staged = await self._stage(target, target.stat().st_size, kind, name)
        if isinstance(staged, Problem):
            return staged
        made = await self.create(staged, then)
        return Invalid(made.message, ("url",)) if isinstance(made, Invalid) else made

    async def create_of(
        self, content: bytes, kind: FileKind, filename: str | None = None
    ) -> FileRow | Problem:
        """The same for bytes that came with the call."""
        if not 0 < len(content) <= self._limits.upload:
            return Invalid(f"A file has from 1 to {self._limits.upload} bytes.", ("base64",))
        with TemporaryDirectory(prefix="storegraph-") as folder:
            target = Path(folder) / "given"
            target.write_bytes(content)
            name = clean_name(filename or "") or "file"
            staged = await self._stage(target, len(content), kind, name)
        if isinstance(staged, Problem):
            return staged
        made = await self.create(staged)
        return Invalid(made.message, ("base64",)) if isinstance(made, Invalid) else made

    async def _stage(self, target: Path, size: int, kind: FileKind, name: str) -> int | Problem:
        """Put a file where uploads are; the upload's id."""
        item: Values = {
            "kind": kind,
            "filename": name[-MAX_NAME:],
            "mime_type": guess_type(name)[0] or UNKNOWN_TYPE,
            "size": size,
            "received": size,
        }
        rows = await self._uow.transact(
            lambda: self._staging.room_for([item]),
            keep=lambda rows: not isinstance(rows, Problem),
        )
        if isinstance(rows, Problem):
            return rows
        await self._uow.release()
        await self._storage.put(upload_key(rows[0].key), target, UNKNOWN_TYPE)
        staged: int = rows[0].id
        return staged

    async def delete(self, ids: Collection[int]) -> Sequence[int] | Problem:
        """Those of `ids` that were there and are no more; none of them if one is in use."""
        rows = list((await self._files.by_ids(ids)).values())
        used = await self._used_by(rows) if rows else ()
        if used:
            name = next(row.filename for row in rows if row.id in used)
            return InUse(f"{name} is in use: by products, variants or the store.", ("ids",))
        return await self._files.remove([row.id for row in rows])

    async def tidy(self) -> int:
        """Remove what the storage has of deleted files and of uploads that came to nothing."""
        leftovers = await self._files.leftovers(AT_A_TIME)
        over = await self._staged.over(self._clock() - GRACE, AT_A_TIME)
        await self._uow.release()
        for row in leftovers:
            await self._maker.remove(row.key)
        for row in over:
            await self._remove_upload(row)
        if leftovers:
            await self._files.forget_leftovers([row.id for row in leftovers])
        if over:
            await self._staged.forget([row.id for row in over])
        return len(leftovers) + len(over)

    async def _remove_upload(self, row: StagedRow) -> None:
        if row.file_id is None:
            await self._maker.remove(row.key)
        else:
            await self._maker.remove_upload(row.key)

    async def _kept(self, staged_id: int, made: Made, then: Then | None) -> FileRow | None:
        """None when something was made of the upload meanwhile."""
        row = await self._files.add(made)
        if not await self._staged.used(staged_id, row.id):
            return None
        if then is not None:
            await then(row)
        return row

    async def _made_before(self, staged_id: int) -> FileRow | Problem:
        staged = await self._staged.one(staged_id)
        row = None if staged is None else await self._files.one(staged.file_id)
        return row or NotFound("There is no such upload.", ("staged_upload_id",))
