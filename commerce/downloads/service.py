"""Files that come with variants, for those who have bought one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from commerce.core.clock import Clock
from commerce.core.links import SignedLinks
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.text import words_flaw
from commerce.downloads.repository import DownloadRepository, DownloadRow
from commerce.files.kinds import FileKind
from commerce.files.repository.files import FileRepository

DOWNLOADS: Final = "/downloads/"
LIFETIME: Final = timedelta(hours=24)
MOST_DOWNLOADS: Final = 1_000
MAX_TITLE: Final = 200
MOST_FILES: Final = 50


@dataclass(frozen=True, slots=True)
class UsedUp(Problem):
    """It was downloaded as often as it may be."""

    code: ClassVar[str] = "USED_UP"


@dataclass(frozen=True, slots=True)
class DownloadLink:
    url: str
    expires_at: datetime


class DownloadService:
    def __init__(
        self,
        downloads: DownloadRepository,
        files: FileRepository,
        links: SignedLinks,
        clock: Clock,
    ) -> None:
        self._downloads = downloads
        self._files = files
        self._links = links
        self._clock = clock

    async def attach(
        self, variant_id: int, file_id: int, title: str, max_downloads: int
    ) -> Problem | None:
        flaw = words_flaw(title, MAX_TITLE, "title")
        if flaw is not None:
            return flaw
        if not 1 <= max_downloads <= MOST_DOWNLOADS:
            return Invalid(f"From 1 to {MOST_DOWNLOADS} times.", ("max_downloads",))
        file = await self._files.one(file_id)
        if file is None or file.kind is not FileKind.DOCUMENT:
            return NotFound("There is no such file to download.", ("file_id",))
        stored = (await self._downloads.by_variants([variant_id])).get(variant_id, [])
        if len(stored) >= MOST_FILES and file_id not in {row.file_id for row in stored}:
            return Invalid(f"A variant comes with at most {MOST_FILES} files.", ("file_id",))
        values = {"variant_id": variant_id, "file_id": file_id}
        await self._downloads.attach(
            values | {"title": title.strip(), "max_downloads": max_downloads}
        )
        return None

    async def detach(self, variant_id: int, file_id: int) -> Problem | None:
        """Those who have bought it cannot download it any more."""
        if await self._downloads.detach(variant_id, file_id):
            return None
        return NotFound("This file does not come with this variant.", ("file_id",))

    def link(self, line_id: int, file_id: int) -> DownloadLink:
        now = self._clock()
        url = self._links.url(path_of(line_id, file_id), now, LIFETIME)
        return DownloadLink(url, now + LIFETIME)

    async def take(self, line_id: int, file_id: int) -> DownloadRow | Problem:
        """Count a download, and say of what; for whoever holds a good link."""
        row = await self._downloads.one(line_id, file_id)
        if row is None:
            return NotFound("There is nothing to download here.")
        if await self._downloads.take(line_id, file_id, row.max_downloads) is None:
            return UsedUp("This was downloaded as often as it may be.")
        return row


def path_of(line_id: int, file_id: int) -> str:
    return f"{DOWNLOADS}{line_id}/{file_id}"
