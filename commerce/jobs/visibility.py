"""Which jobs a viewer sees and may change: their own, and all of them with the scope."""

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col

from commerce.core.viewer import Scope, Viewer
from commerce.jobs.models import Job


def visible_jobs(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may(Scope.READ_JOBS) else own_jobs(viewer)


def changeable_jobs(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may(Scope.WRITE_JOBS) else own_jobs(viewer)


def own_jobs(viewer: Viewer) -> ColumnElement[bool]:
    """Whoever is nobody in particular owns nothing."""
    if viewer.id is None:
        return false()
    return col(Job.owner) == viewer.name
