"""Who sees how shipping is set up; what is offered for a parcel is for everybody."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_shipping(viewer: Viewer) -> ColumnElement[bool]:
    """The shop's own; those who write it see what they wrote."""
    shop = viewer.may(Scope.READ_SETTINGS) or viewer.may(Scope.WRITE_SETTINGS)
    return true() if shop else false()
