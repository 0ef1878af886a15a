"""Coupons and gift cards of a cart; one cart going into another one."""

import strawberry

from commerce.core.problems import Problem
from resolvers.carts.inputs import CartInput, CartPayload, problem_of, ref_of
from resolvers.context import Info
from resolvers.mutations import Transactional
from resolvers.nodes import require_key
from resolvers.permissions import owner, public


@strawberry.input(description="A coupon code that somebody has typed in.")
class CartCouponApplyInput(CartInput):
    code: str = strawberry.field(description="In any spelling.")


@strawberry.input(description="A coupon code that is to count no more.")
class CartCouponRemoveInput(CartInput):
    code: str = strawberry.field(description="In any spelling.")


@strawberry.input(description="A gift card to pay with.")
class CartGiftCardApplyInput(CartInput):
    code: str = strawberry.field(description="Its code.")


@strawberry.input(description="A gift card that is to pay no more.")
class CartGiftCardRemoveInput(CartInput):
    gift_card_id: strawberry.ID = strawberry.field(description="One of the cart's `giftCards`.")


@strawberry.input(description="A guest's cart that goes into the one of whoever is signed in.")
class CartMergeInput:
    cart_token: str = strawberry.field(description="The token of the guest's cart.")


@strawberry.type
class CartSavingMutations:
    @public(
        "Use a coupon. One that gives nothing to the cart as it is is refused.",
        extensions=[Transactional()],
    )
    async def cart_coupon_apply(self, info: Info, input: CartCouponApplyInput) -> CartPayload:
        ref = ref_of(input)
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        savings = info.context.services.cart_savings
        return CartPayload.of(await savings.apply_coupon(ref, input.code, input.expected_version))

    @public("Do without a coupon.", extensions=[Transactional()])
    async def cart_coupon_remove(self, info: Info, input: CartCouponRemoveInput) -> CartPayload:
        ref = ref_of(input)
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        savings = info.context.services.cart_savings
        return CartPayload.of(await savings.remove_coupon(ref, input.code, input.expected_version))

    @public("Pay with a gift card, as far as it goes.", extensions=[Transactional()])
    async def cart_gift_card_apply(self, info: Info, input: CartGiftCardApplyInput) -> CartPayload:
        ref = ref_of(input)
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        savings, version = info.context.services.cart_savings, input.expected_version
        return CartPayload.of(await savings.apply_gift_card(ref, input.code, version))

    @public("Do without a gift card.", extensions=[Transactional()])
    async def cart_gift_card_remove(
        self, info: Info, input: CartGiftCardRemoveInput
    ) -> CartPayload:
        ref, key = ref_of(input), require_key(input.gift_card_id, "GiftCard", "gift_card_id")
        if isinstance(ref, Problem) or isinstance(key, Problem):
            return CartPayload.of(problem_of(ref, key))
        savings, version = info.context.services.cart_savings, input.expected_version
        return CartPayload.of(await savings.remove_gift_card(ref, key, version))

    @owner(
        description="Take over what a guest has put into a cart. Done once, however often it is"
        " asked for; the guest's cart is closed.",
        extensions=[Transactional()],
    )
    async def cart_merge(self, info: Info, input: CartMergeInput) -> CartPayload:
        return CartPayload.of(await info.context.services.cart_merging.merge(input.cart_token))
