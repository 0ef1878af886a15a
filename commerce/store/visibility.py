"""Who sees which pages of the store."""

from sqlalchemy import ColumnElement, true
from sqlmodel import col

from commerce.core.viewer import Scope, Viewer
from commerce.store.models import StorePage


def visible_pages(viewer: Viewer) -> ColumnElement[bool]:
    """Everybody those that are published; drafts are the shop's own."""
    shop = viewer.may(Scope.READ_SETTINGS) or viewer.may(Scope.WRITE_SETTINGS)
    return true() if shop else col(StorePage.published).is_(True)
