"""Which customers a viewer sees and may change; what belongs to a customer goes with it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlmodel import col

from commerce.core.viewer import Scope, Viewer
from commerce.customers.models import Customer, CustomerGroup


def visible_customers(viewer: Viewer, customer_id: Any = col(Customer.id)) -> ColumnElement[bool]:
    """Customers see themselves, readers of customers everybody.

    `customer_id` is the column that names the customer, for what belongs to one.
    """
    return _those(viewer, Scope.READ_CUSTOMERS, customer_id)


def changeable_customers(
    viewer: Viewer, customer_id: Any = col(Customer.id)
) -> ColumnElement[bool]:
    """Customers change themselves, writers of customers everybody."""
    return _those(viewer, Scope.WRITE_CUSTOMERS, customer_id)


def visible_groups(viewer: Viewer) -> ColumnElement[bool]:
    """Customers see their own group, whoever reads or writes customers all of them."""
    if viewer.may(Scope.READ_CUSTOMERS) or viewer.may(Scope.WRITE_CUSTOMERS):
        return true()
    own = select(col(Customer.group_id)).where(col(Customer.id) == viewer.customer_id)
    return false() if viewer.customer_id is None else col(CustomerGroup.id).in_(own)


def seen_customers(viewer: Viewer, ids: Collection[int]) -> list[int]:
    """Those of `ids` that are visible, for lists under many customers whose statement is kept."""
    return [id_ for id_ in ids if viewer.may(Scope.READ_CUSTOMERS) or id_ == viewer.customer_id]


def _those(viewer: Viewer, scope: Scope, customer_id: Any) -> ColumnElement[bool]:
    if viewer.may(scope):
        return true()
    own = viewer.customer_id
    return false() if own is None else customer_id == own
