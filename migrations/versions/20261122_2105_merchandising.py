"""what shops say of their goods, and by what others know files and customers"""

import sqlalchemy as sa
from alembic import op

revision = "0033_merchandising"
down_revision = "0032_kept_carts"
branch_labels = None
depends_on = None

SEO = ("products", "brands", "categories", "collections", "store_pages")
COUNTED = "created_at,updated_at,version"
# What the audit log keeps of a table before and, after the bar, with these columns; then what says
# nothing of its own.
AUDITED = {
    "products": (
        "Product",
        "slug,title,description_html,status,type,brand_id,tax_class_id,vendor,product_type,tags,"
        "featured,shown_as_new,price_on_request,position,seo_title,seo_description,published_at,"
        "archived_at|excerpt,announced,one_per_order,stock_shown,seo_keywords",
        f"id,description_text,brand_name,plain_title,plain_words,search,{COUNTED}",
    ),
    "brands": (
        "Brand",
        "slug,name,description_html,logo_url,seo_title,seo_description,active,position"
        "|seo_keywords",
        f"id,{COUNTED}",
    ),
    "categories": (
        "Category",
        "parent_id,slug,title,description_html,image_url,seo_title,seo_description,position,"
        "active,archived_at|seo_keywords",
        f"id,{COUNTED}",
    ),
    "collections": (
        "Collection",
        "slug,title,description_html,image_url,seo_title,seo_description,position,active"
        "|seo_keywords",
        f"id,{COUNTED}",
    ),
    "store_pages": (
        "StorePage",
        "kind,slug,title,body_html,url,seo_title,seo_description,published,position,external_id"
        "|seo_keywords",
        f"id,{COUNTED}",
    ),
    "files": (
        "File",
        "kind,filename,mime_type,size,width,height|",
        f"id,key,md5,{COUNTED}",
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for table in SEO:
        op.add_column(table, _text("seo_keywords"))
    op.add_column("products", _text("excerpt"))
    for name, default in (
        ("announced", "false"),
        ("one_per_order", "false"),
        ("stock_shown", "true"),
    ):
        op.add_column("products", _flag(name, default))
    op.add_column("files", sa.Column("md5", sa.Text(), nullable=True))
    op.create_index("ix_files_md5", "files", ["md5"])
    op.create_index("ix_customers_email_md5", "customers", [sa.text("md5(lower(email))")])
    for table, (kind, shown, unseen) in AUDITED.items():
        _audit(table, kind, shown.replace("|", ",").rstrip(","), unseen)


def downgrade() -> None:
    for table, (kind, shown, unseen) in AUDITED.items():
        _audit(table, kind, shown.split("|")[0], unseen)
    op.drop_index("ix_customers_email_md5", "customers")
    op.drop_index("ix_files_md5", "files")
    op.drop_column("files", "md5")
    for name in ("stock_shown", "one_per_order", "announced", "excerpt"):
        op.drop_column("products", name)
    for table in SEO:
        op.drop_column(table, "seo_keywords")


def _audit(table: str, kind: str, shown: str, unseen: str) -> None:
    op.execute(
        f"SELECT storegraph_audit('{table}', '{kind}', 'id', '{{{shown}}}', '{{{unseen}}}')"  # our own words
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _flag(name: str, default: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)
