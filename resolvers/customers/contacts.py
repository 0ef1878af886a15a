"""Other ways to reach customers: the type and the mutations."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.customers.kinds import ContactKind
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import owner, public, requires
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow

READ, WRITE = Scope.READ_CUSTOMERS, Scope.WRITE_CUSTOMERS
UNSET: Any = strawberry.UNSET


@strawberry.type(description="Another way to reach a customer.")
class CustomerContact(FromRow, Node):
    kind: ContactKind = owner(READ, description="What it is.")
    value: str = owner(READ, description="The address, number or name there.")
    handle: str = owner(READ, description="What others call the customer there.")
    note: str = requires(READ, description="What the shop's people noted.")
    position: int = owner(READ, description="Place among the contacts.")
    is_default: bool = owner(READ, description="Whether it is the first choice of its kind.")
    created_at: datetime = owner(READ, description="When it was added.")


@strawberry.input(description="A contact of a new customer.")
class CustomerContactInput:
    kind: ContactKind | None = strawberry.field(
        default=UNSET, description="What it is; `OTHER` by default."
    )
    value: str | None = strawberry.field(
        default=UNSET, description="The address, number or name; required for a new one."
    )
    handle: str | None = strawberry.field(
        default=UNSET, description="What others call the customer there."
    )
    note: str | None = strawberry.field(default=UNSET, description="A note for the shop's people.")
    position: int | None = strawberry.field(default=UNSET, description="Place among the contacts.")
    is_default: bool | None = strawberry.field(
        default=UNSET, description="True takes the place of the default of its kind."
    )


@strawberry.input(
    description="A contact to change (by `id`), or to add. The same kind and value again is the"
    " same contact."
)
class CustomerContactUpsertInput(CustomerContactInput):
    id: strawberry.ID | None = strawberry.field(default=None, description="The one to change.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose it is; required for a new one."
    )


@strawberry.type(description="The contact as it is now, or why nothing was changed.")
class CustomerContactUpsertPayload:
    customer_contact: CustomerContact | None = public("The contact; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerContactUpsertPayload":
        if isinstance(result, Problem):
            return cls(customer_contact=None, user_errors=[user_error(result)])
        return cls(customer_contact=CustomerContact.of(result), user_errors=[])


@strawberry.input(description="A contact to delete.")
class CustomerContactDeleteInput:
    id: strawberry.ID = strawberry.field(description="The contact.")


@strawberry.type(description="What was deleted, or why nothing was.")
class CustomerContactDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerContactDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("CustomerContact", result), user_errors=[])


@strawberry.type
class CustomerContactMutations:
    @mutation(WRITE, description="Add a contact of a customer, or change the given parts of one.")
    async def customer_contact_upsert(
        self, info: Info, input: CustomerContactUpsertInput
    ) -> CustomerContactUpsertPayload:
        keys = _keys(input)
        if isinstance(keys, Problem):
            return CustomerContactUpsertPayload.of(keys)
        contacts = info.context.services.customer_contacts
        values = given(input, "id", "customer_id")
        return CustomerContactUpsertPayload.of(await contacts.upsert(*keys, values))

    @mutation(WRITE, description="Delete a contact of a customer.")
    async def customer_contact_delete(
        self, info: Info, input: CustomerContactDeleteInput
    ) -> CustomerContactDeletePayload:
        id_ = require_key(input.id, "CustomerContact", "id")
        if isinstance(id_, Problem):
            return CustomerContactDeletePayload.of(id_)
        contacts = info.context.services.customer_contacts
        return CustomerContactDeletePayload.of(await contacts.delete(id_))


def _keys(input_: CustomerContactUpsertInput) -> tuple[int | None, int | None] | Problem:
    """The keys of the contact and of the customer, where they are given."""
    id_ = None if input_.id is None else require_key(input_.id, "CustomerContact", "id")
    if isinstance(id_, Problem):
        return id_
    if input_.customer_id is None:
        return id_, None
    customer = require_key(input_.customer_id, "Customer", "customer_id")
    return customer if isinstance(customer, Problem) else (id_, customer)
