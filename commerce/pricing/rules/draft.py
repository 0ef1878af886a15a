"""What a calculation is made of: everything that can change a total, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from commerce.pricing.kinds import SurchargeBase, SurchargeKind, SurchargeSource
from commerce.pricing.rules.amounts import Rounding
from commerce.pricing.rules.promotions import Promotion


@dataclass(frozen=True, slots=True)
class TaxRate:
    """`percent` of the net price; a `compound` one also of the taxes before it.

    One that is not `on_shipping` spares shipping that is taxed like the goods.
    """

    id: int
    name: str
    percent: Decimal
    compound: bool = False
    on_shipping: bool = True


@dataclass(frozen=True, slots=True)
class Goods:
    """What promotions may ask about a line. Ids are those of the catalogue."""

    product_id: int = 0
    variant_id: int = 0
    brand_id: int | None = None
    category_ids: frozenset[int] = frozenset()
    collection_ids: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    attributes: frozenset[tuple[int, str]] = frozenset()
    on_sale: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """`unit_price` contains the taxes when `includes_tax`. Ids order ties: unique in a draft."""

    id: int
    quantity: int
    unit_price: Decimal
    taxes: tuple[TaxRate, ...] = ()
    includes_tax: bool = False
    goods: Goods = Goods()
    discountable: bool = True


@dataclass(frozen=True, slots=True)
class Shipping:
    """`taxes` None spreads the price over the rates of the goods, in proportion to their value."""

    method_id: int
    name: str
    price: Decimal
    taxes: tuple[TaxRate, ...] | None = ()
    includes_tax: bool = False


@dataclass(frozen=True, slots=True)
class Surcharge:
    """Charged beside goods and shipping, and never discounted. Codes are unique in a draft.

    `value` is an amount or a percentage; prices of what it is taken of, and its own, contain taxes
    when `includes_tax`.
    """

    code: str
    name: str
    value: Decimal
    kind: SurchargeKind = SurchargeKind.FIXED
    base: SurchargeBase = SurchargeBase.SUBTOTAL
    source: SurchargeSource = SurchargeSource.MANUAL
    taxes: tuple[TaxRate, ...] = ()
    includes_tax: bool = False


@dataclass(frozen=True, slots=True)
class Buyer:
    """`orders` are those placed before; None for somebody who cannot be recognised."""

    group_id: int = 0
    orders: int | None = None
    tax_exempt: bool = False


@dataclass(frozen=True, slots=True)
class GiftCard:
    id: int
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Draft:
    """`at` is the moment in the shop's own time zone: promotions know weekdays and hours.

    `codes` are those that the buyer typed in, in any spelling and order; `promotions` are all
    that could apply, coupons that nobody typed in included.
    """

    currency: str
    lines: tuple[Line, ...]
    at: datetime
    shipping: Shipping | None = None
    promotions: tuple[Promotion, ...] = ()
    codes: tuple[str, ...] = ()
    gift_cards: tuple[GiftCard, ...] = ()
    buyer: Buyer = Buyer()
    country: str | None = None
    rounding: Rounding = field(default_factory=Rounding)
    surcharges: tuple[Surcharge, ...] = ()
