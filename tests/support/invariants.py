"""What must hold whatever has happened side by side: to be asserted after every race."""

from commerce.core.db import Database, units_on
from commerce.invariants import broken


async def assert_invariants(database: Database) -> None:
    async with units_on(database)() as uow:
        assert [str(each) for each in await broken(uow)] == []
