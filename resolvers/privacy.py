"""All that is held about a customer: handed out, and forgotten."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.privacy.kinds import ErasureReason
from commerce.privacy.service import Erasure
from resolvers.context import Info
from resolvers.enums import described
from resolvers.mutations import Stepped, Transactional
from resolvers.nodes import node_id, require_key
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON

described(
    ErasureReason,
    "Why a customer is erased.",
    CUSTOMER_REQUEST="They asked for it.",
    RETENTION_ENDED="There is no reason to keep their data any longer.",
    CREATED_BY_MISTAKE="They should not be there at all.",
    OTHER="Something else.",
)
ERASE = Scope.ERASE_CUSTOMERS


@strawberry.input(description="Whose data is wanted.")
class CustomerDataExportInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The customer; oneself when absent."
    )


@strawberry.type(description="What came of an export.")
class CustomerDataExportPayload:
    export: JSON | None = public(
        "Everything held: `records` are tables with their `rows` and what each column means."
    )
    user_errors: list[UserError] = public("Why nothing is handed out.")

    @classmethod
    def of(cls, result: Any) -> "CustomerDataExportPayload":
        if isinstance(result, Problem):
            return cls(export=None, user_errors=[user_error(result)])
        return cls(export=result, user_errors=[])


@strawberry.input(description="Who is to be forgotten, and why.")
class CustomerEraseInput:
    reason: ErasureReason = strawberry.field(description="Why.")
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The customer; oneself when absent."
    )
    password: str | None = strawberry.field(
        default=None, description="One's own password; required for oneself."
    )


@strawberry.type(description="What came of an erasure.")
class CustomerErasePayload:
    customer_id: strawberry.ID | None = public("The customer, of whom the id is all that is left.")
    erased_at: datetime | None = public("When it was done; the first time, if done again.")
    user_errors: list[UserError] = public("Why nothing was erased.")

    @classmethod
    def of(cls, result: Erasure | Problem) -> "CustomerErasePayload":
        if isinstance(result, Problem):
            return cls(customer_id=None, erased_at=None, user_errors=[user_error(result)])
        id_ = node_id("Customer", result.customer_id)
        return cls(customer_id=id_, erased_at=result.erased_at, user_errors=[])


@strawberry.type
class PrivacyMutations:
    @owner(
        ERASE,
        extensions=[Transactional()],
        description="Everything held about a customer. The log says that it was handed out.",
    )
    async def customer_data_export(
        self, info: Info, input: CustomerDataExportInput
    ) -> CustomerDataExportPayload:
        key = _key(input.id)
        if isinstance(key, Problem):
            return CustomerDataExportPayload.of(key)
        return CustomerDataExportPayload.of(await info.context.services.privacy.export(key))

    @owner(
        ERASE,
        extensions=[Stepped()],
        description="Forget a customer: whatever tells something about the person is deleted, and "
        "cannot be brought back. Sessions end; orders keep their totals.",
    )
    async def customer_erase(self, info: Info, input: CustomerEraseInput) -> CustomerErasePayload:
        key = _key(input.id)
        if isinstance(key, Problem):
            return CustomerErasePayload.of(key)
        privacy = info.context.services.privacy
        return CustomerErasePayload.of(await privacy.erase(key, input.password, input.reason))


def _key(id_: strawberry.ID | None) -> Any:
    return None if id_ is None else require_key(id_, "Customer", "id")
