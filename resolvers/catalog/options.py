"""Option groups of a product, and what a variant chose in them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import strawberry

from resolvers.nodes import node_id
from resolvers.permissions import public
from resolvers.rows import FromRow


@strawberry.type(description="One choice of an option: `Small`.")
class ProductOptionValue:
    id: strawberry.ID = public("Opaque and unique across all types.")
    database_id: int = public("The number behind `id`.")
    name: str = public("What the shopper reads.")


@strawberry.type(description="Something a shopper chooses: `Size`.")
class ProductOption:
    id: strawberry.ID = public("Opaque and unique across all types.")
    database_id: int = public("The number behind `id`.")
    name: str = public("What the shopper reads.")
    values: list[ProductOptionValue] = public("The choices, in the shop's order.")


@strawberry.type(description="What a variant is in one option.")
class SelectedOption(FromRow):
    name: str = public("The option: `Size`.")
    value: str = public("The choice: `Small`.")
    value_id: int = public("The number of the choice.")


def product_options(rows: Sequence[Any]) -> list[ProductOption]:
    """Options with their values, from a row per value in the product's order."""
    return [_option(list(group)) for _, group in groupby(rows, key=lambda row: row.group_id)]


def _option(rows: list[Any]) -> ProductOption:
    return ProductOption(
        id=node_id("ProductOption", rows[0].group_id),
        database_id=rows[0].group_id,
        name=rows[0].name,
        values=[
            ProductOptionValue(
                id=node_id("ProductOptionValue", row.value_id),
                database_id=row.value_id,
                name=row.value,
            )
            for row in rows
            if row.value_id is not None
        ],
    )
