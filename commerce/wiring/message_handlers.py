"""What each kind of queued message becomes just before it is sent."""

from collections.abc import Mapping
from typing import Final

from commerce.notifications.handlers import Handler
from commerce.wiring import Services

# A kind is added here together with the first `services.notifications.add` that uses it.
MESSAGE_HANDLERS: Final[Mapping[str, Handler[Services]]] = {}
