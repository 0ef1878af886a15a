"""The store's logo for papers: nothing about it keeps one from being printed."""

from typing import Final

import structlog

from commerce.files.kinds import PictureSize
from commerce.files.ports import Storage
from commerce.files.rules.keys import media_key
from commerce.files.rules.pictures import picture_at

log: Final = structlog.get_logger("commerce.files")

MOST: Final = 1024 * 1024  # bytes


class Logos:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def read(self, address: str) -> bytes:
        """What the storage has of it, in a size for paper; nothing of addresses elsewhere."""
        picture = picture_at(address)
        if picture is None:
            return b""
        try:
            stored = await self._storage.get(media_key(picture.path(PictureSize.THUMBNAIL)))
            if stored is None or stored.size > MOST:
                return b""
            return b"".join([part async for part in stored.parts])
        except Exception:  # the paper is wanted, with or without it
            log.warning("logo_not_read", exc_info=True)
            return b""
