"""keys with a rate of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0039_key_rates"
down_revision = "0038_shopkit_webhooks"
branch_labels = None
depends_on = None

NAME = "ck_api_keys_calls_positive"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("api_keys", sa.Column("calls_per_minute", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f(NAME), "api_keys", "calls_per_minute > 0")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.drop_constraint(op.f(NAME), "api_keys", type_="check")
    op.drop_column("api_keys", "calls_per_minute")
