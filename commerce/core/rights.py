"""What callers must hold, where what they ask for says so rather than the field."""

from collections.abc import Iterable

from commerce.core.problems import ForbiddenError
from commerce.core.viewer import Scope, Viewer


def require_scopes(viewer: Viewer, needed: Iterable[Scope]) -> None:
    """Raises `ForbiddenError`, which names those that are missing."""
    missing = sorted(scope.value for scope in set(needed) - viewer.scopes)
    if missing:
        raise ForbiddenError(f"This needs the scope {' and '.join(missing)}.")
