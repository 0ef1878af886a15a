"""Promotions as data: what they give, on what, and when."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import Enum


class Stage(Enum):
    """In which order discounts are taken."""

    LINE = 1
    ORDER = 2
    SHIPPING = 3


class BuyerKind(Enum):
    ANYBODY = "anybody"
    NEW = "new"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class Selection:
    """Some goods. Empty sets choose all; what is excluded is never chosen.

    `attributes` are pairs of an attribute's id and one of its values.
    """

    products: frozenset[int] = frozenset()
    variants: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    brands: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    attributes: frozenset[tuple[int, str]] = frozenset()
    excluded_products: frozenset[int] = frozenset()
    excluded_variants: frozenset[int] = frozenset()
    excluded_categories: frozenset[int] = frozenset()
    excluded_brands: frozenset[int] = frozenset()
    exclude_sale: bool = False


@dataclass(frozen=True, slots=True)
class Percent:
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """Off the whole target; `each_unit` off every unit of it."""

    amount: Decimal
    each_unit: bool = False


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """What one unit costs, where that is less."""

    price: Decimal


@dataclass(frozen=True, slots=True)
class BuyXGetY:
    """For every `buy` units of the target, `get` further ones of it are `percent` cheaper, or of
    what `given` selects.

    The cheapest units are given; `most` limits how often.
    """

    buy: int
    get: int
    percent: Decimal = Decimal(100)
    most: int | None = None
    given: Selection | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Every `units` units of the target cost `price` together, where that is less. The dearest are
    bundled first; `most` limits how often.
    """

    units: int
    price: Decimal
    most: int | None = None


@dataclass(frozen=True, slots=True)
class FreeShipping:
    pass


Value = Percent | Amount | FixedPrice | BuyXGetY | Bundle | FreeShipping


@dataclass(frozen=True, slots=True)
class Schedule:
    """`starts_at` is included, `ends_at` is not. Weekdays are Monday 0 to Sunday 6; hours may
    pass midnight. Empty means always.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekdays: frozenset[int] = frozenset()
    from_hour: time | None = None
    to_hour: time | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold for a promotion. Subtotals are of what `counted` selects, before discounts.

    `currency` is that of the promotion's amounts, None when it has none.
    """

    currency: str | None = None
    least_subtotal: Decimal | None = None
    most_subtotal: Decimal | None = None
    least_quantity: int | None = None
    most_quantity: int | None = None
    counted: Selection = Selection()
    groups: frozenset[int] = frozenset()
    buyers: BuyerKind = BuyerKind.ANYBODY
    countries: frozenset[str] = frozenset()
    shipping_methods: frozenset[int] = frozenset()
    schedule: Schedule = Schedule()


@dataclass(frozen=True, slots=True)
class Promotion:
    """`code` None applies by itself. Of a coupon that is used up, `used_up` says so.

    An `exclusive` one suffers no other beside it. One that is not `combinable` shares its stage
    with no other: of these the best counts. Lower `priority` comes first. `most_off` bounds what
    it gives, `most_units` on how many units; of its target at least `least_units` must be bought.
    With `free_shipping` shipping is free besides what `value` gives.
    """

    id: int
    name: str
    value: Value
    stage: Stage
    target: Selection = Selection()
    conditions: Conditions = Conditions()
    code: str | None = None
    priority: int = 0
    exclusive: bool = False
    combinable: bool = True
    most_off: Decimal | None = None
    most_units: int | None = None
    least_units: int | None = None
    free_shipping: bool = False
    used_up: bool = False
