"""Which files come with which variants, and what has been downloaded."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from commerce.core.columns import default_text, key, moment, part_of, refers_to, whole


class VariantFile(SQLModel, table=True):
    """`max_downloads` are those of each line of an order."""

    __tablename__ = "variant_files"
    __table_args__ = (
        UniqueConstraint("variant_id", "file_id"),
        CheckConstraint("max_downloads BETWEEN 1 AND 1000", name="max_downloads"),
    )

    id: int = key()
    variant_id: int = refers_to("variants.id", index=False)
    file_id: int = refers_to("files.id", on_delete="RESTRICT")
    title: str = default_text()
    max_downloads: int = whole(5)
    created_at: datetime = moment()


class FileDownload(SQLModel, table=True):
    """How often a file was downloaded for a line of an order."""

    __tablename__ = "file_downloads"
    __table_args__ = ({"info": {"customer": "order_line_id", "erased": "blanked"}},)

    order_line_id: int = part_of("order_lines.id")
    file_id: int = part_of("files.id")
    used: int = whole()
    last_at: datetime = moment()
