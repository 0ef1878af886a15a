"""Who may call which route: the whole list is a file, so that every change of it is reviewed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.routing import Route as Path_
from starlette.routing import WebSocketRoute

from commerce.app import create_app
from commerce.dialect_access import DialectAccess
from commerce.http.doors import Door, MissingDoorError, behind, checked, door_of
from commerce.rest.dialects import DIALECTS
from commerce.rest.operations import name_of
from commerce.runtime import Resources
from resolvers.schema import core_schema
from tests.support.graphql import schema
from tests.support.snapshots import assert_kept

SNAPSHOT = Path(__file__).with_name("routes.txt")


def test_the_routes_and_their_doors_are_the_reviewed_ones(resources: Resources) -> None:
    assert_kept(SNAPSHOT, [*server_routes(resources), *dialect_routes()])


def server_routes(resources: Resources) -> list[str]:
    """With everything on that can be turned on."""
    everything = replace(resources, settings=resources.settings.changed({"oauth": True}))
    doors = {route.path: door_of(route) for route in create_app(everything).routes}
    return [f"{path}: {door.value}" for path, door in sorted(doors.items())]


def dialect_routes() -> Iterator[str]:
    access = DialectAccess(core_schema(schema()))
    for dialect in DIALECTS:
        for route in dialect.routes:
            yield f"{name_of(dialect, route)}: {access.asked(dialect, route)}"


def test_a_route_without_a_door_keeps_the_server_from_starting() -> None:
    open_by_mistake = [*behind(Door.PUBLIC, Path_("/a", print)), Path_("/b", print)]
    with pytest.raises(MissingDoorError, match=r"No door on /b\."):
        checked([*open_by_mistake, *behind(Door.FIELDS, WebSocketRoute("/c", print))])
