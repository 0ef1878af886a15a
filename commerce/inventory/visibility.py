"""Which stock a viewer sees."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_stock(viewer: Viewer) -> ColumnElement[bool]:
    """Stock is the shop's own; those who write it see what they wrote."""
    return true() if viewer.may(Scope.READ_STOCK) or viewer.may(Scope.WRITE_STOCK) else false()
