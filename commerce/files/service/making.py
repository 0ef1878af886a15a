"""From uploaded bytes to what is kept. Nothing of the database is held meanwhile."""

from collections.abc import Mapping
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from anyio import open_file

from commerce.core.problems import Invalid
from commerce.files.kinds import FileKind
from commerce.files.ports import Pictures, Storage, UnreadablePictureError
from commerce.files.repository.staged import StagedRow
from commerce.files.rules.keys import document_key, media_folder, media_key, upload_key
from commerce.files.rules.pictures import TYPES, Picture

Made = Mapping[str, Any]

UPLOADED: Final = ("staged_upload_id",)


class FileMaker:
    """Made twice, the same is written to the same places: so it may be interrupted anywhere."""

    def __init__(self, storage: Storage, pictures: Pictures) -> None:
        self._storage = storage
        self._pictures = pictures

    async def make(self, staged: StagedRow) -> Made | Invalid:
        """The columns of the file."""
        size = await self._storage.stat(upload_key(staged.key))
        if size is None:
            return Invalid("Nothing was uploaded.", UPLOADED)
        if size != staged.size:
            return _other_size(size, staged)
        with TemporaryDirectory(prefix="storegraph-") as name:
            source = Path(name) / "source"
            size, digest = await self._fetched(staged, source)
            if size != staged.size:
                return _other_size(size, staged)
            kept = {"key": staged.key, "filename": staged.filename, "kind": staged.kind}
            kept["md5"] = digest
            if staged.kind is FileKind.IMAGE:
                made = await self._picture(staged.key, source, Path(name))
            else:
                made = await self._document(staged, source)
        return made if isinstance(made, Invalid) else kept | made

    async def remove(self, key: str) -> None:
        """All that the storage has of a file."""
        await self.remove_upload(key)
        await self._storage.delete(document_key(key))
        await self._storage.delete_below(media_folder(key))

    async def remove_upload(self, key: str) -> None:
        """The bytes as they came."""
        await self._storage.delete(upload_key(key))

    async def _document(self, staged: StagedRow, source: Path) -> dict[str, Any]:
        await self._storage.put(document_key(staged.key), source, staged.mime_type)
        return {"mime_type": staged.mime_type, "size": staged.size}

    async def _picture(self, key: str, source: Path, folder: Path) -> dict[str, Any] | Invalid:
        try:
            made = await self._pictures.make(source, folder)
        except UnreadablePictureError as error:
            return Invalid(str(error), UPLOADED)
        picture = Picture(key, made.width, made.height, made.extension)
        mime_type = TYPES[made.extension]
        for each in made.sizes:
            await self._storage.put(media_key(picture.path(each.size)), each.file, mime_type)
        return {
            "mime_type": mime_type,
            "size": sum(each.bytes for each in made.sizes),
            "width": made.width,
            "height": made.height,
        }

    async def _fetched(self, staged: StagedRow, target: Path) -> tuple[int, str]:
        """How many bytes there were, and their digest; not many more than were announced are
        read."""
        size, digest = 0, md5(usedforsecurity=False)
        stored = await self._storage.get(upload_key(staged.key))
        if stored is None:
            return size, digest.hexdigest()
        async with await open_file(target, "wb") as file:
            async for part in stored.parts:
                size += len(part)
                digest.update(part)
                if size > staged.size:
                    break
                await file.write(part)
        return size, digest.hexdigest()


def _other_size(size: int, staged: StagedRow) -> Invalid:
    return Invalid(f"{size} bytes came, not {staged.size} as was said.", UPLOADED)
