"""The words of staff as GraphQL enums; types import them from here, so that they are."""

from commerce.staff.kinds import BuiltInRole, StaffState
from resolvers.enums import described

described(
    StaffState,
    "Where a staff member stands.",
    INVITED="The invitation was not accepted yet.",
    ACTIVE="They can sign in.",
    DEACTIVATED="They cannot sign in any more.",
)
described(
    BuiltInRole,
    "The roles every store has.",
    OWNER="Everything, also what later versions add; cannot be changed.",
    MANAGER="Everything but handing out rights and erasing customers.",
    SUPPORT="Sees the catalogue, sees and changes customers.",
    READ_ONLY="Sees the catalogue and customers.",
)

__all__ = ["BuiltInRole", "StaffState"]
