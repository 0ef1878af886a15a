"""Tables of staff, their roles and API keys."""

from commerce.staff.models.api_keys import ApiKey
from commerce.staff.models.members import Role, StaffMember

__all__ = ["ApiKey", "Role", "StaffMember"]
