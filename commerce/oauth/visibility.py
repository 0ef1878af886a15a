"""Which OAuth clients a viewer sees: who sees API keys sees them too."""

from sqlalchemy import ColumnElement

from commerce.core.viewer import Viewer
from commerce.staff.visibility.api_keys import visible_api_keys


def visible_clients(viewer: Viewer) -> ColumnElement[bool]:
    return visible_api_keys(viewer)
