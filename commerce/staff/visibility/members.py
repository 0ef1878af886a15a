"""Which staff members and roles a viewer sees."""

from sqlalchemy import ColumnElement, false, select, true
from sqlmodel import col

from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.models import Role, StaffMember


def visible_staff(viewer: Viewer) -> ColumnElement[bool]:
    """Members see themselves; those who manage staff see everybody."""
    if viewer.may(Scope.READ_STAFF) or viewer.may(Scope.WRITE_STAFF):
        return true()
    return false() if viewer.kind is not ViewerKind.STAFF else col(StaffMember.id) == viewer.id


def visible_roles(viewer: Viewer) -> ColumnElement[bool]:
    """A member's own role goes with the member."""
    if viewer.may(Scope.READ_STAFF) or viewer.may(Scope.WRITE_STAFF):
        return true()
    held = select(col(StaffMember.role_id)).where(visible_staff(viewer))
    return col(Role.id).in_(held)
