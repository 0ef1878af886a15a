"""Exports: asked for, made by jobs, handed out by links, removed."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from commerce.audit.service import AuditService
from commerce.core.clock import Clock
from commerce.core.criteria import check_where
from commerce.core.db import UnitOfWork
from commerce.core.links import LIFETIME, SignedLinks
from commerce.core.rights import require_scopes
from commerce.core.viewer import Viewer
from commerce.exports.kinds import SCOPES, TYPES, ExportFormat, ExportKind
from commerce.exports.repository import ExportRepository, ExportRow
from commerce.exports.rules.wheres import Where, written_where
from commerce.files.ports import Storage
from commerce.files.rules.keys import new_key
from commerce.jobs.kinds import JobKind
from commerce.jobs.problems import JobFailed
from commerce.jobs.service.jobs import JobService

EXPORTS: Final = "/exports/"
AT_A_TIME: Final = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written: how many things are in it, and how many are not."""

    rows: int
    left_out: int


class ExportService:
    """`kept` is for how long there is a file: it may tell of many people."""

    def __init__(
        self,
        uow: UnitOfWork,
        exports: ExportRepository,
        jobs: JobService,
        audit: AuditService,
        storage: Storage,
        links: SignedLinks,
        viewer: Viewer,
        clock: Clock,
        kept: timedelta,
    ) -> None:
        self._uow = uow
        self._exports = exports
        self._jobs = jobs
        self._audit = audit
        self._storage = storage
        self._links = links
        self._viewer = viewer
        self._clock = clock
        self._kept = kept

    async def create(self, kind: ExportKind, format: ExportFormat, where: Where) -> ExportRow:
        """In the caller's transaction; the log says who wants what kind of thing.

        Raises `ForbiddenError` to whoever may not read it, and `BadInputError` for a filter that
        no list takes.
        """
        require_scopes(self._viewer, SCOPES[kind])
        check_where(where)
        values = {
            "kind": kind,
            "format": format,
            "key": f"exports/{new_key()}",
            "owner": self._viewer.name,
            "expires_at": self._clock() + self._kept,
        }
        export = await self._exports.add(values)
        asked = {"export": export.id, "kind": kind.value, "where": written_where(kind, where)}
        job = await self._jobs.enqueue(JobKind.EXPORT, asked)
        await self._audit.note(None, "Export", export.id, what=kind.value, format=format.value)
        return await self._there(export.id, {"job_id": job.id})

    async def own(self, id_: int) -> ExportRow | None:
        """One that the viewer asked for; it is nobody else's."""
        export = await self._exports.one(id_)
        if export is None or self._viewer.id is None or export.owner != self._viewer.name:
            return None
        return export

    def link(self, export: ExportRow) -> str | None:
        """Good for an hour, but not for longer than the file; None while there is none."""
        left = export.expires_at - self._clock()
        if export.made_at is None or left <= timedelta(0):
            return None
        return self._links.url(path_of(export.id), self._clock(), min(left, LIFETIME))

    async def there(self, id_: int) -> ExportRow | None:
        """What whoever holds a link gets."""
        export = await self._exports.one(id_)
        if export is None or export.made_at is None or export.expires_at <= self._clock():
            return None
        return export

    async def begin(self, id_: int) -> ExportRow:
        """For the job; raises `JobFailed` when there is nothing to do any more."""
        export = await self._exports.one(id_)
        if export is None or export.expires_at <= self._clock():
            raise JobFailed("The export has expired. Ask for another one.")
        if not self._viewer.may(*SCOPES[export.kind]):
            raise JobFailed("Whoever asked for it may not read this any more.")
        return export

    async def store(self, export: ExportRow, source: Path) -> None:
        """Put the file where it is handed out from; outside of transactions.

        The row outlives the file: it names what is to be removed, whatever happens meanwhile.
        """
        until = {"expires_at": self._clock() + self._kept}
        await self._uow.transact(lambda: self._there(export.id, until))
        await self._uow.release()
        await self._storage.put(export.key, source, TYPES[export.format])

    async def finish(self, export: ExportRow, made: Made, size: int) -> ExportRow:
        """In the caller's transaction: from now on there are links."""
        now = self._clock()
        values: dict[str, Any] = {
            "rows": made.rows,
            "left_out": made.left_out,
            "bytes": size,
            "made_at": now,
            "expires_at": now + self._kept,
        }
        return await self._there(export.id, values)

    async def tidy(self) -> int:
        """Remove some of the exports that have expired, the file first."""
        now = self._clock()
        over = await self._exports.over(now, AT_A_TIME)
        await self._uow.release()
        for export in over:
            await self._storage.delete(export.key)
        if over:
            await self._exports.forget([export.id for export in over], now)
        return len(over)

    async def _there(self, id_: int, values: dict[str, Any]) -> ExportRow:
        export = await self._exports.change(id_, values)
        if export is None:
            raise JobFailed("The export has expired. Ask for another one.")
        return export


def path_of(id_: int) -> str:
    return f"{EXPORTS}{id_}"


def filename_of(export: ExportRow) -> str:
    """`orders-2026-11-22.csv`, by the day it was made."""
    return f"{export.kind.value}-{export.made_at:%Y-%m-%d}.{export.format.value}"
