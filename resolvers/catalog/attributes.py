"""Attributes, and the values products have of them."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any

import strawberry

from resolvers.catalog.kinds import AttributeType
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.nodes import Node, key_of
from resolvers.permissions import public
from resolvers.rows import FromRow


@strawberry.type(description="A typed property products can have.")
class Attribute(FromRow, Node):
    code: str = public("Name for programs.")
    label: str = public("Name for people.")
    type: AttributeType = public("What its values are.")
    unit: str = public("What its numbers are measured in, such as `cm`.")
    choices: list[str] = public("What can be chosen, in the shop's order.")
    filterable: bool = public("Whether the shop offers it as a filter.")
    position: int = public("Place among attributes; those with equal places stand by label.")
    created_at: datetime.datetime = public("When it was added.")
    updated_at: datetime.datetime = public("When it was last changed.")


@strawberry.type(description="What a product is in one attribute.")
class AttributeValue:
    attribute: Attribute = public("The attribute.")
    text: str = public("The value in words; several choices are joined by commas.")
    number: Decimal | None = public("The value, of attributes of the type NUMBER.")
    boolean: bool | None = public("The value, of attributes of the type BOOLEAN.")
    date: datetime.date | None = public("The value, of attributes of the type DATE.")
    choices: list[str] = public("What is chosen, of attributes of the types CHOICE and CHOICES.")

    @classmethod
    def of(cls, rows: Sequence[Any]) -> "AttributeValue":
        """From the rows of one attribute: one for each choice, else a single one."""
        first = rows[0]
        words = [row.text_value for row in rows]
        chosen = first.type in {AttributeType.CHOICE, AttributeType.CHOICES}
        return cls(
            attribute=Attribute.of(first),
            text=", ".join(words),
            number=first.number_value,
            boolean=first.boolean_value,
            date=first.date_value,
            choices=words if chosen else [],
        )


def attribute_values(rows: Sequence[Any]) -> list[AttributeValue]:
    """A product's values, from its rows in the attributes' order."""
    return [AttributeValue.of(list(group)) for _, group in groupby(rows, key=lambda row: row.id)]


@strawberry.type
class AttributeQueries:
    @public("An attribute by its id or code.")
    async def attribute(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        code: Annotated[str | None, strawberry.argument(description="Its code.")] = None,
    ) -> Attribute | None:
        row = await info.context.services.attributes.one(key_of(id, "Attribute"), code)
        return None if row is None else Attribute.of(row)

    @public("Attributes, by position and label.")
    async def attributes(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Attribute]:
        paging = Paging(info, "attributes", first, after, last, before)
        service = info.context.services.attributes
        return paging.connection(await service.page(paging.args), Attribute.of, service.count)
