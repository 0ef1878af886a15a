"""Which prices a viewer sees."""

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.catalog.visibility import visible_variants
from commerce.core.viewer import Scope, Viewer


def visible_price_lists(viewer: Viewer) -> ColumnElement[bool]:
    """Price lists are the shop's own; those who write them see what they wrote."""
    return true() if viewer.may(Scope.READ_PRICES) or viewer.may(Scope.WRITE_PRICES) else false()


def told_prices(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer is told the price of a variant: to be joined with products.

    A price on request is kept from the storefront.
    """
    if viewer.may(Scope.READ_PRICES):
        return visible_variants(viewer)
    return and_(visible_variants(viewer), col(Product.price_on_request).is_(False))


def told_price_of(variant_id: ColumnElement[int], viewer: Viewer) -> ColumnElement[bool]:
    """The same for a variant by its id.

    A scalar subquery stays two index look-ups per row, where a join may become a scan of all.
    """
    told: ColumnElement[bool] = (
        select(told_prices(viewer))
        .join_from(Variant, Product, col(Product.id) == col(Variant.product_id))
        .where(col(Variant.id) == variant_id)
        .scalar_subquery()
    )
    return told
