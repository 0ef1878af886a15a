"""what customers of a group have to buy at once"""

import sqlalchemy as sa
from alembic import op

revision = "0042_group_minimums"
down_revision = "0041_variant_active"
branch_labels = None
depends_on = None

TABLE = "customer_groups"
MINIMUMS = ("min_subtotal", "min_quantity")
KINDS = ("b2c", "b2b", "vip", "wholesale", "employee")
KIND = sa.Enum(*KINDS, name="groupkind", native_enum=False, length=40)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column(TABLE, sa.Column("kind", KIND, nullable=True))
    op.add_column(TABLE, sa.Column("min_subtotal", sa.Numeric(18, 6), nullable=True))
    op.add_column(TABLE, sa.Column("min_quantity", sa.Integer(), nullable=True))
    for name in MINIMUMS:
        op.create_check_constraint(op.f(f"ck_customer_groups_{name}"), TABLE, f"{name} > 0")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for name in MINIMUMS:
        op.drop_constraint(op.f(f"ck_customer_groups_{name}"), TABLE)
    for name in ("min_quantity", "min_subtotal", "kind"):
        op.drop_column(TABLE, name)
