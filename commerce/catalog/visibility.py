"""Which rows of the catalogue a viewer sees. Every read starts here, so none can forget it."""

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col

from commerce.catalog.kinds import MetafieldOwner, ProductStatus
from commerce.catalog.models import Brand, Category, Collection, Metafield, Product, Variant
from commerce.core.viewer import Scope, Viewer


def visible_products(viewer: Viewer) -> ColumnElement[bool]:
    """The storefront sees active products, readers of the catalogue all of them."""
    return true() if _staff(viewer) else col(Product.status) == ProductStatus.ACTIVE


def visible_variants(viewer: Viewer) -> ColumnElement[bool]:
    """To be joined with products: a variant is seen with its product, and until archived."""
    return and_(col(Variant.archived_at).is_(None), visible_products(viewer))


def visible_categories(viewer: Viewer) -> ColumnElement[bool]:
    live = col(Category.archived_at).is_(None)
    return live if _staff(viewer) else and_(live, col(Category.active))


def visible_collections(viewer: Viewer) -> ColumnElement[bool]:
    return true() if _staff(viewer) else and_(col(Collection.active))


def visible_brands(viewer: Viewer) -> ColumnElement[bool]:
    return true() if _staff(viewer) else and_(col(Brand.active))


def visible_metafields(viewer: Viewer) -> ColumnElement[bool]:
    """The owner's own visibility comes on top. Customers' are not a matter of the catalogue."""
    of_customers = col(Metafield.owner_kind) == MetafieldOwner.CUSTOMER
    seen: list[ColumnElement[bool]] = [col(Metafield.public).is_(True)]
    if _staff(viewer):
        seen.append(~of_customers)
    if viewer.may(Scope.READ_CUSTOMERS):
        seen.append(of_customers)
    return or_(*seen)


def _staff(viewer: Viewer) -> bool:
    return viewer.may(Scope.READ_PRODUCTS)
