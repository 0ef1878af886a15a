"""Customers about themselves: who they are and what they change."""

from datetime import date
from typing import Any

import strawberry

from commerce.core.problems import Problem
from resolvers.context import Info
from resolvers.customers.extra_fields import CustomerExtraValueInput, wanted_values
from resolvers.customers.types import Customer
from resolvers.inputs import given
from resolvers.mutations import Transactional
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error

NULLABLE = ("phone", "locale", "date_of_birth", "gender")


def _part(description: str) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(description="What to change about oneself; what is left out stays.")
class CustomerProfileUpdateInput:
    first_name: str | None = _part("Given name.")
    last_name: str | None = _part("Family name.")
    phone: str | None = _part("Phone number from `+` and the country on; null removes it.")
    company: str | None = _part("The company one buys for.")
    locale: str | None = _part("The language one reads: `de-AT`; null forgets it.")
    date_of_birth: date | None = _part("One's birthday; null removes it.")
    gender: str | None = _part("In one's own words; null removes it.")
    extra_fields: list[CustomerExtraValueInput] | None = _part(
        "The store's own fields to fill or empty; the others stay."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The customer as it is now, or why nothing was changed.")
class CustomerProfileUpdatePayload:
    customer: Customer | None = public("The customer; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerProfileUpdatePayload":
        if isinstance(result, Problem):
            return cls(customer=None, user_errors=[user_error(result)])
        return cls(customer=Customer.of(result), user_errors=[])


@strawberry.type
class MeQueries:
    @owner(description="The customer who is signed in; null for everybody else.")
    async def me(self, info: Info) -> Customer | None:
        row = await info.context.services.profiles.own()
        return None if row is None else Customer.of(row)


@strawberry.type
class MeMutations:
    @owner(
        description="Change what one's account says about oneself.", extensions=[Transactional()]
    )
    async def customer_profile_update(
        self, info: Info, input: CustomerProfileUpdateInput
    ) -> CustomerProfileUpdatePayload:
        values = given(input, "expected_version", nullable=NULLABLE)
        extra = wanted_values(values.pop("extra_fields", None))
        profiles = info.context.services.profiles
        done = await profiles.update(values, extra, input.expected_version)
        return CustomerProfileUpdatePayload.of(done)
