"""What is in a cart, and what it comes to: plain values, wherever they are from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commerce.carts.kinds import CartWarningCode
from commerce.core.places import Place
from commerce.core.problems import Path
from commerce.customers.rules.minimums import NO_MINIMUM, Minimum
from commerce.payments.rules.offers import Sale
from commerce.pricing.rules.draft import Draft
from commerce.pricing.rules.surcharges import SurchargeTerms
from commerce.pricing.rules.totals import Calculation, Charge
from commerce.shipping.rules.parcels import ShippingQuote
from commerce.taxes.rules.table import TaxTable

# With one of these a cart cannot be bought as it is.
BLOCKING = frozenset(
    {
        CartWarningCode.UNAVAILABLE,
        CartWarningCode.NO_PRICE,
        CartWarningCode.GIFT_CARD_UNUSABLE,
        CartWarningCode.SHIPPING_UNAVAILABLE,
        CartWarningCode.BELOW_MINIMUM,
    }
)


@dataclass(frozen=True, slots=True)
class CartWarning:
    """Something the buyer should know. `path` leads to what it is about: ("lines", line id).

    `available` says how many units there are where that is the matter.
    """

    code: CartWarningCode
    message: str
    path: Path = ()
    available: int | None = None


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Units of a variant; `id` orders ties and must be unique in a cart.

    `seen_price` is what a unit cost when the buyer last changed the line.
    """

    id: int
    variant_id: int
    quantity: int
    seen_price: Decimal | None = None
    extra_fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CartContent:
    """All that a price depends on, wherever it is stored, if at all.

    `email` is normalised: promotions know buyers by it. Gift cards are drawn on in their order.
    What the cart `cart_id` holds counts as available to it. `payment_method` is the id or the code
    of the one to pay with; `surcharges` are charged beside what that costs.
    """

    currency: str
    lines: tuple[WantedLine, ...] = ()
    codes: tuple[str, ...] = ()
    gift_card_ids: tuple[int, ...] = ()
    email: str | None = None
    customer_id: int | None = None
    customer_group_id: int | None = None
    tax_exempt: bool = False
    minimum: Minimum = NO_MINIMUM
    place: Place = field(default_factory=Place)
    shipping_method_id: int | None = None
    cart_id: int | None = None
    payment_method: int | str | None = None
    surcharges: tuple[SurchargeTerms, ...] = ()

    def quantities(self) -> dict[int, int]:
        """Units by variant, however many lines they are on."""
        found: dict[int, int] = {}
        for line in self.lines:
            found[line.variant_id] = found.get(line.variant_id, 0) + line.quantity
        return found


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line that can be bought, with what an order keeps of it.

    `available` is how many units of the variant can be sold, on whatever lines; None where stock
    is not counted. `backorder` allows to sell more.
    """

    id: int
    variant_id: int
    product_id: int
    quantity: int
    unit_price: Decimal
    compare_at: Decimal | None
    seen_price: Decimal | None
    includes_tax: bool
    tax_class_id: int | None
    title: str
    variant_title: str
    sku: str | None
    options: tuple[tuple[str, str], ...]
    image_url: str | None
    slug: str
    weight_grams: int
    requires_shipping: bool
    taxable: bool
    available: int | None
    backorder: bool
    extra_fields: Mapping[str, Any]

    @property
    def price_change(self) -> Decimal | None:
        """How much more a unit costs than the buyer has seen; None when that is the same."""
        if self.seen_price is None or self.seen_price == self.unit_price:
            return None
        return self.unit_price - self.seen_price


@dataclass(frozen=True, slots=True)
class Priced:
    """A cart's content with what it comes to. Lines that cannot be bought are not among `lines`.

    `quotes` are all ways to send it there, `quote` the one that was chosen, if it is among them.
    `payment_method` is the row of the one to pay with, if it is offered for the `sale` and there is
    anything to pay. `table` says how it is taxed.
    """

    content: CartContent
    draft: Draft
    result: Calculation
    lines: tuple[PricedLine, ...]
    quotes: tuple[ShippingQuote, ...]
    quote: ShippingQuote | None
    warnings: tuple[CartWarning, ...]
    sale: Sale
    payment_method: Any = None
    table: TaxTable = field(default_factory=TaxTable)

    @property
    def requires_shipping(self) -> bool:
        return any(line.requires_shipping for line in self.lines)

    @property
    def blocking(self) -> tuple[CartWarning, ...]:
        """Those of the warnings with which it cannot be bought as it is."""
        return tuple(warning for warning in self.warnings if warning.code in BLOCKING)

    def charge_of(self, line_id: int) -> Charge | None:
        """What a line is charged; None for one that cannot be bought."""
        return self.result.lines.get(line_id)
