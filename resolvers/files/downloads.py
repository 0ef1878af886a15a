"""Files that come with variants, and downloads of those who bought one."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.files.links import document_url
from resolvers.nodes import node_id
from resolvers.permissions import public, requires

READ = Scope.READ_FILES


@strawberry.type(description="A file that whoever buys the variant can download.")
class VariantFile:
    key: strawberry.Private[int]
    file_id: strawberry.ID = requires(READ, description="The file.")
    filename: str = requires(READ, description="What it is called.")
    title: str = requires(READ, description="What buyers are told it is.")
    size: int = requires(READ, description="Bytes.")
    max_downloads: int = requires(
        READ, description="How often it can be downloaded for each line of an order."
    )

    @classmethod
    def of(cls, row: Any) -> "VariantFile":
        return cls(
            key=row.file_id,
            file_id=node_id("File", row.file_id),
            filename=row.filename,
            title=row.title,
            size=row.size,
            max_downloads=row.max_downloads,
        )

    @requires(READ, description="Opens it to whoever has the link for an hour, uncounted.")
    def url(self, info: Info) -> str | None:
        return document_url(info, self.key)


@strawberry.type(description="Something that was bought, to download.")
class Download:
    title: str = public("What it is.")
    filename: str = public("What it is called.")
    size: int = public("Bytes.")
    remaining: int = public("How often it can still be downloaded.")
    url: str | None = public("Where it is; null when it was downloaded as often as it may be.")
    expires_at: datetime | None = public("Until when `url` is good: ask for another one then.")

    @classmethod
    def of(cls, info: Info, row: Any) -> "Download":
        remaining = max(0, row.max_downloads - row.used)
        link = info.context.services.downloads.link(row.line_id, row.file_id)
        return cls(
            title=row.title or row.filename,
            filename=row.filename,
            size=row.size,
            remaining=remaining,
            url=link.url if remaining else None,
            expires_at=link.expires_at if remaining else None,
        )


async def downloads_of(info: Info, line_id: int) -> list[Download]:
    rows = await info.context.loaders.files.downloads_by_line.load(line_id)
    return [Download.of(info, row) for row in rows]


async def files_of(info: Info, variant_id: int) -> list[VariantFile]:
    rows = await info.context.loaders.files.files_by_variant.load(variant_id)
    return [VariantFile.of(row) for row in rows]
