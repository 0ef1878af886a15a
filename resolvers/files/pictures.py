"""Pictures that inputs name: files of the store, or uploads to make files of."""

from typing import Any

from commerce.core.problems import Invalid, NotFound, Problem
from resolvers.context import Info
from resolvers.files.types import path_of
from resolvers.nodes import require_key

STAGED = "StagedUpload"


async def picture_of(info: Info, file_id: str | None, upload_id: str | None) -> str | Problem:
    """The address of the picture, within the store."""
    if upload_id is not None:
        row = await file_of_upload(info, upload_id)
        name = "staged_upload_id"
    else:
        row = await _file(info, file_id or "")
        name = "file_id"
    if isinstance(row, Problem):
        return row
    return path_of(row) or Invalid("This is no picture.", (name,))


async def file_of_upload(info: Info, id_: str | None) -> Any:
    """The file's row, or why there is none."""
    key = require_key(id_ or "", STAGED, "staged_upload_id")
    return key if isinstance(key, Problem) else await info.context.services.files.create(key)


async def _file(info: Info, id_: str) -> Any:
    key = require_key(id_, "File", "file_id")
    if isinstance(key, Problem):
        return key
    row = await info.context.loaders.files.file_by_id.load(key)
    return row or NotFound("There is no File with this id.", ("file_id",))
