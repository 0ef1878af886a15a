"""Expected failures as GraphQL types. A problem gets its own type only if it carries data."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.attempts import TooManyAttempts
from commerce.core.problems import Problem, VersionConflict
from commerce.inventory.problems import InsufficientStock, QuantityChanged
from commerce.orders.problems import InvalidTransition, PaymentDeclined, PriceChanged
from commerce.promotions.problems import CouponRejected
from resolvers.money import Money
from resolvers.permissions import public
from resolvers.promotions.kinds import Reason


@strawberry.interface(description="Why a mutation changed nothing.")
class UserError:
    code: str = public("A stable word for programs: `NOT_FOUND`, `TAKEN`, `INVALID`.")
    message: str = public("A sentence for people.")
    path: list[str] | None = public("The input field at fault, from the input's root.")
    retryable: bool = public("Whether the same input may succeed later.")


@strawberry.type(description="A failure that `code`, `message` and `path` say all about.")
class GeneralError(UserError):
    pass


@strawberry.type(description="The stored version is not the expected one.")
class VersionConflictError(UserError):
    current: int = public("The stored version.")


@strawberry.type(description="More was to be taken than is on hand and not reserved.")
class InsufficientStockError(UserError):
    available: int = public("How many units could be taken.")


@strawberry.type(description="Another number of units is on hand than was expected.")
class QuantityChangedError(UserError):
    current: int = public("How many units are on hand.")


@strawberry.type(description="A coupon, or a promotion that was counted on, gives nothing.")
class CouponRejectedError(UserError):
    reason: Reason = public("Why.")
    limit: Decimal | None = public(
        "What was not reached or was exceeded: a subtotal, a number of units or of uses."
    )


@strawberry.type(description="It cannot go there from where it is.")
class InvalidTransitionError(UserError):
    current: str = public("Where it is.")
    allowed: list[str] = public("Where it can go by hand.")


@strawberry.type(description="The cart comes to something else than was agreed to.")
class PriceChangedError(UserError):
    expected: Money = public("What was agreed to.")
    actual: Money = public("What it comes to now.")


@strawberry.type(description="The payment provider said no.")
class PaymentDeclinedError(UserError):
    reason: str = public("The provider's own word for why.")


@strawberry.type(description="The same was tried too often.")
class TooManyAttemptsError(UserError):
    retry_after: int = public("Seconds to wait before trying again.")


Fields = dict[str, Any]
# How each problem with data of its own is shown; later domains add theirs here.
SPECIFIC: dict[type[Problem], Callable[[Any, Fields], UserError]] = {
    VersionConflict: lambda problem, shared: VersionConflictError(
        current=problem.current, **shared
    ),
    TooManyAttempts: lambda problem, shared: TooManyAttemptsError(
        retry_after=problem.retry_after, **shared
    ),
    CouponRejected: lambda problem, shared: CouponRejectedError(
        reason=problem.reason, limit=problem.limit, **shared
    ),
    InsufficientStock: lambda problem, shared: InsufficientStockError(
        available=problem.available, **shared
    ),
    InvalidTransition: lambda problem, shared: InvalidTransitionError(
        current=problem.current, allowed=list(problem.allowed), **shared
    ),
    PaymentDeclined: lambda problem, shared: PaymentDeclinedError(reason=problem.reason, **shared),
    PriceChanged: lambda problem, shared: PriceChangedError(
        expected=Money.of(problem.expected, problem.currency),
        actual=Money.of(problem.actual, problem.currency),
        **shared,
    ),
    QuantityChanged: lambda problem, shared: QuantityChangedError(
        current=problem.current, **shared
    ),
}


def user_error(problem: Problem) -> UserError:
    shared: Fields = {
        "code": problem.code,
        "message": problem.message,
        "path": [camel(part) for part in problem.path] or None,
        "retryable": problem.retryable,
    }
    specific = SPECIFIC.get(type(problem))
    return GeneralError(**shared) if specific is None else specific(problem, shared)


@strawberry.type(description="Why nothing was done, if so.")
class OutcomePayload:
    """Of mutations that say nothing else: whether there is such an account is nobody's business."""

    user_errors: list[UserError] = public("Why nothing was done; empty when it was.")

    @classmethod
    def of(cls, problem: Problem | None) -> Any:
        return cls(user_errors=[] if problem is None else [user_error(problem)])


def user_errors(problems: Sequence[Problem]) -> list[UserError]:
    return [user_error(problem) for problem in problems]


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
