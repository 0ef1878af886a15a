"""Making, finding and locking carts."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final

from commerce.audit.service import AuditService
from commerce.carts.criteria import CartWhere
from commerce.carts.repository.carts import CartRepository, CartRow
from commerce.carts.repository.lines import CartLineRepository
from commerce.carts.rules.content import CartContent
from commerce.carts.rules.details import made_flaw
from commerce.carts.rules.refs import CartRef
from commerce.carts.rules.states import FROZEN, MISSING, refusal
from commerce.carts.rules.stored import content_of
from commerce.core.clock import Clock
from commerce.core.criteria import check_leaves
from commerce.core.money import currency_codes
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.customers.kinds import GENERAL_GROUP
from commerce.pricing.rules.prices import PriceTerms
from commerce.store.service import StoreService

TOKEN_BYTES: Final = 32
NOTHING: Final[Mapping[str, Any]] = {}
NO_CUSTOMER: Final = NotFound("There is no Customer with this id.", ("customer_id",))


class CartService:
    def __init__(
        self,
        carts: CartRepository,
        lines: CartLineRepository,
        store: StoreService,
        audit: AuditService,
        viewer: Viewer,
        clock: Clock,
    ) -> None:
        self._carts = carts
        self._lines = lines
        self._store = store
        self._audit = audit
        self._viewer = viewer
        self._clock = clock

    async def found(self, ref: CartRef) -> CartRow | None:
        return await self._carts.found(ref) if ref.is_possible else None

    async def of_line(self, line_id: int) -> CartRow | None:
        """The cart that a line is in."""
        cart_id = await self._lines.cart_of(line_id)
        return None if cart_id is None else await self._carts.found(CartRef(id=cart_id))

    async def page(self, where: CartWhere, args: PageArgs) -> Page[CartRow]:
        """The latest changed first."""
        check_leaves(where)
        return await self._carts.page(where, self._clock(), args)

    async def count(self, where: CartWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._carts.count(where, self._clock(), limit)

    async def create(
        self, values: Mapping[str, Any], customer_id: int | None = None
    ) -> CartRow | Problem:
        """A new cart, in the store's currency unless `values` name another of the store's.

        Customers have one cart: theirs is answered if there is one, and stays as it is. The shop's
        people can make one for a customer.
        """
        flaw = made_flaw(values)
        currency = flaw or await self.currency_of(values.get("currency"))
        owner = currency if isinstance(currency, Problem) else await self._owner(customer_id)
        if isinstance(owner, Problem):
            return owner
        at = self._clock()
        if owner is not None:
            await self._carts.close_expired(owner, at)
        written = {**values, "currency": currency, "customer_id": owner}
        cart = await self._carts.add({**written, "token": token_urlsafe(TOKEN_BYTES)}, at)
        if cart is None and owner is not None:
            cart = await self._carts.locked_open(owner)
        return await self._to_fill(cart)

    async def locked(self, ref: CartRef) -> CartRow | None:
        """In whatever state it is; None when there is no such cart for the viewer."""
        return await self._carts.locked(ref) if ref.is_possible else None

    async def to_change(
        self, ref: CartRef | str, expected_version: int | None = None
    ) -> CartRow | Problem:
        """Locked, if it may be changed. A text is the cart's token."""
        named = CartRef(token=ref) if isinstance(ref, str) else ref
        return await self._to_fill(await self.locked(named), expected_version)

    async def touched(
        self,
        ref: CartRef,
        expected_version: int | None = None,
        changes: Mapping[str, Any] = NOTHING,
    ) -> CartRow | Problem:
        """Locked and changed: one statement where nothing is in the way."""
        if not ref.is_possible:
            return MISSING
        at = self._clock()
        cart = await self._carts.touch(ref, at, expected_version, changes)
        if cart is not None:
            await self._tell(cart)
            return cart
        stored = await self._carts.locked(ref)
        if stored is None:
            return MISSING
        # In the moment between the two the payment may have ended that was in the way.
        return refusal(stored, at, expected_version) or FROZEN

    async def changed(self, cart_id: int, changes: Mapping[str, Any]) -> CartRow:
        """A cart that is locked, with these changes."""
        return await self._carts.change(cart_id, changes, self._clock())

    async def content_of(self, cart: CartRow) -> CartContent:
        lines = await self._lines.by_carts([cart.id])
        return content_of(cart, lines.get(cart.id, ()))

    def now(self) -> datetime:
        return self._clock()

    def terms(self, cart: CartRow) -> PriceTerms:
        """Who is in no group is treated as a customer of the built-in one."""
        group = GENERAL_GROUP if cart.customer_group_id is None else cart.customer_group_id
        return PriceTerms(self._clock(), currency=cart.currency, group=group)

    async def _owner(self, customer_id: int | None) -> int | NotFound | None:
        """Whose a new cart is. Who may not make carts for others is told of nobody."""
        own = self._viewer.customer_id
        if customer_id is None or customer_id == own:
            return own
        known = self._viewer.may(Scope.WRITE_CARTS) and await self._carts.has_customer(customer_id)
        return customer_id if known else NO_CUSTOMER

    async def _to_fill(
        self, cart: CartRow | None, expected_version: int | None = None
    ) -> CartRow | Problem:
        """A cart that is locked, if it may be changed."""
        if cart is None:
            return MISSING
        refused = refusal(cart, self._clock(), expected_version)
        if refused is None:
            await self._tell(cart)
        return refused or cart

    async def _tell(self, cart: CartRow) -> None:
        """Carts change with every click of their buyers, which is no news: that somebody of the
        shop is at work on one is. Programs are, where the cart is a customer's: a guest's may be
        that of the storefront they run.
        """
        viewer = self._viewer
        news = viewer.kind is ViewerKind.STAFF or cart.customer_id is not None
        if news and not viewer.in_storefront:
            await self._audit.note(None, "Cart", cart.id)

    async def currency_of(self, wanted: str | None) -> str | Invalid:
        """One that the store sells in; its own when none is wanted."""
        settings = await self._store.settings()
        if wanted is None or wanted == settings.currency:
            own: str = settings.currency
            return own
        if wanted in settings.currencies and wanted in currency_codes():
            return wanted
        return Invalid("The store does not sell in this currency.", ("currency_code",))
