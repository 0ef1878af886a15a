"""Saying yes or no to being written to."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.customers.kinds import MarketingChannel
from resolvers.customers.types import Customer
from resolvers.mutations import Transactional
from resolvers.nodes import require_key
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_CUSTOMERS


@strawberry.input(description="A customer's word on being written to.")
class CustomerConsentSetInput:
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose; absent is one's own."
    )
    channel: MarketingChannel = strawberry.field(description="How.")
    granted: bool = strawberry.field(description="Yes or no.")
    source: str | None = strawberry.field(
        default=None, description="Where it was given; `storefront` or `shop` by default."
    )


@strawberry.type(description="The customer as it is now, or why nothing was changed.")
class CustomerConsentSetPayload:
    customer: Customer | None = public("The customer; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerConsentSetPayload":
        if isinstance(result, Problem):
            return cls(customer=None, user_errors=[user_error(result)])
        return cls(customer=Customer.of(result), user_errors=[])


@strawberry.type
class CustomerConsentMutations:
    @owner(
        WRITE,
        description="Say yes or no to being written to; each word is kept in a ledger.",
        extensions=[Transactional()],
    )
    async def customer_consent_set(
        self, info: Info, input: CustomerConsentSetInput
    ) -> CustomerConsentSetPayload:
        given = input.customer_id
        id_ = None if given is None else require_key(given, "Customer", "customer_id")
        if isinstance(id_, Problem):
            return CustomerConsentSetPayload.of(id_)
        consents = info.context.services.customer_consents
        said = await consents.set(id_, input.channel, input.granted, input.source)
        return CustomerConsentSetPayload.of(said)
