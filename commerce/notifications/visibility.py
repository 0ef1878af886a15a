"""Who sees how notifications are set up, and what was sent."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_notifications(viewer: Viewer) -> ColumnElement[bool]:
    """All or none; those who set them up see what they set up."""
    allowed = viewer.may(Scope.READ_SETTINGS) or viewer.may(Scope.WRITE_SETTINGS)
    return true() if allowed else false()
