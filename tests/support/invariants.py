"""What must hold whatever has happened side by side: to be asserted after every race."""

from dataclasses import dataclass

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.invariants import broken


@dataclass
class Books:
    """What a race leaves behind: with its guard removed, books that do not add up."""

    add_up: bool = True


async def assert_invariants(database: Database, books: Books = Books()) -> None:
    async with units_on(database)() as uow:
        found = [str(each) for each in await broken(uow)]
    assert (not found) is books.add_up, found
