"""What every change of a cart is told, and what it answers."""

from typing import Any

import strawberry

from commerce.carts.rules.content import CartWarning as Warned
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.answers import CartAnswer
from commerce.core.problems import NotFound, Problem
from resolvers.carts.types import Cart, CartWarning
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

UNSET: Any = strawberry.UNSET


@strawberry.input(
    description="Which cart: by its token, or by its id for those it belongs to. Neither is one's"
    " own: of whoever is signed in, or of the guest whose token came with the request."
)
class CartInput:
    cart_token: str | None = strawberry.field(default=None, description="The cart's token.")
    cart_id: strawberry.ID | None = strawberry.field(default=None, description="The cart.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


def ref_of(input_: CartInput) -> CartRef | NotFound:
    if input_.cart_id is None:
        return CartRef(token=input_.cart_token)
    key = require_key(input_.cart_id, "Cart", "cart_id")
    return key if isinstance(key, NotFound) else CartRef(id=key)


def problem_of(*results: Any) -> Problem:
    """The first of several parts of an input that cannot be taken."""
    return next(result for result in results if isinstance(result, Problem))


def part(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.type(description="The cart as it is now, or why nothing was changed.")
class CartPayload:
    cart: Cart | None = public("The cart; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")
    told: strawberry.Private[tuple[Warned, ...]] = ()

    @classmethod
    def of(cls, result: CartAnswer | Problem) -> "CartPayload":
        if isinstance(result, Problem):
            return cls(cart=None, user_errors=[user_error(result)])
        cart = Cart.of(result.cart, result.priced)
        return cls(cart=cart, user_errors=[], told=result.warnings)

    @public(
        "What the buyer should know of the change, and of the cart as it is now.",
        directives=[ListSize(assumed_size=5)],
    )
    async def warnings(self, info: Info) -> list[CartWarning]:
        if self.cart is None:
            return []
        now = (await self.cart.pricing.get(info)).warnings
        return [CartWarning.of(warning) for warning in (*self.told, *now)]
