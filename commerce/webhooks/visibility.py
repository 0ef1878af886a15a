"""Who sees endpoints and deliveries."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_webhooks(viewer: Viewer) -> ColumnElement[bool]:
    """All or none; those who set them up see what they set up."""
    allowed = viewer.may(Scope.READ_WEBHOOKS) or viewer.may(Scope.WRITE_WEBHOOKS)
    return true() if allowed else false()
