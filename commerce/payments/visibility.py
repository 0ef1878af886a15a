"""Which payment methods and payments a viewer sees."""

from typing import Any

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col

from commerce.core.viewer import Scope, Viewer
from commerce.payments.models import PaymentMethod


def visible_methods(viewer: Viewer) -> ColumnElement[bool]:
    """Everybody sees those on offer, whoever reads or changes settings all of them."""
    if viewer.may(Scope.READ_SETTINGS) or viewer.may(Scope.WRITE_SETTINGS):
        return true()
    active: Any = col(PaymentMethod.active)
    return active.is_(True)  # type: ignore[no-any-return]  # a column's operator


def visible_payments(viewer: Viewer) -> ColumnElement[bool]:
    """Whoever reads orders sees the payments by themselves; everybody else as part of an order."""
    return true() if viewer.may(Scope.READ_ORDERS) else false()
