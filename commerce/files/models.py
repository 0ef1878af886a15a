"""Files that are kept, uploads on their way, and what is to be removed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    key,
    moment,
    number_of,
    optional_number_of,
    optional_text,
    optional_whole,
    refers_to,
    required_text,
)
from commerce.files.kinds import FileKind


class File(SQLModel, table=True):
    """`key` says where the storage has it: a name that nobody can guess, and no name of anybody's.

    Of a picture `mime_type` is that of what it was made into, and `size` all its sizes together.
    `md5` is the digest of what was uploaded, by which other programs know a file.
    """

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        Index("uq_files_key", "key", unique=True),
        Index("ix_files_md5", "md5"),
    )

    id: int = key()
    kind: FileKind = choice(FileKind)
    key: str = required_text()
    filename: str = required_text()
    mime_type: str = required_text()
    size: int = number_of()
    width: int | None = optional_whole()
    height: int | None = optional_whole()
    md5: str | None = optional_text()
    created_at: datetime = moment()


class StagedUpload(SQLModel, table=True):
    """Leave to upload `size` bytes.

    `received` is how many came, where this server takes them; `file_id` what was made of them.
    """

    __tablename__ = "staged_uploads"
    __table_args__ = (Index("ix_staged_uploads_expires_at", "expires_at"),)

    id: int = key()
    kind: FileKind = choice(FileKind)
    key: str = required_text()
    filename: str = required_text()
    mime_type: str = required_text()
    size: int = number_of()
    received: int | None = optional_number_of()
    file_id: int | None = refers_to("files.id", nullable=True)
    expires_at: datetime = moment(now=False)
    created_at: datetime = moment()


class FileLeftover(SQLModel, table=True):
    """What the storage still has of a file that is deleted, until a chore has removed it."""

    __tablename__ = "file_leftovers"

    id: int = key()
    key: str = required_text()
