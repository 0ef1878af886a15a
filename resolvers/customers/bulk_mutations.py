"""Adding and changing many customers at once."""

from dataclasses import replace
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.customers.service.bulk import BulkResult, WantedCustomer
from resolvers.catalog.kinds import ErrorPolicy
from resolvers.context import Info
from resolvers.customers.extra_fields import wanted_values
from resolvers.customers.mutations import CustomerParts, customer_values
from resolvers.customers.types import Customer
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_error, user_errors

MAX_CUSTOMERS = 100


@strawberry.input(
    description="A customer by `externalId`, else by `email`: changed if there, added if not."
)
class CustomerRowInput(CustomerParts):
    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is written to; required for a new one."
    )


@strawberry.input(description="Customers to add or change.")
class CustomerBulkUpsertInput:
    customers: list[CustomerRowInput] = strawberry.field(description="The customers, at most 100.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.ALL_OR_NOTHING,
        description="What becomes of the good rows when others are bad.",
    )


@strawberry.type(description="What became of one row.")
class CustomerBulkUpsertResult:
    index: int = public("The row's place in the input, from 0.")
    customer: Customer | None = public("The customer as it is now; null where it failed.")
    created: bool = public("Whether it is new.")
    changed: bool = public("Whether anything is different now.")
    user_errors: list[UserError] = public("Why the row was not written; paths start in the row.")

    @classmethod
    def of(cls, result: BulkResult) -> "CustomerBulkUpsertResult":
        return cls(
            index=result.index,
            customer=None if result.customer is None else Customer.of(result.customer),
            created=result.created,
            changed=result.changed,
            user_errors=user_errors(result.problems),
        )


@strawberry.type(description="What became of the rows, or why nothing was changed.")
class CustomerBulkUpsertPayload:
    results: list[CustomerBulkUpsertResult] = public("A result for each row, in their order.")
    user_errors: list[UserError] = public(
        "Why nothing was changed; errors of rows that are skipped stand in their results."
    )

    @classmethod
    def of(cls, results: list[BulkResult] | Problem, policy: ErrorPolicy) -> Any:
        if isinstance(results, Problem):
            return cls(results=[], user_errors=[user_error(results)])
        failed = [
            replace(problem, path=("customers", str(result.index), *problem.path))
            for result in results
            for problem in result.problems
        ]
        return cls(
            results=[CustomerBulkUpsertResult.of(result) for result in results],
            user_errors=user_errors(failed) if policy is ErrorPolicy.ALL_OR_NOTHING else [],
        )


@strawberry.type
class CustomerBulkMutations:
    @mutation(
        Scope.WRITE_CUSTOMERS,
        description="Add or change up to 100 customers, with a result for each.",
    )
    async def customer_bulk_upsert(
        self, info: Info, input: CustomerBulkUpsertInput
    ) -> CustomerBulkUpsertPayload:
        at_most(input.customers, "customers", MAX_CUSTOMERS)
        wanted = [_wanted(row) for row in input.customers]
        skip = input.error_policy is ErrorPolicy.SKIP_FAILED_ROWS
        results = await info.context.services.customer_bulk.upsert(wanted, skip_failed=skip)
        return CustomerBulkUpsertPayload.of(results, input.error_policy)


def _wanted(row: CustomerRowInput) -> WantedCustomer:
    values = customer_values(row)
    if isinstance(values, Problem):
        return WantedCustomer({}, problem=values)
    extra = wanted_values(values.pop("extra_fields", None))
    return WantedCustomer(values, extra)
