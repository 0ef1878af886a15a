"""Payment methods: setting them up, and offering those that suit."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol

from commerce.core.money import formatted
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.payments.problems import AmountNotPayable
from commerce.payments.providers import Providers
from commerce.payments.repository.methods import MethodRepository, MethodRow
from commerce.payments.rules.methods import method_flaw, surcharge_flaw, totals_flaw
from commerce.payments.rules.offers import Sale, suits

MISSING: Final = NotFound("There is no payment method with this id.", ("id",))
UNUSABLE: Final = Invalid(
    "This payment method is not offered for this purchase.", ("payment_method",)
)
NO_PROVIDER: Final = Invalid("No such payment provider is set up.", ("provider",))
REQUIRED: Final = ("code", "name", "provider")


class ById(Protocol):
    """A repository of what methods can be restricted to."""

    async def by_ids(self, ids: Collection[int]) -> Mapping[int, Any]: ...


class PaymentMethodService:
    def __init__(
        self,
        methods: MethodRepository,
        providers: Providers,
        customer_groups: ById,
        shipping_methods: ById,
        tax_classes: ById,
    ) -> None:
        self._methods = methods
        self._providers = providers
        self._restrictions = {
            "customer_group_ids": customer_groups,
            "shipping_method_ids": shipping_methods,
        }
        self._tax_classes = tax_classes

    async def page(self, args: PageArgs) -> Page[MethodRow]:
        """Those the viewer sees, in the order in which buyers see them."""
        return await self._methods.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._methods.count(limit)

    async def offered(self, sale: Sale) -> Sequence[MethodRow]:
        """Those a purchase can be paid with right now, in that order."""
        return [method for method in await self._methods.all() if self._is_offered(method, sale)]

    async def by_code(self, code: str) -> MethodRow | None:
        return next((each for each in await self._methods.all() if each.code == code), None)

    async def usable(self, wanted: str | int, sale: Sale) -> MethodRow | Invalid:
        """The method with this code or id, if it is offered for the sale."""
        offered = await self.offered(sale)
        return next((each for each in offered if wanted in (each.code, each.id)), UNUSABLE)

    def unpayable(self, method: MethodRow, amount: Decimal, currency: str) -> Problem | None:
        """Why the provider of a method that is offered cannot take just so much."""
        if self._providers.takes(method.provider, amount, currency):
            return None
        wanted = formatted(amount, currency, "en")
        message = f"{method.name} cannot take {wanted}: pay in another way."
        return AmountNotPayable(message, ("payment_method",))

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> MethodRow | Problem:
        """Add a method, or change the one with this id or, without an id, with this code. Only the
        given values are written.
        """
        flaw = method_flaw(values) or surcharge_flaw(values) or await self._unknown(values)
        if flaw is not None:
            return flaw
        stored = await self._methods.to_change(id_, values.get("code"))
        if stored is None:
            return MISSING if id_ is not None else await self._add(values)
        return await self._change(stored, values, expected_version)

    async def delete(self, id_: int, expected_version: int | None = None) -> Problem | None:
        stored = await self._methods.to_change(id_, None)
        if stored is None:
            return MISSING
        conflict = version_conflict("payment method", stored.version, expected_version)
        return conflict or await self._methods.delete(id_)

    async def _add(self, values: dict[str, Any]) -> MethodRow | Problem:
        missing = next((name for name in REQUIRED if name not in values), None)
        if missing is not None:
            return Invalid("A new payment method needs this.", (missing,))
        flaw = totals_flaw(values.get("min_total"), values.get("max_total"))
        return flaw or await self._methods.add(values)

    async def _change(
        self, stored: MethodRow, values: dict[str, Any], expected_version: int | None
    ) -> MethodRow | Problem:
        conflict = version_conflict("payment method", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        lowest = changes.get("min_total", stored.min_total)
        flaw = totals_flaw(lowest, changes.get("max_total", stored.max_total))
        if flaw is not None or not changes:
            return flaw or stored
        return await self._methods.change(stored.id, changes)

    async def _unknown(self, values: dict[str, Any]) -> Problem | None:
        if "provider" in values and values["provider"] not in self._providers:
            return NO_PROVIDER
        for name, things in self._restrictions.items():
            wanted = values.get(name) or []
            known = await things.by_ids(wanted) if wanted else {}
            for place, id_ in enumerate(wanted):
                if id_ not in known:
                    return NotFound("There is nothing with this id.", (name, str(place)))
        return await self._unknown_class(values.get("surcharge_tax_class_id"))

    async def _unknown_class(self, id_: int | None) -> Problem | None:
        if id_ is None or id_ in await self._tax_classes.by_ids([id_]):
            return None
        return NotFound("There is no TaxClass with this id.", ("surcharge", "tax_class_id"))

    def _is_offered(self, method: MethodRow, sale: Sale) -> bool:
        return method.active and method.provider in self._providers and suits(method, sale)
