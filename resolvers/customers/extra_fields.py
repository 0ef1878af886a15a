"""Fields that the store has added to its customers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.customers.rules.extra_fields import MAX_FIELDS, ExtraValue
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.customers.kinds import ExtraFieldKind
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import owner, public, requires
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow

READ, WRITE = Scope.READ_CUSTOMERS, Scope.WRITE_CUSTOMERS
UNSET: Any = strawberry.UNSET


@strawberry.type(description="A field that the store has added to its customers.")
class CustomerExtraField(FromRow, Node):
    key: str = public("Name for programs, unique.")
    title: str = public("Name for people.")
    kind: ExtraFieldKind = public("What it holds.")
    required: bool = public("Whether the storefront must ask for it.")
    storefront: bool = public("Whether customers see it and fill it in.")
    shown_on_orders: bool = requires(READ, description="Whether it is printed with orders.")
    position: int = public("Place among the fields.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")


@strawberry.type(description="What a customer has in one of the store's own fields.")
class CustomerExtraValue:
    value: str = owner(READ, description="The text, or the time in UTC.")
    field: CustomerExtraField = owner(READ, description="The field.")


def extra_values(fields: Iterable[Any], held: Mapping[str, str]) -> list[CustomerExtraValue]:
    """What is held in those of `fields` that are filled, in their order."""
    return [
        CustomerExtraValue(value=held[row.key], field=CustomerExtraField.of(row))
        for row in fields
        if row.key in held
    ]


@strawberry.input(description="What one of the store's own fields is to hold.")
class CustomerExtraValueInput:
    key: str = strawberry.field(description="The field.")
    value: str | None = strawberry.field(
        default=None, description="The text, or the time with its offset; null empties the field."
    )


def wanted_values(inputs: list[CustomerExtraValueInput] | None) -> list[ExtraValue]:
    at_most(inputs or (), "extraFields", MAX_FIELDS)
    return [ExtraValue(item.key, item.value) for item in inputs or ()]


@strawberry.input(
    description="A field to change (by `id`, or by `key`), or to add when there is none."
)
class CustomerExtraFieldUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The field to change; absent, the one with this key is."
    )
    key: str | None = strawberry.field(
        default=UNSET,
        description="1 to 64 letters, digits, hyphens and underscores; made of `title` when absent."
        " Fixed once customers have values in it.",
    )
    title: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new field."
    )
    kind: ExtraFieldKind | None = strawberry.field(
        default=UNSET, description="What it holds; fixed once customers have values in it."
    )
    required: bool | None = strawberry.field(
        default=UNSET, description="Whether the storefront must ask for it."
    )
    storefront: bool | None = strawberry.field(
        default=UNSET, description="Whether customers see it and fill it in."
    )
    shown_on_orders: bool | None = strawberry.field(
        default=UNSET, description="Whether it is printed with orders."
    )
    position: int | None = strawberry.field(default=UNSET, description="Place among the fields.")


@strawberry.type(description="The field as it is now, or why nothing was changed.")
class CustomerExtraFieldUpsertPayload:
    customer_extra_field: CustomerExtraField | None = public("The field; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerExtraFieldUpsertPayload":
        if isinstance(result, Problem):
            return cls(customer_extra_field=None, user_errors=[user_error(result)])
        return cls(customer_extra_field=CustomerExtraField.of(result), user_errors=[])


@strawberry.input(description="A field to delete, with what customers have in it.")
class CustomerExtraFieldDeleteInput:
    id: strawberry.ID = strawberry.field(description="The field.")


@strawberry.type(description="What was deleted, or why nothing was.")
class CustomerExtraFieldDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerExtraFieldDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("CustomerExtraField", result), user_errors=[])


@strawberry.type
class CustomerExtraFieldQueries:
    @public("Fields that the store has added to its customers; visitors see those for them.")
    async def customer_extra_fields(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CustomerExtraField]:
        paging = Paging(info, "customer_extra_fields", first, after, last, before)
        fields = info.context.services.customer_extra_fields
        page = await fields.page(paging.args)
        return paging.connection(page, CustomerExtraField.of, fields.count)


@strawberry.type
class CustomerExtraFieldMutations:
    @mutation(WRITE, description="Add a field to all customers, or change the given parts of one.")
    async def customer_extra_field_upsert(
        self, info: Info, input: CustomerExtraFieldUpsertInput
    ) -> CustomerExtraFieldUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "CustomerExtraField", "id")
        if isinstance(id_, Problem):
            return CustomerExtraFieldUpsertPayload.of(id_)
        fields = info.context.services.customer_extra_fields
        return CustomerExtraFieldUpsertPayload.of(await fields.upsert(id_, given(input, "id")))

    @mutation(WRITE, description="Delete a field, with what customers have in it.")
    async def customer_extra_field_delete(
        self, info: Info, input: CustomerExtraFieldDeleteInput
    ) -> CustomerExtraFieldDeletePayload:
        id_ = require_key(input.id, "CustomerExtraField", "id")
        if isinstance(id_, Problem):
            return CustomerExtraFieldDeletePayload.of(id_)
        fields = info.context.services.customer_extra_fields
        return CustomerExtraFieldDeletePayload.of(await fields.delete(id_))
