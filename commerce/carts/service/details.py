"""What buyers tell beside what they want: who they are, where it goes, how, and what for."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.content import Priced
from commerce.carts.rules.details import MAX_NOTE, address_of, contact_of
from commerce.carts.rules.lines import extra_flaw
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.answers import CartAnswer
from commerce.carts.service.carts import CartService
from commerce.carts.service.pricing import CartPricingService
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.text import words_flaw
from commerce.customers.repository.addresses import AddressRepository
from commerce.customers.rules.addresses import FIELDS_STORED
from commerce.payments.service.methods import PaymentMethodService
from commerce.store.service import StoreService

ADDRESSES: Final = ("shipping_address", "billing_address")
NOT_OFFERED: Final = NotFound("This way of shipping is not offered for the cart.", ("method_id",))
NOT_PAYABLE: Final = NotFound(
    "This way of paying is not offered for the cart.", ("payment_method",)
)


class CartDetailService:
    def __init__(
        self,
        carts: CartService,
        pricing: CartPricingService,
        methods: PaymentMethodService,
        addresses: AddressRepository,
        store: StoreService,
    ) -> None:
        self._carts = carts
        self._pricing = pricing
        self._methods = methods
        self._addresses = addresses
        self._store = store

    async def set_contact(
        self, ref: CartRef, given: Mapping[str, Any], expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """`email`, `phone`, `locale`, as far as they are given."""
        known = contact_of(given)
        if isinstance(known, Invalid):
            return known
        return await self._written(ref, expected_version, known)

    async def set_addresses(
        self, ref: CartRef, given: Mapping[str, Any], expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """Shipping and billing address: the parts of one, the id of an entry of the customer's
        address book, or None, which forgets it.
        """
        countries = (await self._store.settings()).countries
        known: dict[str, Any] = {}
        for name in ADDRESSES:
            if name in given:
                sold_to = countries if name == "shipping_address" else ()
                whole = await self._parts(given[name], name)
                found = whole if whole is None else _checked(whole, sold_to, name)
                if isinstance(found, Problem):
                    return found
                known[name] = found
        return await self._written(ref, expected_version, known)

    async def set_note(
        self, ref: CartRef, given: Mapping[str, Any], expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """`note`, `extra_fields` and `attribution`, as far as they are given."""
        flaw = words_flaw(given.get("note", ""), MAX_NOTE, "note")
        for name in ("extra_fields", "attribution"):
            flaw = flaw or extra_flaw(given.get(name, {}), name)
        return flaw or await self._written(ref, expected_version, given)

    async def select_shipping(
        self, ref: CartRef, method_id: int | None, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """One of the ways that are offered for the cart; None takes the choice back."""
        cart = await self._carts.touched(ref, expected_version, {"shipping_method_id": method_id})
        if isinstance(cart, Problem) or method_id is None:
            return cart if isinstance(cart, Problem) else CartAnswer(cart)
        priced = await self.priced(cart)
        return CartAnswer(cart, priced) if priced.quote is not None else NOT_OFFERED

    async def select_payment(
        self, ref: CartRef, code: str | None, expected_version: int | None = None
    ) -> CartAnswer | Problem:
        """The method with this code, as long as it is offered; None takes the choice back."""
        method = None if code is None else await self._methods.by_code(code)
        if code is not None and method is None:
            return NOT_PAYABLE
        changes = {"payment_method_id": None if method is None else method.id}
        cart = await self._carts.touched(ref, expected_version, changes)
        if isinstance(cart, Problem) or method is None:
            return cart if isinstance(cart, Problem) else CartAnswer(cart)
        priced = await self.priced(cart)
        fits = priced.payment_method is not None or not priced.result.due
        refused = self._pricing.unpayable(priced) if fits else NOT_PAYABLE
        return CartAnswer(cart, priced) if refused is None else refused

    async def priced(self, cart: CartRow) -> Priced:
        """What the cart comes to right now, by what the database knows."""
        content = await self._carts.content_of(cart)
        return await self._pricing.priced(content, self._carts.now())

    async def _written(
        self, ref: CartRef, expected_version: int | None, changes: Mapping[str, Any]
    ) -> CartAnswer | Problem:
        cart = await self._carts.touched(ref, expected_version, changes)
        return cart if isinstance(cart, Problem) else CartAnswer(cart)

    async def _parts(self, given: Any, name: str) -> Mapping[str, Any] | NotFound | None:
        if not isinstance(given, int):
            parts: Mapping[str, Any] | None = given
            return parts
        entry = (await self._addresses.by_ids([given])).get(given)
        if entry is None:
            return NotFound("There is no CustomerAddress with this id.", (f"{name}_id",))
        return {field: getattr(entry, field) for field in FIELDS_STORED}


def _checked(parts: Mapping[str, Any] | NotFound, countries: Any, name: str) -> Any:
    return parts if isinstance(parts, NotFound) else address_of(parts, countries, name)
