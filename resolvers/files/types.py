"""Files of the store."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.criteria import check_leaf
from commerce.core.viewer import Scope
from commerce.files.repository.files import FileWhere
from commerce.files.rules.pictures import picture_in
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.files.images import Image, Size, image_at
from resolvers.files.kinds import FileKind, PictureSize
from resolvers.files.links import document_url
from resolvers.nodes import Node, key_of, node_id
from resolvers.permissions import requires

READ = Scope.READ_FILES


@strawberry.type(description="A file of the store.")
class File(Node):
    kind: FileKind = requires(READ, description="What it is for.")
    filename: str = requires(READ, description="What it was called when it was uploaded.")
    mime_type: str = requires(READ, description="Its media type; of a picture, as it is shown.")
    size: int = requires(READ, description="Bytes; of a picture, all its sizes together.")
    width: int | None = requires(READ, description="Points across, of a picture.")
    height: int | None = requires(READ, description="Points down, of a picture.")
    created_at: datetime = requires(READ, description="When it was made.")
    md5: str | None = requires(
        READ, description="The MD5 digest of what was uploaded; null of what is old."
    )
    path: str | None = requires(
        READ, description="The address of a picture within the store, as media keep it."
    )

    @classmethod
    def of(cls, row: Any) -> "File":
        return cls(
            id=node_id("File", row.id),
            database_id=row.id,
            kind=row.kind,
            filename=row.filename,
            mime_type=row.mime_type,
            size=row.size,
            width=row.width,
            height=row.height,
            created_at=row.created_at,
            md5=row.md5,
            path=path_of(row),
        )

    @requires(READ, description="The picture in a size; null for what is none.")
    def image(self, info: Info, size: Size = PictureSize.FULL) -> Image | None:
        return None if self.path is None else image_at(info, self.path, size)

    @requires(READ, description="Opens a document to whoever has the link, for an hour; else null.")
    def url(self, info: Info) -> str | None:
        document = self.kind is FileKind.DOCUMENT
        return document_url(info, self.database_id) if document else None


def path_of(row: Any) -> str | None:
    if row.kind is not FileKind.IMAGE:
        return None
    return picture_in(row.key, row.width, row.height, row.mime_type).path()


@strawberry.type
class FileQueries:
    @requires(READ, description="A file by its id.")
    async def file(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> File | None:
        key = key_of(id, "File")
        row = None if key is None else await info.context.loaders.files.file_by_id.load(key)
        return None if row is None else File.of(row)

    @requires(READ, description="Files, the newest first.")
    async def files(
        self,
        info: Info,
        kind: Annotated[
            FileKind | None, strawberry.argument(description="Only such; all when absent.")
        ] = None,
        md5: Annotated[
            str | None, strawberry.argument(description="With this digest, in hexadecimal.")
        ] = None,
        name_contains: Annotated[
            str | None, strawberry.argument(description="With this in the name, whatever the case.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[File]:
        where = FileWhere(kind, md5 and md5.lower(), name_contains)
        check_leaf(md5)
        check_leaf(name_contains)
        paging = Paging(info, list_scope("files", where), first, after, last, before)
        files = info.context.services.files
        page = await files.page(where, paging.args)
        return paging.connection(page, File.of, lambda limit: files.count(where, limit))
