"""`commerce doctor`."""

from sqlalchemy import text

from commerce.core.pool import Database
from tests.support.servers import commerce

RESERVED = """
INSERT INTO products (id, title, slug) VALUES (1, 'Shirt', 'shirt');
INSERT INTO variants (id, product_id) VALUES (1, 1);
INSERT INTO stock_locations (id, code, name) VALUES (1, 'main', 'Main');
INSERT INTO stock_levels (variant_id, location_id, reserved) VALUES (1, 1, 3)
"""


async def test_a_sound_store_has_no_broken_invariants(database: Database) -> None:
    code, shown, told = await commerce("doctor", "--invariants", DATABASE_URL=database.url)
    assert (code, shown, told.strip()) == (0, "", "All invariants hold.")


async def test_broken_invariants_are_listed_with_the_rows(database: Database) -> None:
    async with database.writer() as connection:
        for statement in RESERVED.split(";"):
            await connection.execute(text(statement))
    code, shown, _ = await commerce("doctor", "--invariants", DATABASE_URL=database.url)
    assert code == 1
    assert "reserved units are those that orders have been promised" in shown
    assert "no level reserves" in shown
