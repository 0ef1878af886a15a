"""What a promotion gives."""

from decimal import Decimal
from typing import Annotated, Any, Final

import strawberry

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import Scope
from commerce.pricing.rules import promotions as rules
from commerce.promotions.rules.stored import value_of
from resolvers.filters import given, one_of, optional
from resolvers.money import Money
from resolvers.permissions import requires
from resolvers.promotions.selections import GoodsSelection, GoodsSelectionInput

READ = Scope.READ_PROMOTIONS
EVERY: Final = Decimal(100)


@strawberry.type(description="A number of percent off.")
class PercentOff:
    percent: Decimal = requires(READ, description="How many: `10`.")


@strawberry.type(description="An amount off.")
class AmountOff:
    amount: Money = requires(READ, description="How much.")
    each_unit: bool = requires(READ, description="Whether each unit is cheaper by it.")


@strawberry.type(description="A price, where that is less than the usual one.")
class FixedPrice:
    price: Money = requires(READ, description="Of one unit, or of shipping.")


@strawberry.type(description="Cheaper units for units that are bought.")
class BuyXGetY:
    buy: int = requires(READ, description="For every so many units...")
    get: int = requires(READ, description="...so many further ones, the cheapest, are cheaper...")
    percent: Decimal = requires(READ, description="...by so many percent; `100` is free.")
    most: int | None = requires(READ, description="So often at most; null is without end.")
    given: GoodsSelection | None = requires(
        READ, description="The goods that are cheaper; null are those that are bought."
    )


@strawberry.type(description="One price for several units together.")
class Bundle:
    units: int = requires(READ, description="Every so many units...")
    price: Money = requires(READ, description="...cost this, where that is less.")
    most: int | None = requires(READ, description="So often at most; null is without end.")


@strawberry.type(description="Nothing to pay for shipping.")
class FreeShipping:
    percent: Decimal = requires(READ, description="Always `100`.")


PromotionValue = Annotated[
    PercentOff | AmountOff | FixedPrice | BuyXGetY | Bundle | FreeShipping,
    strawberry.union("PromotionValue", description="What a promotion gives."),
]


def value_shown(held: dict[str, Any], currency: str | None) -> PromotionValue:
    """The stored value, its amounts in the promotion's currency."""
    match value_of(held):
        case rules.Percent(percent):
            return PercentOff(percent=percent)
        case rules.Amount(amount, each_unit):
            return AmountOff(amount=Money.of(amount, currency or ""), each_unit=each_unit)
        case rules.FixedPrice(price):
            return FixedPrice(price=Money.of(price, currency or ""))
        case rules.BuyXGetY() as bonus:
            given_goods = None if bonus.given is None else GoodsSelection.of(held["given"])
            return BuyXGetY(
                buy=bonus.buy,
                get=bonus.get,
                percent=bonus.percent,
                most=bonus.most,
                given=given_goods,
            )
        case rules.Bundle(units, price, most):
            return Bundle(units=units, price=Money.of(price, currency or ""), most=most)
    return FreeShipping(percent=EVERY)


@strawberry.input(description="Cheaper units for units that are bought; for lines.")
class BuyXGetYInput:
    buy: int = strawberry.field(description="For every so many units...")
    get: int = strawberry.field(description="...so many further ones, the cheapest, are cheaper...")
    percent: Decimal = strawberry.field(
        default=EVERY, description="...by so many percent; `100` is free."
    )
    most: int | None = optional("So often at most; absent is without end.")
    given: GoodsSelectionInput | None = optional(
        "The goods that are cheaper; absent, those that are bought."
    )

    def wanted(self) -> rules.BuyXGetY | NotFound:
        given_goods = None
        if self.given is not None:
            found = self.given.wanted("value", "buy_x_get_y", "given")
            if isinstance(found, NotFound):
                return found
            given_goods = found
        return rules.BuyXGetY(self.buy, self.get, self.percent, self.most, given_goods)


@strawberry.input(description="One price for several units together; for lines.")
class BundleInput:
    units: int = strawberry.field(description="Every so many units...")
    price: Decimal = strawberry.field(description="...cost this, where that is less.")
    most: int | None = optional("So often at most; absent is without end.")


@strawberry.input(one_of=True, description="What a promotion gives: exactly one of these.")
class PromotionValueInput:
    percent: Decimal | None = one_of("So many percent off: `10`.")
    amount: Decimal | None = one_of("So much off all that it is for.")
    amount_each: Decimal | None = one_of("So much off every unit that it is for; for lines.")
    fixed_price: Decimal | None = one_of("What one unit costs, or shipping, where that is less.")
    buy_x_get_y: BuyXGetYInput | None = one_of("Cheaper units for units that are bought.")
    bundle: BundleInput | None = one_of("One price for several units together.")
    free_shipping: bool | None = one_of("True: nothing to pay for shipping.")

    def wanted(self) -> rules.Value | Problem:
        percent, amount, each = given(self.percent), given(self.amount), given(self.amount_each)
        price, bonus = given(self.fixed_price), given(self.buy_x_get_y)
        bundle = given(self.bundle)
        if percent is not None:
            return rules.Percent(percent)
        if amount is not None:
            return rules.Amount(amount)
        if each is not None:
            return rules.Amount(each, each_unit=True)
        if price is not None:
            return rules.FixedPrice(price)
        if bonus is not None:
            return bonus.wanted()
        if bundle is not None:
            return rules.Bundle(bundle.units, bundle.price, bundle.most)
        if given(self.free_shipping):
            return rules.FreeShipping()
        return Invalid("Say what the promotion gives.", ("value",))
