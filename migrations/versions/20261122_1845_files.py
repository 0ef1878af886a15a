"""files, uploads on their way, and downloads of what was bought"""

import sqlalchemy as sa
from alembic import op

revision = "0028_files"
down_revision = "0027_webhooks"
branch_labels = None
depends_on = None

KIND = sa.Enum("image", "document", name="filekind", native_enum=False, length=40)
AUDITED = (
    """
    SELECT storegraph_audit('files', 'File', 'id',
        '{kind,filename,mime_type,size,width,height}',
        '{id,key,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('variant_files', 'ProductVariant', 'variant_id',
        '{id,variant_id,file_id,title,max_downloads}',
        '{created_at,updated_at,version}')
    """,
)


def upgrade() -> None:
    op.create_table(
        "file_leftovers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_leftovers")),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_files_size_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("uq_files_key", "files", ["key"], unique=True)
    op.create_table(
        "staged_uploads",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_staged_uploads_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_uploads")),
    )
    op.create_index("ix_staged_uploads_expires_at", "staged_uploads", ["expires_at"], unique=False)
    op.create_index(op.f("ix_staged_uploads_file_id"), "staged_uploads", ["file_id"], unique=False)
    op.create_table(
        "variant_files",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("max_downloads", sa.Integer(), server_default=sa.text("5"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "max_downloads BETWEEN 1 AND 1000", name=op.f("ck_variant_files_max_downloads")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_variant_files_file_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_variant_files_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant_files")),
        sa.UniqueConstraint(
            "variant_id", "file_id", name=op.f("uq_variant_files_variant_id_file_id")
        ),
    )
    op.create_index(op.f("ix_variant_files_file_id"), "variant_files", ["file_id"], unique=False)
    op.create_table(
        "file_downloads",
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_file_downloads_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_file_downloads_order_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("order_line_id", "file_id", name=op.f("pk_file_downloads")),
    )
    for statement in AUDITED:
        op.execute(statement)


def downgrade() -> None:
    for table in ("file_downloads", "variant_files", "staged_uploads", "files", "file_leftovers"):
        op.drop_table(table)
