"""Which entries a viewer sees."""

from sqlalchemy import ColumnElement, false, true

from commerce.core.viewer import Scope, Viewer


def visible_entries(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may(Scope.READ_AUDIT_LOG) else false()
