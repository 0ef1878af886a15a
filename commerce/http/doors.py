"""Who may call which path: each route says so where it is made, or the server does not start."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from starlette.routing import BaseRoute

ATTRIBUTE: Final = "storegraph_door"


class Door(Enum):
    """What a caller must bring, in words for the list of all routes."""

    PUBLIC = "everybody"
    FIELDS = "everybody; each selected field says who may select it"
    KEYED_FIELDS = "a key good for the dialect; each selected field says who may select it"
    DIALECT = "a key good for the dialect; then as for the fields of its operation"
    OPERATOR = "this machine, staff and API keys"
    DOCUMENT = "whoever may see the order, or holds a link that was signed within the hour"
    UPLOAD = "whoever holds a link to upload, that was signed within the hour"
    FILE = "whoever holds a link that was signed within the hour"
    LINK = "whoever holds a link that was signed within the day"
    PROOF = "whoever proves the request with secrets of its own"


class MissingDoorError(Exception):
    """Routes were made without saying who may call them."""


def behind(door: Door, *routes: BaseRoute) -> list[BaseRoute]:
    """These routes, for whom `door` says."""
    for route in routes:
        setattr(route, ATTRIBUTE, door)
    return list(routes)


def door_of(route: BaseRoute) -> Door | None:
    return getattr(route, ATTRIBUTE, None)


def checked(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The same routes; raises `MissingDoorError` naming each that is open by mistake."""
    found = list(routes)
    missing = [getattr(route, "path", repr(route)) for route in found if door_of(route) is None]
    if missing:
        raise MissingDoorError(f"No door on {', '.join(sorted(missing))}.")
    return found
