"""Where files are uploaded, pictures are shown, and what was bought is downloaded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.routing import BaseRoute

from commerce.core.viewer import SYSTEM
from commerce.http.exports import ExportFiles
from commerce.http.files import DownloadFiles, KeptFiles, MediaFiles
from commerce.http.record import current_record
from commerce.http.uploads import Uploads
from commerce.runtime import Resources
from commerce.wiring import Services


def file_routes(resources: Resources) -> list[BaseRoute]:
    """The database is asked before and after bytes are moved, and never held meanwhile."""
    ports, clock = resources.ports, resources.clock

    @asynccontextmanager
    async def services() -> AsyncIterator[Services]:
        async with resources.open_unit() as uow:
            yield Services(uow, SYSTEM, clock, ports)
            record = current_record()
            if record is not None:
                record.statements += uow.statements

    async def expected(id_: int) -> Any | None:
        async with services() as found:
            return await found.staging.expected(id_)

    async def arrived(id_: int, size: int) -> bool:
        async with services() as found:
            return await found.uow.transact(lambda: found.staging.arrived(id_, size))

    async def take(line_id: int, file_id: int) -> Any:
        async with services() as found:
            return await found.uow.transact(lambda: found.downloads.take(line_id, file_id))

    async def document(id_: int) -> Any | None:
        async with services() as found:
            return await found.repositories.files.document(id_)

    async def export(id_: int) -> Any | None:
        async with services() as found:
            return await found.exports.there(id_)

    storage, links = ports.file_storage, ports.file_links
    return [
        *Uploads(expected, arrived, storage, links, clock).routes(),
        *MediaFiles(storage).routes(),
        *DownloadFiles(take, storage, links, clock).routes(),
        *KeptFiles(document, storage, links, clock).routes(),
        *ExportFiles(export, storage, links, clock).routes(),
    ]
