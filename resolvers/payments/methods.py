"""Payment methods: the type, the list and the mutations."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, key_of, node_id, require_key, require_keys
from resolvers.payments.kinds import CaptureMode, MethodKind
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON
from resolvers.surcharges import SurchargeBase, SurchargeKind

READ, WRITE = Scope.READ_SETTINGS, Scope.WRITE_SETTINGS
UNSET: Any = strawberry.UNSET
KINDS = {"customer_group_ids": "CustomerGroup", "shipping_method_ids": "ShippingMethod"}
NULLABLE = ("min_total", "max_total", "surcharge", "image_url")
NO_SURCHARGE: dict[str, Any] = {"surcharge_kind": None, "surcharge_value": None}
PLAIN = (
    "code",
    "name",
    "description",
    "instructions",
    "image_url",
    "preselected",
    "kind",
    "position",
    "provider",
    "capture",
    "countries",
    "currencies",
    "min_total",
    "max_total",
    "active",
    "version",
    "created_at",
    "updated_at",
)


@strawberry.type(description="What paying in some way costs.")
class PaymentSurcharge:
    kind: SurchargeKind = public("How it is counted.")
    value: Decimal = public("How much: an amount in the currency that is paid in, or a percentage.")
    base: SurchargeBase = public("What a percentage is taken of.")
    taxable: bool = requires(READ, description="Whether it is taxed.")
    tax_class_id: strawberry.ID | None = requires(
        READ, description="How it is taxed; null as goods without a class are."
    )

    @classmethod
    def of(cls, row: Any) -> "PaymentSurcharge | None":
        if row.surcharge_kind is None:
            return None
        class_id = row.surcharge_tax_class_id
        return cls(
            kind=row.surcharge_kind,
            value=row.surcharge_value,
            base=row.surcharge_base,
            taxable=row.surcharge_taxable,
            tax_class_id=None if class_id is None else node_id("TaxClass", class_id),
        )


@strawberry.type(description="A way to pay. Empty restrictions restrict nothing.")
class PaymentMethod(Node):
    code: str = public("Name for programs, unique.")
    name: str = public("Name for people.")
    description: str = public("What buyers are told of it.")
    instructions: str = public("What buyers are told to do once the order is placed.")
    details: JSON = public("What buyers are shown to pay with: an account, an entity.")
    image_url: str | None = public("Where its picture is.")
    preselected: bool = public("Whether buyers find it chosen already.")
    kind: MethodKind = public("How it is paid.")
    surcharge: PaymentSurcharge | None = public("What paying with it costs; null: nothing.")
    position: int = public("Its place among the others, the lowest first.")
    provider: str = requires(READ, description="Who moves the money: `manual`, `stripe`, `test`.")
    capture: CaptureMode = requires(READ, description="When money is taken.")
    countries: list[str] = requires(READ, description="Where goods may go, as ISO 3166 codes.")
    currencies: list[str] = requires(READ, description="What may be paid in, as ISO 4217 codes.")
    min_total: Decimal | None = requires(READ, description="Not offered for less.")
    max_total: Decimal | None = requires(READ, description="Not offered for more.")
    customer_group_ids: list[strawberry.ID] = requires(READ, description="Whom it is for.")
    shipping_method_ids: list[strawberry.ID] = requires(
        READ, description="How goods may be sent that are paid with it."
    )
    active: bool = requires(READ, description="Whether it is offered at all.")
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "PaymentMethod":
        values: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
        for name, kind in KINDS.items():
            values[name] = [node_id(kind, key) for key in getattr(row, name)]
        values["surcharge"] = PaymentSurcharge.of(row)
        values["details"] = JSON(row.details)
        return cls(id=node_id("PaymentMethod", row.id), database_id=row.id, **values)


def _optional(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="What paying in some way costs.")
class PaymentSurchargeInput:
    kind: SurchargeKind = strawberry.field(description="How it is counted.")
    value: Decimal = strawberry.field(
        description="How much: an amount in whatever currency, or a percentage up to 100."
    )
    base: SurchargeBase = strawberry.field(
        default=SurchargeBase.SUBTOTAL, description="What a percentage is taken of."
    )
    taxable: bool = strawberry.field(default=True, description="Whether it is taxed.")
    tax_class_id: strawberry.ID | None = strawberry.field(
        default=None, description="How it is taxed; null as goods without a class are."
    )

    def values(self) -> dict[str, Any] | Problem:
        id_, key = self.tax_class_id, None
        if id_ is not None:
            found = require_key(id_, "TaxClass", "surcharge", "tax_class_id")
            if isinstance(found, Problem):
                return found
            key = found
        return {
            "surcharge_kind": self.kind,
            "surcharge_value": self.value,
            "surcharge_base": self.base,
            "surcharge_taxable": self.taxable,
            "surcharge_tax_class_id": key,
        }


@strawberry.input(
    description="A payment method to change (by `id` or `code`), or to add when there is none."
)
class PaymentMethodUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The method to change; absent, the one with this `code` is.",
    )
    code: str | None = _optional("Name for programs; required for a new method.")
    name: str | None = _optional("Name for people; required for a new method.")
    description: str | None = _optional("What buyers are told of it.")
    instructions: str | None = _optional("What buyers are told to do once the order is placed.")
    details: JSON | None = _optional(
        "What buyers are shown to pay with: an object of texts, whole numbers and booleans,"
        " without secrets."
    )
    image_url: str | None = _optional("Where its picture is; null: it has none.")
    preselected: bool | None = _optional("Whether buyers find it chosen already.")
    kind: MethodKind | None = _optional("How it is paid; OTHER when absent.")
    provider: str | None = _optional(
        "Who moves the money: `manual`, `stripe`, `test`; required for a new method."
    )
    capture: CaptureMode | None = _optional("When money is taken; AT_ONCE when absent.")
    countries: list[str] | None = _optional("Where goods may go, as ISO 3166 codes.")
    currencies: list[str] | None = _optional("What may be paid in, as ISO 4217 codes.")
    min_total: Decimal | None = _optional("Not offered for less, in whatever currency.")
    max_total: Decimal | None = _optional("Not offered for more, in whatever currency.")
    customer_group_ids: list[strawberry.ID] | None = _optional(
        "Whom it is for. Visitors count to the built-in group."
    )
    shipping_method_ids: list[strawberry.ID] | None = _optional(
        "How goods may be sent that are paid with it."
    )
    surcharge: PaymentSurchargeInput | None = _optional("What paying with it costs; null: nothing.")
    position: int | None = _optional("Its place among the others, the lowest first.")
    active: bool | None = _optional("Whether it is offered at all.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )

    def values(self) -> dict[str, Any] | Problem:
        found = given(self, "id", "expected_version", nullable=NULLABLE)
        if "surcharge" in found:
            surcharge = found.pop("surcharge")
            terms = NO_SURCHARGE if surcharge is None else surcharge.values()
            if isinstance(terms, Problem):
                return terms
            found |= terms
        for name, kind in KINDS.items():
            keys = require_keys(found.get(name, []), kind, name)
            if isinstance(keys, Problem):
                return keys
            found |= {name: keys} if name in found else {}
        return found


@strawberry.type(description="The method as it is now, or why nothing was changed.")
class PaymentMethodUpsertPayload:
    payment_method: PaymentMethod | None = public("The method; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "PaymentMethodUpsertPayload":
        if isinstance(result, Problem):
            return cls(payment_method=None, user_errors=[user_error(result)])
        return cls(payment_method=PaymentMethod.of(result), user_errors=[])


@strawberry.input(
    description="A method to delete. One that payments were made with stays: deactivate it."
)
class PaymentMethodDeleteInput:
    id: strawberry.ID = strawberry.field(description="The method.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class PaymentMethodDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, problem: Problem | None) -> "PaymentMethodDeletePayload":
        if problem is not None:
            return cls(deleted_id=None, user_errors=[user_error(problem)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class PaymentMethodQueries:
    @public("A payment method by its id.")
    async def payment_method(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> PaymentMethod | None:
        key = key_of(id, "PaymentMethod")
        if key is None:
            return None
        row = await info.context.loaders.payments.method_by_id.load(key)
        return None if row is None else PaymentMethod.of(row)

    @public("Payment methods in the order they are offered; what is on offer if you are a buyer.")
    async def payment_methods(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PaymentMethod]:
        paging = Paging(info, "payment_methods", first, after, last, before)
        methods = info.context.services.payment_methods
        return paging.connection(await methods.page(paging.args), PaymentMethod.of, methods.count)


@strawberry.type
class PaymentMethodMutations:
    @mutation(WRITE, description="Add a payment method, or change the given parts of one.")
    async def payment_method_upsert(
        self, info: Info, input: PaymentMethodUpsertInput
    ) -> PaymentMethodUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "PaymentMethod", "id")
        values = id_ if isinstance(id_, Problem) else input.values()
        if isinstance(id_, Problem) or isinstance(values, Problem):
            return PaymentMethodUpsertPayload.of(values)
        methods = info.context.services.payment_methods
        return PaymentMethodUpsertPayload.of(
            await methods.upsert(id_, values, input.expected_version)
        )

    @mutation(WRITE, description="Delete a payment method that nothing was paid with.")
    async def payment_method_delete(
        self, info: Info, input: PaymentMethodDeleteInput
    ) -> PaymentMethodDeletePayload:
        id_ = require_key(input.id, "PaymentMethod", "id")
        if isinstance(id_, Problem):
            return PaymentMethodDeletePayload.of(input.id, id_)
        methods = info.context.services.payment_methods
        return PaymentMethodDeletePayload.of(
            input.id, await methods.delete(id_, input.expected_version)
        )
