"""Which set-up of taxes a viewer sees. Classes are no secret: products name them."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_zones(viewer: Viewer) -> ColumnElement[bool]:
    """Those who read or change how the store is set up see all of them."""
    seen = viewer.may(Scope.READ_SETTINGS) or viewer.may(Scope.WRITE_SETTINGS)
    return true() if seen else false()
