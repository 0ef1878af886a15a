"""Which promotions and coupons a viewer sees in lists: none, unless they may read all of them."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_promotions(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may(Scope.READ_PROMOTIONS) else false()
