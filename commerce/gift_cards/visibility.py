"""Which gift cards a viewer sees in lists: none, unless they may read all of them."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_gift_cards(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may(Scope.READ_GIFT_CARDS) else false()
