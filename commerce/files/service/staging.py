"""Leave to upload: signed, for one file of one size, for an hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.links import SignedLinks
from commerce.core.problems import Invalid, Problem
from commerce.files.ports import Storage
from commerce.files.repository.files import FileRepository
from commerce.files.repository.staged import StagedRepository, StagedRow
from commerce.files.rules.keys import new_key, upload_key
from commerce.files.rules.limits import LIFETIME, FileLimits, quota_flaw, size_flaw
from commerce.files.rules.names import clean_name, name_flaw, type_flaw

Values = Mapping[str, Any]

UPLOADS: Final = "/files/uploads/"
UPLOAD_METHOD: Final = "PUT"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the bytes of an upload go, with which header, until when."""

    id: int
    url: str
    content_type: str
    expires_at: datetime


class StagingService:
    def __init__(
        self,
        staged: StagedRepository,
        files: FileRepository,
        storage: Storage,
        links: SignedLinks,
        limits: FileLimits,
        clock: Clock,
    ) -> None:
        self._staged = staged
        self._files = files
        self._storage = storage
        self._links = links
        self._limits = limits
        self._clock = clock

    async def stage(self, wanted: Sequence[Values]) -> Sequence[Target] | Problem:
        """Room for these, or for none; in their order."""
        if not wanted:
            return Invalid("Name at least one file.", ("uploads",))
        for place, each in enumerate(wanted):
            flaw = _flaw(place, each, self._limits)
            if flaw is not None:
                return flaw
        rows = await self.room_for(wanted)
        if isinstance(rows, Problem):
            return rows
        return [await self._target(row) for row in rows]

    async def room_for(self, wanted: Sequence[Values]) -> Sequence[StagedRow] | Problem:
        """Written down as on their way, in their order, if there is room for all of them."""
        await self._staged.one_after_another()
        open_, on_their_way = await self._staged.open()
        kept = await self._files.bytes_kept() + on_their_way
        full = quota_flaw([each["size"] for each in wanted], kept, open_, self._limits)
        if full is not None:
            return full
        expires_at = self._clock() + LIFETIME
        items = [
            {
                **each,
                "filename": clean_name(each["filename"]),
                "key": new_key(),
                "expires_at": expires_at,
            }
            for each in wanted
        ]
        rows = await self._staged.add(items)
        return [rows[item["key"]] for item in items]

    async def expected(self, id_: int) -> StagedRow | None:
        """What may still be uploaded; None when nothing may."""
        row = await self._staged.one(id_)
        return None if row is None or row.expires_at <= self._clock() else row

    async def arrived(self, id_: int, size: int) -> bool:
        return await self._staged.arrived(id_, size)

    async def _target(self, row: StagedRow) -> Target:
        url = await self._storage.upload_url(upload_key(row.key), LIFETIME)
        own = self._links.url(f"{UPLOADS}{row.id}", self._clock(), LIFETIME)
        return Target(row.id, url or own, row.mime_type, row.expires_at)


def _flaw(place: int, wanted: Values, limits: FileLimits) -> Problem | None:
    path = ("uploads", str(place))
    return (
        name_flaw(wanted["filename"], *path, "filename")
        or type_flaw(wanted["mime_type"], *path, "mime_type")
        or size_flaw(wanted["size"], limits, *path, "file_size")
    )
