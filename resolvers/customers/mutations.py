"""What the shop's people do to customers."""

from datetime import date
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.customers.contacts import CustomerContactInput
from resolvers.customers.extra_fields import CustomerExtraValueInput, wanted_values
from resolvers.customers.types import Customer
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_CUSTOMERS
NULLABLE = (
    "phone",
    "locale",
    "date_of_birth",
    "gender",
    "external_id",
    "tax_id",
    "tax_id_valid",
    "fiscal_code",
    "group_id",
)


def _part(description: str) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(description="What the shop's people can write of a customer.")
class CustomerParts:
    first_name: str | None = _part("Given name.")
    last_name: str | None = _part("Family name.")
    phone: str | None = _part("Phone number from `+` and the country on; null removes it.")
    company: str | None = _part("The company it buys for.")
    locale: str | None = _part("The language it reads: `de-AT`; null forgets it.")
    date_of_birth: date | None = _part("Its birthday; null removes it.")
    gender: str | None = _part("In its own words; null removes it.")
    external_id: str | None = _part("Its id in another system, unique; null forgets it.")
    group_id: strawberry.ID | None = _part("Its group; null is the built-in one.")
    tax_id: str | None = _part("Its number at the tax office; null removes it.")
    tax_id_valid: bool | None = _part(
        "Whether that number is right; absent, its check digits say so."
    )
    fiscal_code: str | None = _part("A second number some countries ask for; null removes it.")
    tax_exempt: bool | None = _part("Whether it pays no tax.")
    note: str | None = _part("A note for the shop's people.")
    tags: list[str] | None = _part("Words it is filed under, all of them.")
    accepts_email: bool | None = _part("Whether it wants marketing mails.")
    accepts_sms: bool | None = _part("Whether it wants marketing text messages.")
    extra_fields: list[CustomerExtraValueInput] | None = _part(
        "What the store's own fields are to hold; fields that are not named keep what they hold."
    )


@strawberry.input(description="A customer to add; it gets a password by resetting it.")
class CustomerCreateInput(CustomerParts):
    email: str = strawberry.field(description="Where it is written to, unique.")
    contacts: list[CustomerContactInput] = strawberry.field(
        default_factory=list, description="Other ways to reach it, at most 50."
    )


@strawberry.input(description="What to change about a customer; what is left out stays.")
class CustomerUpdateInput(CustomerParts):
    id: strawberry.ID = strawberry.field(description="The customer.")
    email: str | None = _part("Another address, which nobody has proven to read yet.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="A customer to keep from signing in.")
class CustomerBlockInput:
    id: strawberry.ID = strawberry.field(description="The customer.")


@strawberry.input(description="A customer to let in again.")
class CustomerUnblockInput:
    id: strawberry.ID = strawberry.field(description="The customer.")


@strawberry.type(description="The new customer, or why none was added.")
class CustomerCreatePayload:
    customer: Customer | None = public("The customer; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerCreatePayload":
        return cls(**_outcome(result))


@strawberry.type(description="The customer as it is now, or why nothing was changed.")
class CustomerUpdatePayload:
    customer: Customer | None = public("The customer; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerUpdatePayload":
        return cls(**_outcome(result))


@strawberry.type(description="The customer as it is now, or why nothing was changed.")
class CustomerBlockPayload:
    customer: Customer | None = public("The customer; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerBlockPayload":
        return cls(**_outcome(result))


@strawberry.type(description="The customer as it is now, or why nothing was changed.")
class CustomerUnblockPayload:
    customer: Customer | None = public("The customer; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerUnblockPayload":
        return cls(**_outcome(result))


@strawberry.type
class CustomerMutations:
    @mutation(WRITE, description="Add a customer.")
    async def customer_create(
        self, info: Info, input: CustomerCreateInput
    ) -> CustomerCreatePayload:
        values = customer_values(input)
        if isinstance(values, Problem):
            return CustomerCreatePayload.of(values)
        extra = wanted_values(values.pop("extra_fields", None))
        contacts = [given(contact) for contact in input.contacts]
        changes = info.context.services.customer_changes
        return CustomerCreatePayload.of(await changes.create(values, extra, contacts))

    @mutation(WRITE, description="Change the given parts of a customer.")
    async def customer_update(
        self, info: Info, input: CustomerUpdateInput
    ) -> CustomerUpdatePayload:
        id_, values = require_key(input.id, "Customer", "id"), customer_values(input)
        if isinstance(id_, Problem) or isinstance(values, Problem):
            return CustomerUpdatePayload.of(id_ if isinstance(id_, Problem) else values)
        extra = wanted_values(values.pop("extra_fields", None))
        changes = info.context.services.customer_changes
        done = await changes.update(id_, values, extra, input.expected_version)
        return CustomerUpdatePayload.of(done)

    @mutation(WRITE, description="Keep a customer from signing in, and end its sessions.")
    async def customer_block(self, info: Info, input: CustomerBlockInput) -> CustomerBlockPayload:
        id_ = require_key(input.id, "Customer", "id")
        if isinstance(id_, Problem):
            return CustomerBlockPayload.of(id_)
        return CustomerBlockPayload.of(await info.context.services.customer_blocks.block(id_))

    @mutation(WRITE, description="Let a customer sign in again.")
    async def customer_unblock(
        self, info: Info, input: CustomerUnblockInput
    ) -> CustomerUnblockPayload:
        id_ = require_key(input.id, "Customer", "id")
        if isinstance(id_, Problem):
            return CustomerUnblockPayload.of(id_)
        return CustomerUnblockPayload.of(await info.context.services.customer_blocks.unblock(id_))


def customer_values(input_: CustomerParts) -> dict[str, Any] | Problem:
    """The given fields, the group by its key."""
    values = given(input_, "id", "contacts", "expected_version", nullable=NULLABLE)
    if values.get("group_id") is None:
        return values
    group = require_key(values["group_id"], "CustomerGroup", "group_id")
    return group if isinstance(group, Problem) else values | {"group_id": group}


def _outcome(result: Any) -> dict[str, Any]:
    if isinstance(result, Problem):
        return {"customer": None, "user_errors": [user_error(result)]}
    return {"customer": Customer.of(result), "user_errors": []}
