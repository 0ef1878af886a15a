"""Changing attributes, and the values products have of them."""

import datetime
from decimal import Decimal
from typing import Any

import strawberry

from commerce.catalog.rules.attributes import WantedValue
from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog import products
from resolvers.catalog.attributes import Attribute
from resolvers.catalog.kinds import AttributeType
from resolvers.catalog.lazy import LazyProduct
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.nodes import node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

UNSET: Any = strawberry.UNSET


@strawberry.input(
    description="An attribute to change: the one with `id`, else with `code`; else one to add."
)
class AttributeUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The attribute to change."
    )
    code: str | None = strawberry.field(
        default=UNSET,
        description="Name for programs, such as `shoe-size`; required for a new attribute.",
    )
    label: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new attribute."
    )
    type: AttributeType | None = strawberry.field(
        default=UNSET,
        description="What its values are; fixed while products have some. At first TEXT.",
    )
    unit: str | None = strawberry.field(
        default=UNSET, description="What its numbers are measured in, such as `cm`."
    )
    choices: list[str] | None = strawberry.field(
        default=UNSET,
        description="What can be chosen, in order; those that products have cannot be left out.",
    )
    filterable: bool | None = strawberry.field(
        default=UNSET, description="Whether the shop offers it as a filter."
    )
    position: int | None = strawberry.field(default=UNSET, description="Place among attributes.")


@strawberry.input(description="An attribute to delete, with all values products have of it.")
class AttributeDeleteInput:
    id: strawberry.ID = strawberry.field(description="The attribute.")


@strawberry.input(
    description="A value for one attribute: fill the field its type asks for; none removes it."
)
class AttributeValueInput:
    code: str = strawberry.field(description="The attribute's code.")
    text: str | None = strawberry.field(default=None, description="For the type TEXT.")
    number: Decimal | None = strawberry.field(default=None, description="For the type NUMBER.")
    boolean: bool | None = strawberry.field(default=None, description="For the type BOOLEAN.")
    choice: str | None = strawberry.field(default=None, description="For the type CHOICE.")
    choices: list[str] | None = strawberry.field(default=None, description="For the type CHOICES.")
    date: datetime.date | None = strawberry.field(default=None, description="For the type DATE.")

    def wanted(self) -> WantedValue:
        return WantedValue(
            code=self.code,
            text=self.text,
            number=self.number,
            boolean=self.boolean,
            date=self.date,
            choice=self.choice,
            choices=self.choices,
        )


@strawberry.input(description="What a product is in some attributes; the others stay as they are.")
class ProductAttributesSetInput:
    product_id: strawberry.ID = strawberry.field(description="The product.")
    values: list[AttributeValueInput] = strawberry.field(
        description="At most 250, each attribute once."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.type(description="The attribute, or why nothing was changed.")
class AttributeUpsertPayload:
    attribute: Attribute | None = public("The attribute as it is now; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "AttributeUpsertPayload":
        if isinstance(result, Problem):
            return cls(attribute=None, user_errors=[user_error(result)])
        return cls(attribute=Attribute.of(result), user_errors=[])


@strawberry.type(description="What was deleted, or why nothing was.")
class AttributeDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "AttributeDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("Attribute", result), user_errors=[])


@strawberry.type(description="The product, or why nothing was changed.")
class ProductAttributesSetPayload:
    product: LazyProduct | None = public("The product with its values; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")


@strawberry.type
class AttributeMutations:
    @mutation(
        Scope.WRITE_PRODUCTS, description="Add an attribute, or change the given parts of one."
    )
    async def attribute_upsert(
        self, info: Info, input: AttributeUpsertInput
    ) -> AttributeUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "Attribute", "id")
        if isinstance(id_, Problem):
            return AttributeUpsertPayload.of(id_)
        values = given(input, "id")
        service = info.context.services.attributes
        return AttributeUpsertPayload.of(await service.upsert(id_, values))

    @mutation(
        Scope.WRITE_PRODUCTS, description="Delete an attribute and the values products have of it."
    )
    async def attribute_delete(
        self, info: Info, input: AttributeDeleteInput
    ) -> AttributeDeletePayload:
        id_ = require_key(input.id, "Attribute", "id")
        if isinstance(id_, Problem):
            return AttributeDeletePayload.of(id_)
        return AttributeDeletePayload.of(await info.context.services.attributes.delete(id_))

    @mutation(Scope.WRITE_PRODUCTS, description="Say what a product is in some attributes.")
    async def product_attributes_set(
        self, info: Info, input: ProductAttributesSetInput
    ) -> ProductAttributesSetPayload:
        at_most(input.values, "values")
        id_ = require_key(input.product_id, "Product", "product_id")
        if isinstance(id_, Problem):
            return await _described(info, id_)
        wanted = [item.wanted() for item in input.values]
        service = info.context.services.attributes
        return await _described(info, await service.set_values(id_, wanted, input.expected_version))


async def _described(info: Info, result: Any) -> ProductAttributesSetPayload:
    if isinstance(result, Problem):
        return ProductAttributesSetPayload(product=None, user_errors=[user_error(result)])
    row = await info.context.loaders.catalog.product_by_id.load(result)
    product = None if row is None else products.Product.of(row)
    return ProductAttributesSetPayload(product=product, user_errors=[])
