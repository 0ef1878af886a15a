"""The words of stock as GraphQL enums; types import them from here, so that they are."""

import strawberry

from commerce.inventory.kinds import MovementKind

strawberry.enum(MovementKind, description="Why stock moved.")

__all__ = ["MovementKind"]
