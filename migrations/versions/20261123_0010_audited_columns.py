"""the audit log keeps what keys, addresses, groups, promotions and variants have gained"""

from alembic import op

revision = "0045_audited_columns"
down_revision = "0044_variant_customs"
branch_labels = None
depends_on = None

COUNTED = "created_at,updated_at,version"
# What the audit log keeps of a table before and, after the bar, from now on; then what says nothing
# of its own.
AUDITED = {
    ("api_keys", "ApiKey", "id"): (
        "public_id,taken_up_at,previous_until,rotated_at,name,hint,reference,scopes,dialect,"
        "is_public,allowed_ips,owner_id,expires_at,revoked_at|calls_per_minute",
        f"id,last_used_at,{COUNTED}",
    ),
    ("customer_addresses", "Customer", "customer_id"): (
        "id,customer_id,is_default_billing,is_default_shipping|verified_at",
        COUNTED,
    ),
    ("customer_groups", "CustomerGroup", "id"): (
        "name,external_id|kind,min_subtotal,min_quantity",
        f"id,{COUNTED}",
    ),
    ("promotions", "Promotion", "id"): (
        "external_id,name,trigger,applies_to,value,target,conditions,currency,starts_at,ends_at,"
        "weekdays,from_hour,to_hour,priority,exclusive,combinable,most_off,most_units,least_units,"
        "free_shipping,usage_limit,per_customer_limit,active,archived_at|description",
        f"id,used,{COUNTED}",
    ),
    ("variants", "ProductVariant", "id"): (
        "product_id,sku,barcode,title,option_key,position,weight_grams,weight_unit,length_mm,"
        "width_mm,height_mm,backorder,track_stock,requires_shipping,taxable,tax_code,media_id,"
        "archived_at|active,origin_country,customs_code",
        f"id,{COUNTED}",
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for named, (shown, unseen) in AUDITED.items():
        _audit(*named, shown.replace("|", ","), unseen)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    for named, (shown, unseen) in AUDITED.items():
        _audit(*named, shown.split("|")[0], unseen)


def _audit(table: str, kind: str, target: str, shown: str, unseen: str) -> None:
    op.execute(
        f"SELECT storegraph_audit('{table}', '{kind}', '{target}', '{{{shown}}}', '{{{unseen}}}')"  # our own words
    )
