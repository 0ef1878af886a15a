"""A catalogue of any size in a minute: the demo catalogue, copied in the database.

A copy is the same product under other numbers and another slug, a day older than the copy before
it; triggers that keep a history are off meanwhile. The rare word of its titles is a word of its
own, so that a search for that word finds as many products as before. What is searched is made of
the title by the database.
"""

from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from commerce.interchange.demo import RARE

BASE: Final = 2_000  # products of the demo catalogue
STEP: Final = 1_000_000  # between the numbers of a row and those of its next copy
WORD: Final = RARE.capitalize()  # as titles have it


@dataclass(frozen=True)
class Copied:
    """`numbered` columns count on from copy to copy, `named` ones get the copy's number, and in
    `worded` ones the rare word is another."""

    table: str
    numbered: tuple[str, ...]
    named: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    worded: tuple[str, ...] = ()


TABLES: Final = (
    Copied(
        "products", ("id",), ("slug",), ("created_at", "updated_at", "published_at"), ("title",)
    ),
    Copied("media", ("id", "product_id")),
    Copied("option_groups", ("id", "product_id")),
    Copied("option_values", ("id", "group_id")),
    Copied("variants", ("id", "product_id", "media_id"), ("sku", "barcode")),
    Copied("variant_options", ("variant_id", "group_id", "value_id")),
    Copied("prices", ("id", "variant_id")),
    Copied("stock_levels", ("id", "variant_id")),
    Copied("product_categories", ("product_id",)),
)
COLUMNS: Final = """
SELECT column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'
 ORDER BY ordinal_position
"""


async def multiply(url: str, products: int) -> None:
    """Fill up to `products`, a multiple of `BASE`; nothing where there are as many already."""
    connection = await asyncpg.connect(url, command_timeout=1800)
    try:
        if await connection.fetchval("SELECT max(id) FROM products WHERE title ~ $1", WORD) > STEP:
            raise SystemExit("Its copies have the rare word, too: delete the folder of the data.")
        if await connection.fetchval("SELECT count(*) FROM products") < products:
            async with connection.transaction():
                for each in TABLES:
                    await _copy(connection, each, products // BASE - 1)
            await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _copy(connection: Any, copied: Copied, copies: int) -> None:
    columns = [row["column_name"] for row in await connection.fetch(COLUMNS, copied.table)]
    values = ", ".join(_value(copied, column) for column in columns)
    await connection.execute(f"ALTER TABLE {copied.table} DISABLE TRIGGER USER")
    await connection.execute(
        f"INSERT INTO {copied.table} ({', '.join(columns)})"
        f" SELECT {values} FROM {copied.table} old, generate_series(1, {copies}) copy"
    )
    await connection.execute(f"ALTER TABLE {copied.table} ENABLE TRIGGER USER")


def _value(copied: Copied, column: str) -> str:
    if column in copied.numbered:
        return f"old.{column} + copy * {STEP}"
    if column in copied.named:
        return f"old.{column} || '-' || copy"
    if column in copied.aged:
        return f"old.{column} - copy * interval '1 day'"
    if column in copied.worded:
        return f"replace(old.{column}, '{WORD}', 'Weave' || copy)"
    return f"old.{column}"
