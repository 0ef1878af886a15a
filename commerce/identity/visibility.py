"""Whose sessions a viewer sees: their own."""

from typing import Any

from sqlalchemy import ColumnElement, false
from sqlmodel import col

from commerce.core.viewer import Viewer, ViewerKind
from commerce.identity.kinds import Audience, Holder
from commerce.identity.models import PurposeToken, Session

AUDIENCES = {ViewerKind.CUSTOMER: Audience.STOREFRONT, ViewerKind.STAFF: Audience.STAFF}


def holder_of(viewer: Viewer) -> Holder | None:
    """The person who is signed in; None for everybody else."""
    audience = AUDIENCES.get(viewer.kind)
    return None if audience is None or viewer.id is None else Holder(audience, viewer.id)


def visible_sessions(viewer: Viewer) -> ColumnElement[bool]:
    holder = holder_of(viewer)
    return false() if holder is None else held_by(Session, holder)


def held_by(table: type[Session | PurposeToken], holder: Holder) -> ColumnElement[bool]:
    """The rows of a holder."""
    column: ColumnElement[int] = column_of(table, holder.audience)
    return column == holder.id


def column_of(table: type[Session | PurposeToken], audience: Audience) -> Any:
    """Where holders of an audience stand."""
    return col(table.staff_id) if audience is Audience.STAFF else col(table.customer_id)
