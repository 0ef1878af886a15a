"""Money as it is shown."""

from decimal import Decimal
from typing import Annotated, Final

import strawberry

from commerce.core import money
from resolvers.context import Info
from resolvers.permissions import public
from resolvers.scalars import CurrencyCode

LocaleArgument = Annotated[
    str | None,
    strawberry.argument(
        description="A language tag: `en`, `de` or `pt-BR`; null is the store's own."
    ),
]
STORE: Final = 1


@strawberry.type(description="An exact amount in a currency.")
class Money:
    amount: Decimal = public("In major units, with at least the currency's decimals: `9.50`.")
    currency_code: CurrencyCode = public("The currency.")

    @public("As people write it, with the currency's sign: `€9.50`.")
    async def formatted(self, info: Info, locale: LocaleArgument = "en") -> str:
        if locale is None:
            locale = await info.context.loaders.store.locale.load(STORE)
        return money.formatted(self.amount, self.currency_code, locale)

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        return cls(
            amount=money.shown_amount(amount, currency), currency_code=CurrencyCode(currency)
        )

    @classmethod
    def maybe(cls, amount: Decimal | None, currency: str) -> "Money | None":
        return None if amount is None else cls.of(amount, currency)


@strawberry.type(description="From the lowest to the highest of several amounts.")
class MoneyRange:
    min: Money = public("The lowest.")
    max: Money = public("The highest; equal to the lowest when all are the same.")
