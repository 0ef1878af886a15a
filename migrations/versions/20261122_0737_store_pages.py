"""what the store tells: pages, menus, and more of itself"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_store_pages"
down_revision = "0018_orders"
branch_labels = None
depends_on = None

BEFORE = (
    "name,legal_name,description,email,phone,website,logo_url,line1,line2,city,region,"
    "postal_code,tax_id,country,timezone,locale,locales,currency,currencies,countries,"
    "weight_unit,length_unit,date_format,time_format,social_links,order_prefix,order_suffix,"
    "order_digits,invoice_prefix,invoice_suffix,rounding_mode,rounding_stage,cart_days,"
    "reservation_minutes,abandoned_hours,abandoned_mails,guest_checkout,closed"
)
TEXTS = "notice mobile favicon_url seo_title seo_description registration_name registration_number"
AUDITED = (
    """
    SELECT storegraph_audit('store_pages', 'StorePage', 'id',
        '{kind,slug,title,body_html,url,seo_title,seo_description,published,position,external_id}',
        '{id,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('menus', 'Menu', 'id', '{code,title}',
        '{id,created_at,updated_at,version}')
    """,
    """
    SELECT storegraph_audit('menu_items', 'Menu', 'menu_id',
        '{menu_id,place,parent,title,url,new_tab,product_id,category_id,collection_id,page_id}',
        '{created_at,updated_at,version}')
    """,
)
LINKED = {
    "product_id": "products",
    "category_id": "categories",
    "collection_id": "collections",
    "page_id": "store_pages",
}


def upgrade() -> None:
    columns = _columns()
    for column in columns:
        op.add_column("store", column)
    _audit_store(f"{BEFORE},{','.join(column.name for column in columns)}")
    _pages()
    _menus()
    for statement in AUDITED:
        op.execute(statement)


def downgrade() -> None:
    for table in ("menu_items", "menus", "store_pages"):
        op.drop_table(table)
    for column in _columns():
        op.drop_column("store", column.name)
    _audit_store(BEFORE)


def _audit_store(shown: str) -> None:
    op.execute(
        f"SELECT storegraph_audit('store', 'Store', 'id', '{{{shown}}}',"  # our own words
        " '{id,created_at,updated_at,version}')"
    )


def _columns() -> list[sa.Column[Any]]:
    return [
        *(_text(name) for name in TEXTS.split()),
        _defaulted("show_email", sa.Boolean(), "true"),
        *(sa.Column(name, sa.Numeric(9, 6), nullable=True) for name in ("latitude", "longitude")),
        _text("volume_unit", "l"),
        _defaulted("terms_required", sa.Boolean(), "false"),
        _defaulted("notification_emails", sa.ARRAY(sa.Text()), "'{}'"),
        _defaulted("design", postgresql.JSONB(), "'{}'"),
    ]


def _pages() -> None:
    op.create_table(
        "store_pages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        _defaulted("kind", sa.String(40), "'other'"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("slug", "title")),
        *(_text(name) for name in ("body_html", "url", "seo_title", "seo_description")),
        _defaulted("published", sa.Boolean(), "false"),
        _defaulted("position", sa.Integer(), "0"),
        sa.Column("external_id", sa.Text(), nullable=True),
        *_lived(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_pages")),
        sa.UniqueConstraint("slug", name=op.f("uq_store_pages_slug")),
        sa.UniqueConstraint("external_id", name=op.f("uq_store_pages_external_id")),
    )
    op.create_index("ix_store_pages_position_id", "store_pages", ["position", "id"])


def _menus() -> None:
    op.create_table(
        "menus",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "title")),
        *_lived(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
        sa.UniqueConstraint("code", name=op.f("uq_menus_code")),
    )
    op.create_table(
        "menu_items",
        sa.Column("menu_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        _text("url"),
        _defaulted("new_tab", sa.Boolean(), "false"),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in LINKED),
        sa.CheckConstraint("parent < place", name=op.f("ck_menu_items_below_an_earlier_one")),
        sa.ForeignKeyConstraint(
            ["menu_id"], ["menus.id"], name=op.f("fk_menu_items_menu_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_menu_items_{name}"), ondelete="SET NULL"
            )
            for name, table in LINKED.items()
        ),
        sa.PrimaryKeyConstraint("menu_id", "place", name=op.f("pk_menu_items")),
    )
    for name in LINKED:
        op.create_index(op.f(f"ix_menu_items_{name}"), "menu_items", [name])


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _defaulted(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=sa.text(default), nullable=False)


def _lived() -> list[sa.Column[Any]]:
    """How often and when a row was changed."""
    moments = (
        _defaulted(name, sa.DateTime(timezone=True), "now()")
        for name in ("created_at", "updated_at")
    )
    return [_defaulted("version", sa.Integer(), "1"), *moments]
