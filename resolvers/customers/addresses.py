"""Address books: the type and its mutations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.customers.rules.addresses import Address, address_lines
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import Transactional
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow

READ = Scope.READ_CUSTOMERS
UNSET: Any = strawberry.UNSET

NamesIn = Annotated[
    str, strawberry.argument(description="The language of the country's name: `de-AT`.")
]


@strawberry.type(description="An entry of an address book.")
class CustomerAddress(FromRow, Node):
    first_name: str = owner(READ, description="Given name of whoever lives there.")
    last_name: str = owner(READ, description="Family name.")
    company: str = owner(READ, description="Company.")
    phone: str | None = owner(READ, description="Phone number: `+491701234567`.")
    street1: str = owner(READ, description="Street and number.")
    street2: str = owner(READ, description="Whatever else leads there.")
    postal_code: str = owner(READ, description="Postal code.")
    city: str = owner(READ, description="City.")
    region: str = owner(
        READ, description="The part of its ISO 3166-2 code after the dash, or free text."
    )
    country: str = owner(READ, description="ISO 3166-1 alpha-2 code.")
    tax_id: str | None = owner(READ, description="Tax number of the company there.")
    note: str = owner(READ, description="What is to be known of it, such as where to ring.")
    verified_at: datetime | None = owner(
        READ,
        description="When the shop found it to be right; null: not since it was last changed.",
    )
    is_default_billing: bool = owner(READ, description="Whether invoices go there.")
    is_default_shipping: bool = owner(READ, description="Whether parcels go there.")
    created_at: datetime = owner(READ, description="When it was added.")
    updated_at: datetime = owner(READ, description="When it was last changed.")

    @owner(READ, description="Both names.")
    def name(self) -> str:
        return self._plain.name

    @owner(READ, description="The lines to write on a parcel, as is usual in its country.")
    def formatted(self, locale: NamesIn = "en") -> list[str]:
        return address_lines(self._plain, locale)

    @property
    def _plain(self) -> Address:
        return Address(
            country=self.country,
            first_name=self.first_name,
            last_name=self.last_name,
            company=self.company,
            street1=self.street1,
            street2=self.street2,
            postal_code=self.postal_code,
            city=self.city,
            region=self.region,
        )


def default_of(rows: Sequence[Any], name: str) -> CustomerAddress | None:
    """The address among a customer's default ones whose flag `name` is set."""
    return next((CustomerAddress.of(row) for row in rows if getattr(row, name)), None)


def _part(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(
    description="An address to change (by `id`), or one to add. What a country's addresses need"
    " is told by `country(code: ...) { addressFormat }`."
)
class AddressUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The address to change; absent, one is added."
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose address book; absent is one's own."
    )
    first_name: str | None = _part("Given name of whoever lives there.")
    last_name: str | None = _part("Family name.")
    company: str | None = _part("Company.")
    phone: str | None = _part("Phone number, as in that country or from `+` on; null removes it.")
    street1: str | None = _part("Street and number.")
    street2: str | None = _part("Whatever else leads there.")
    postal_code: str | None = _part("Postal code.")
    city: str | None = _part("City.")
    region: str | None = _part("Code or name of the region.")
    country: str | None = _part("ISO 3166-1 alpha-2 code; required for a new address.")
    tax_id: str | None = _part("Tax number of the company there; null removes it.")
    note: str | None = _part("What is to be known of it, such as where to ring.")
    verified: bool | None = _part(
        "Whether it was found to be right, which the shop alone can say; a change of the place "
        "forgets it."
    )
    is_default_billing: bool | None = _part("True takes the place of the default one.")
    is_default_shipping: bool | None = _part("True takes the place of the default one.")


@strawberry.type(description="The address as it is now, or why nothing was changed.")
class AddressUpsertPayload:
    address: CustomerAddress | None = public("The address; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "AddressUpsertPayload":
        if isinstance(result, Problem):
            return cls(address=None, user_errors=[user_error(result)])
        return cls(address=CustomerAddress.of(result), user_errors=[])


@strawberry.input(description="Which address to delete.")
class AddressDeleteInput:
    id: strawberry.ID = strawberry.field(description="The address.")


@strawberry.type(description="What was deleted, or why nothing was.")
class AddressDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "AddressDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("CustomerAddress", result), user_errors=[])


@strawberry.type
class AddressMutations:
    @owner(
        Scope.WRITE_CUSTOMERS,
        description="Add an address to an address book, or change the given parts of one.",
        extensions=[Transactional()],
    )
    async def address_upsert(self, info: Info, input: AddressUpsertInput) -> AddressUpsertPayload:
        keys = _keys(input)
        if isinstance(keys, Problem):
            return AddressUpsertPayload.of(keys)
        values = given(input, "id", "customer_id", nullable=("phone", "tax_id"))
        return AddressUpsertPayload.of(await info.context.services.addresses.upsert(*keys, values))

    @owner(
        Scope.WRITE_CUSTOMERS,
        description="Delete an address; no other one becomes the default in its place.",
        extensions=[Transactional()],
    )
    async def address_delete(self, info: Info, input: AddressDeleteInput) -> AddressDeletePayload:
        id_ = require_key(input.id, "CustomerAddress", "id")
        if isinstance(id_, Problem):
            return AddressDeletePayload.of(id_)
        return AddressDeletePayload.of(await info.context.services.addresses.delete(id_))


def _keys(input_: AddressUpsertInput) -> tuple[int | None, int | None] | Problem:
    """The keys of the address and of the customer."""
    id_ = None if input_.id is None else require_key(input_.id, "CustomerAddress", "id")
    if isinstance(id_, Problem):
        return id_
    customer = input_.customer_id
    owner_id = None if customer is None else require_key(customer, "Customer", "customer_id")
    return owner_id if isinstance(owner_id, Problem) else (id_, owner_id)
