"""Which API keys a viewer sees."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_api_keys(viewer: Viewer) -> ColumnElement[bool]:
    """All or none; those who issue keys see what they issued."""
    allowed = viewer.may(Scope.READ_API_KEYS) or viewer.may(Scope.WRITE_API_KEYS)
    return true() if allowed else false()
