"""staff"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004_staff"
down_revision = "0003_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _upgrade_members()
    _upgrade_api_keys()


def downgrade() -> None:
    _downgrade_api_keys()
    _downgrade_members()


# What each role holds at first. The owner's scopes are not read: it has them all.
ROLES = """
    INSERT INTO roles (name, built_in, scopes) VALUES
    ('Owner', 'owner', '{}'),
    ('Manager', 'manager', '{read_products,write_products,read_prices,write_prices,read_stock,
        write_stock,read_customers,write_customers,read_staff,read_api_keys,read_audit_log}'),
    ('Support', 'support', '{read_products,read_prices,read_stock,read_customers,write_customers}'),
    ('Read-only', 'read_only', '{read_products,read_prices,read_stock,read_customers}')
"""
# What belongs to a member goes with it.
OF_MEMBERS = ("sessions", "purpose_tokens")


def _upgrade_members() -> None:
    op.create_table(
        "roles",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("built_in", sa.Text(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        *_history(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("built_in", name=op.f("uq_roles_built_in")),
    )
    op.create_index("uq_roles_name", "roles", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "staff_members",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "invited_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        *_history(),
        sa.CheckConstraint(
            "accepted_at IS NULL OR password_hash IS NOT NULL",
            name=op.f("ck_staff_members_has_password"),
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_staff_members_role_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
    )
    op.create_index(
        "uq_staff_members_email", "staff_members", [sa.literal_column("lower(email)")], unique=True
    )
    op.create_index("ix_staff_members_name_id", "staff_members", ["name", "id"])
    op.create_index(op.f("ix_staff_members_role_id"), "staff_members", ["role_id"])
    for table in OF_MEMBERS:
        name = op.f(f"fk_{table}_staff_id")
        op.create_foreign_key(
            name, table, "staff_members", ["staff_id"], ["id"], ondelete="CASCADE"
        )
    op.execute(ROLES)


def _downgrade_members() -> None:
    for table in OF_MEMBERS:
        op.drop_constraint(op.f(f"fk_{table}_staff_id"), table)
    op.drop_table("staff_members")
    op.drop_table("roles")


def _history() -> list[sa.Column[Any]]:
    now = sa.text("now()")
    return [
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
            for name in ("created_at", "updated_at")
        ),
    ]


KEY_COLUMNS = (
    ("taken_up_at", sa.DateTime(timezone=True)),
    ("previous_sha256", sa.LargeBinary()),
    ("previous_until", sa.DateTime(timezone=True)),
    ("rotated_at", sa.DateTime(timezone=True)),
    ("password_sha256", sa.LargeBinary()),
    ("reference", sa.Text()),
    ("owner_id", sa.BigInteger()),
)
KEY_CHECKS = (
    ("previous_whole", "(previous_sha256 IS NULL) = (previous_until IS NULL)"),
    ("public_reach", "NOT is_public OR (dialect = 'ecwid' AND scopes = '{}')"),
    ("password_of_cartino", "password_sha256 IS NULL OR dialect = 'cartino'"),
)


def _upgrade_api_keys() -> None:
    for name, kind in KEY_COLUMNS:
        op.add_column("api_keys", sa.Column(name, kind, nullable=True))
    no = sa.text("false")
    op.add_column(
        "api_keys", sa.Column("is_public", sa.Boolean(), server_default=no, nullable=False)
    )
    none = sa.text("'{}'")
    op.add_column(
        "api_keys",
        sa.Column("allowed_ips", sa.ARRAY(sa.Text()), server_default=none, nullable=False),
    )
    op.create_unique_constraint(op.f("uq_api_keys_reference"), "api_keys", ["reference"])
    op.create_index(op.f("ix_api_keys_owner_id"), "api_keys", ["owner_id"])
    op.create_foreign_key(
        op.f("fk_api_keys_owner_id"),
        "api_keys",
        "staff_members",
        ["owner_id"],
        ["id"],
        ondelete="SET NULL",
    )
    for name, condition in KEY_CHECKS:
        op.create_check_constraint(op.f(f"ck_api_keys_{name}"), "api_keys", condition)


def _downgrade_api_keys() -> None:
    for name, _ in KEY_CHECKS:
        op.drop_constraint(op.f(f"ck_api_keys_{name}"), "api_keys")
    op.drop_index(op.f("ix_api_keys_owner_id"), "api_keys")
    op.drop_constraint(op.f("uq_api_keys_reference"), "api_keys")
    for name in ("allowed_ips", "is_public", *(name for name, _ in reversed(KEY_COLUMNS))):
        op.drop_column("api_keys", name)
