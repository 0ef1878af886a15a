"""A value nobody gave: unlike None, which clears, it leaves what is stored alone."""

from collections.abc import Iterable
from enum import Enum
from typing import Any, Final


class Absent(Enum):
    """The type of `ABSENT`, for annotations."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


def given(source: Any, names: Iterable[str]) -> dict[str, Any]:
    """Those attributes of `source` that somebody gave."""
    values = ((name, getattr(source, name)) for name in names)
    return {name: value for name, value in values if value is not ABSENT}
