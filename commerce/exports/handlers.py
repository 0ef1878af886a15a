"""The job that writes an export."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

from anyio import open_file

from commerce.core.db import UnitOfWork
from commerce.exports.repository import ExportRow
from commerce.exports.rules.wheres import read_where
from commerce.exports.service.exports import ExportService, Made
from commerce.exports.service.reading import ExportReading
from commerce.jobs.run import JobRun


class HasExports(Protocol):
    uow: UnitOfWork

    @property
    def exports(self) -> ExportService: ...

    @property
    def export_reading(self) -> ExportReading: ...


ServicesT = TypeVar("ServicesT", bound=HasExports)


async def make_export(run: JobRun[ServicesT]) -> Mapping[str, Any]:
    """Made twice, the same file is replaced. Nothing of the database is held between chunks."""
    async with run.services() as own:
        export = await own.exports.begin(run.input["export"])
    with TemporaryDirectory(prefix="storegraph-") as folder:
        target = Path(folder) / "export"
        made = await _write(run, export, target)
        size = target.stat().st_size
        async with run.services() as own:
            await own.exports.store(export, target)

            async def finish() -> ExportRow:
                await run.hold(own)
                return await own.exports.finish(export, made, size)

            await own.uow.transact(finish)
    return {"export": export.id, "rows": made.rows, "leftOut": made.left_out, "bytes": size}


async def _write(run: JobRun[ServicesT], export: ExportRow, target: Path) -> Made:
    where = read_where(export.kind, run.input["where"])
    async with run.services() as own:
        total = await own.export_reading.count(export.kind, where)
    rows, left_out, position = 0, 0, None
    async with await open_file(target, "wb") as file:
        while True:
            async with run.services() as own:
                chunk = await own.export_reading.chunk(export.kind, export.format, where, position)
            await file.write(chunk.text.encode())
            rows, left_out = rows + chunk.rows, left_out + chunk.left_out
            await run.progress(rows + left_out, max(total, rows + left_out))
            position = chunk.position
            if position is None:
                return Made(rows, left_out)
