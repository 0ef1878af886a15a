"""Telling a cart who buys, where it goes, and how."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from resolvers.addresses import PostalAddressInput
from resolvers.carts.inputs import CartInput, CartPayload, part, problem_of, ref_of
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import Transactional
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.scalars import JSON

WHICH = ("cart_token", "cart_id", "expected_version")
CONTACT = ("email", "phone", "locale")


@strawberry.input(description="Who buys; what is left out stays.")
class CartContactSetInput(CartInput):
    email: str | None = part("E-mail address; null removes it.")
    phone: str | None = part("Phone number from `+` and the country on; null removes it.")
    locale: str | None = part("Language of mails: `de-AT`; null forgets it.")


@strawberry.input(
    description="Where the goods and the invoice go; what is left out stays. An address is given"
    " whole, or as an entry of the address book."
)
class CartAddressSetInput(CartInput):
    shipping_address: PostalAddressInput | None = part("Where the goods go; null forgets it.")
    shipping_address_id: strawberry.ID | None = strawberry.field(
        default=None, description="The same, from the customer's address book."
    )
    billing_address: PostalAddressInput | None = part(
        "Where the invoice goes; null is where the goods go."
    )
    billing_address_id: strawberry.ID | None = strawberry.field(
        default=None, description="The same, from the customer's address book."
    )


@strawberry.input(description="How the goods are sent.")
class CartShippingSelectInput(CartInput):
    method_id: strawberry.ID | None = strawberry.field(
        description="One of the cart's `shippingOptions`; null takes the choice back."
    )


@strawberry.input(description="How the cart is paid.")
class CartPaymentSelectInput(CartInput):
    payment_method: str | None = strawberry.field(
        description="The `code` of one of the cart's `paymentOptions`; null takes the choice back."
    )


@strawberry.input(description="What else is told; what is left out stays.")
class CartNoteSetInput(CartInput):
    note: str | None = part("What the buyer tells the shop.")
    extra_fields: JSON | None = part("Answers to questions the shop has added, as an object.")
    attribution: JSON | None = part("What led the buyer to the shop, as an object.")


@strawberry.type
class CartDetailMutations:
    @public("Tell a cart who buys.", extensions=[Transactional()])
    async def cart_contact_set(self, info: Info, input: CartContactSetInput) -> CartPayload:
        ref = ref_of(input)
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        said, details = given(input, *WHICH, nullable=CONTACT), info.context.services.cart_details
        return CartPayload.of(await details.set_contact(ref, said, input.expected_version))

    @public("Tell a cart where it goes.", extensions=[Transactional()])
    async def cart_address_set(self, info: Info, input: CartAddressSetInput) -> CartPayload:
        ref, said = ref_of(input), _addresses(input)
        if isinstance(ref, Problem) or isinstance(said, Problem):
            return CartPayload.of(problem_of(ref, said))
        details = info.context.services.cart_details
        return CartPayload.of(await details.set_addresses(ref, said, input.expected_version))

    @public("Select how a cart is sent.", extensions=[Transactional()])
    async def cart_shipping_select(self, info: Info, input: CartShippingSelectInput) -> CartPayload:
        method, ref = input.method_id, ref_of(input)
        key = None if method is None else require_key(method, "ShippingMethod", "method_id")
        if isinstance(ref, Problem) or isinstance(key, Problem):
            return CartPayload.of(problem_of(ref, key))
        details = info.context.services.cart_details
        return CartPayload.of(await details.select_shipping(ref, key, input.expected_version))

    @public(
        "Select how a cart is paid, so that it is shown with what that costs.",
        extensions=[Transactional()],
    )
    async def cart_payment_select(self, info: Info, input: CartPaymentSelectInput) -> CartPayload:
        ref, code = ref_of(input), input.payment_method
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        details = info.context.services.cart_details
        return CartPayload.of(await details.select_payment(ref, code, input.expected_version))

    @public("Add a note, or answers to the shop's questions.", extensions=[Transactional()])
    async def cart_note_set(self, info: Info, input: CartNoteSetInput) -> CartPayload:
        ref = ref_of(input)
        if isinstance(ref, Problem):
            return CartPayload.of(ref)
        details = info.context.services.cart_details
        said = given(input, *WHICH)
        return CartPayload.of(await details.set_note(ref, said, input.expected_version))


def _addresses(input_: CartAddressSetInput) -> dict[str, Any] | Problem:
    """Each as its parts, as the key of an entry, or None."""
    said: dict[str, Any] = {}
    for name in ("shipping_address", "billing_address"):
        entry, whole = getattr(input_, f"{name}_id"), getattr(input_, name)
        if entry is not None:
            key = require_key(entry, "CustomerAddress", f"{name}_id")
            if isinstance(key, Problem):
                return key
            said[name] = key
        elif whole is not strawberry.UNSET:
            said[name] = None if whole is None else whole.values()
    return said
