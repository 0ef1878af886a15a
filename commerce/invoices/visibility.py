"""Which invoices a viewer sees, those of the orders it sees, and which series."""

from sqlalchemy import ColumnElement, exists, false, true
from sqlmodel import col

from commerce.core.viewer import Scope, Viewer
from commerce.invoices.models import Invoice
from commerce.orders.models import Order
from commerce.orders.visibility import visible_orders


def visible_invoices(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.may(Scope.READ_ORDERS):
        return true()
    own = col(Order.id) == col(Invoice.order_id)
    return exists().where(own, visible_orders(viewer)).correlate(Invoice)


def visible_series(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may(Scope.READ_SETTINGS) else false()
