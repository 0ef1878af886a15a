import pytest
from sqlalchemy import text

from commerce.catalog.repository.media import MediaRepository
from commerce.core.db import units_on
from commerce.core.paging import PageArgs
from commerce.core.pool import Database
from commerce.core.viewer import ANONYMOUS

PLANS = text("SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%media%'")
# PostgreSQL plans for the very values so often before it thinks about keeping a plan.
TRIED = 5


@pytest.mark.parametrize("parents", [1, 50])
async def test_a_nested_list_is_planned_once_for_any_number_of_parents(
    database: Database, parents: int
) -> None:
    async with units_on(database)() as unit:
        media = MediaRepository(unit, ANONYMOUS)
        for _ in range(2 + TRIED + 3):  # the first ones are SQLAlchemy's own
            await media.pages_by_product(range(parents), PageArgs(5))
        assert max(await unit.scalars(PLANS)) >= 3
