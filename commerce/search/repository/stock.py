"""Whether there is anything to buy, as a condition."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.inventory.availability import variant_in_stock


def product_in_stock(at: datetime) -> ColumnElement[bool]:
    """One of its live variants is in stock then."""
    sellable = exists().where(
        col(Variant.product_id) == col(Product.id),
        col(Variant.archived_at).is_(None),
        variant_in_stock(at),
    )
    return sellable.correlate(Product)
