"""What staff members are called, and where they stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.staff.kinds import StaffState

MAX_NAME: Final = 200
MAX_LOCALE: Final = 35  # RFC 5646 asks for no more


def state_of(active: bool, accepted_at: datetime | None) -> StaffState:
    """Who is deactivated stays so, whether or not the invitation was accepted."""
    if not active:
        return StaffState.DEACTIVATED
    return StaffState.INVITED if accepted_at is None else StaffState.ACTIVE


def member_flaw(values: Mapping[str, Any]) -> Invalid | None:
    """What is wrong with the given parts of a member."""
    for name, limit in (("name", MAX_NAME), ("locale", MAX_LOCALE)):
        flaw = text_flaw(values[name], limit, name) if name in values else None
        if flaw is not None:
            return flaw
    return None
