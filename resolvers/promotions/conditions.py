"""What must hold for a promotion."""

from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.problems import NotFound
from commerce.core.viewer import Scope
from commerce.pricing.rules.promotions import Conditions
from commerce.promotions.rules.stored import held_conditions
from resolvers.filters import optional
from resolvers.money import Money
from resolvers.nodes import node_id, require_keys
from resolvers.permissions import requires
from resolvers.promotions.kinds import BuyerKind
from resolvers.promotions.selections import GoodsSelection, GoodsSelectionInput

READ = Scope.READ_PROMOTIONS
Ids = list[strawberry.ID]


@strawberry.type(description="What must hold for a promotion; null and empty ask for nothing.")
class PromotionConditions:
    least_subtotal: Money | None = requires(READ, description="Of what is counted, or more.")
    most_subtotal: Money | None = requires(READ, description="Of what is counted, or less.")
    least_quantity: int | None = requires(READ, description="So many units that are counted.")
    most_quantity: int | None = requires(READ, description="No more units that are counted.")
    counted: GoodsSelection = requires(READ, description="The goods that are counted.")
    customer_group_ids: Ids = requires(READ, description="The buyer is in one of these groups.")
    buyers: BuyerKind = requires(READ, description="Whether the buyer has ordered before.")
    countries: list[str] = requires(READ, description="Sent to one of these countries: `DE`.")
    shipping_method_ids: Ids = requires(READ, description="Sent by one of these methods.")

    @classmethod
    def of(cls, held: dict[str, Any], currency: str | None) -> "PromotionConditions":
        asked = held_conditions(held)
        groups, methods = sorted(asked.groups), sorted(asked.shipping_methods)
        return cls(
            least_subtotal=Money.maybe(asked.least_subtotal, currency or ""),
            most_subtotal=Money.maybe(asked.most_subtotal, currency or ""),
            least_quantity=asked.least_quantity,
            most_quantity=asked.most_quantity,
            counted=GoodsSelection.of(held.get("counted", {})),
            customer_group_ids=[node_id("CustomerGroup", id_) for id_ in groups],
            buyers=asked.buyers,
            countries=sorted(asked.countries),
            shipping_method_ids=[node_id("ShippingMethod", id_) for id_ in methods],
        )


@strawberry.input(description="What must hold for a promotion; what is absent asks for nothing.")
class PromotionConditionsInput:
    least_subtotal: Decimal | None = optional("Of what is counted, before discounts, or more.")
    most_subtotal: Decimal | None = optional("Of what is counted, before discounts, or less.")
    least_quantity: int | None = optional("So many units that are counted.")
    most_quantity: int | None = optional("No more units that are counted.")
    counted: GoodsSelectionInput | None = optional("The goods that are counted; absent, all.")
    customer_group_ids: Ids | None = optional("The buyer is in one of these groups.")
    buyers: BuyerKind = strawberry.field(
        default=BuyerKind.ANYBODY, description="Whether the buyer has ordered before."
    )
    countries: list[str] | None = optional("Sent to one of these countries: `DE`.")
    shipping_method_ids: Ids | None = optional("Sent by one of these methods.")

    def wanted(self) -> Conditions | NotFound:
        groups = require_keys(
            self.customer_group_ids or (), "CustomerGroup", "conditions", "customer_group_ids"
        )
        methods = require_keys(
            self.shipping_method_ids or (), "ShippingMethod", "conditions", "shipping_method_ids"
        )
        counted = (self.counted or GoodsSelectionInput()).wanted("conditions", "counted")
        if isinstance(groups, NotFound):
            return groups
        if isinstance(methods, NotFound):
            return methods
        if isinstance(counted, NotFound):
            return counted
        return Conditions(
            least_subtotal=self.least_subtotal,
            most_subtotal=self.most_subtotal,
            least_quantity=self.least_quantity,
            most_quantity=self.most_quantity,
            counted=counted,
            groups=frozenset(groups),
            buyers=self.buyers,
            countries=frozenset(code.upper() for code in self.countries or ()),
            shipping_methods=frozenset(methods),
        )
