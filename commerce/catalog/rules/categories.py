"""What can be asked of a list of categories."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CategoryFilter:
    """Every given part must hold. `within_id`: anywhere below that category."""

    parent_id: int | None = None
    roots_only: bool = False
    within_id: int | None = None
    title_contains: str | None = None
    active: bool | None = None
    has_children: bool | None = None


EVERY_CATEGORY = CategoryFilter()
