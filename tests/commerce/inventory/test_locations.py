from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Taken, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.inventory.models import StockLocation
from commerce.inventory.service.locations import LocationService
from commerce.wiring import Services
from tests.support.inventory import make_location


@pytest.fixture
def locations(uow: UnitOfWork) -> LocationService:
    return Services(uow, SYSTEM, system_clock).locations


async def _all(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(StockLocation.code), col(StockLocation.is_default), col(StockLocation.version))
    rows = await uow.rows(select(*columns).order_by(col(StockLocation.code)))
    return [tuple(row) for row in rows]


async def test_a_location_is_added_and_found_again_by_its_code(
    uow: UnitOfWork, locations: LocationService
) -> None:
    added: Any = await locations.upsert(None, {"name": "Back Room"})
    assert (added.code, added.active, added.is_default) == ("back-room", True, False)
    assert await locations.upsert(None, {"name": "Back Room"}) == added
    changed: Any = await locations.upsert(None, {"code": "back-room", "active": False})
    assert (changed.id, changed.active, changed.version) == (added.id, False, 2)


async def test_another_location_becomes_the_default_in_one_step(
    uow: UnitOfWork, locations: LocationService
) -> None:
    await make_location(uow, "old")
    new = await make_location(uow, "new", is_default=False)
    await locations.upsert(new.id, {"is_default": True})
    await locations.upsert(new.id, {"is_default": True})
    assert await _all(uow) == [("new", True, 2), ("old", False, 2)]
    await locations.upsert(None, {"name": "Third", "is_default": True})
    assert await _all(uow) == [("new", False, 3), ("old", False, 2), ("third", True, 1)]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"is_default": False}, ("is_default",)),
        ({"active": False}, ("active",)),
        ({"name": ""}, ("name",)),
        ({"name": "n" * 201}, ("name",)),
        ({"code": "No Code"}, ("code",)),
    ],
)
async def test_what_the_default_location_cannot_be(
    uow: UnitOfWork, locations: LocationService, changes: dict[str, Any], path: tuple[str, ...]
) -> None:
    main = await make_location(uow)
    problem = await locations.upsert(main.id, changes)
    assert isinstance(problem, Invalid)
    assert problem.path == path
    assert await _all(uow) == [("main", True, 1)]


async def test_an_inactive_location_does_not_become_the_default(
    uow: UnitOfWork, locations: LocationService
) -> None:
    closed = await make_location(uow, "closed", is_default=False, active=False)
    problem = await locations.upsert(closed.id, {"is_default": True})
    assert getattr(problem, "path", None) == ("active",)
    opened: Any = await locations.upsert(closed.id, {"is_default": True, "active": True})
    assert (opened.is_default, opened.active) == (True, True)


async def test_a_location_that_is_not_there_is_not_found(locations: LocationService) -> None:
    expected = NotFound("There is no stock location with this id.", ("id",))
    assert await locations.upsert(1, {"name": "Mine"}) == expected


async def test_two_locations_do_not_share_a_code(
    uow: UnitOfWork, locations: LocationService
) -> None:
    await make_location(uow, "one")
    two = await make_location(uow, "two", is_default=False)
    assert isinstance(await locations.upsert(two.id, {"code": "one"}), Taken)


async def test_an_edit_of_an_older_version_is_refused(
    uow: UnitOfWork, locations: LocationService
) -> None:
    main = await make_location(uow, version=5)
    problem = await locations.upsert(main.id, {"name": "Mine"}, expected_version=4)
    assert isinstance(problem, VersionConflict)
    assert problem.current == 5


async def test_the_default_location_is_made_once(
    uow: UnitOfWork, locations: LocationService
) -> None:
    made = await locations.ensure_default()
    assert (made.code, made.is_default) == ("default", True)
    assert await locations.ensure_default() == made


async def test_a_location_called_default_does_not_keep_the_default_one_from_being_made(
    uow: UnitOfWork, locations: LocationService
) -> None:
    await make_location(uow, "default", is_default=False)
    await locations.ensure_default()
    assert await _all(uow) == [("default", False, 1), ("default-location", True, 1)]
