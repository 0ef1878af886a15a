"""How the store taxes shipping."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import key_of
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.taxes.classes import TaxClass
from resolvers.taxes.kinds import ShippingTax

READ, WRITE = Scope.READ_SETTINGS, Scope.WRITE_SETTINGS
UNSET: Any = strawberry.UNSET
NOT_THERE = 0  # a key that no row has


@strawberry.type(description="How the store taxes shipping.")
class TaxSettings:
    shipping_tax: ShippingTax = requires(READ, description="How what shipping costs is taxed.")
    version: int = requires(READ, description="Counts its changes.")
    class_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any) -> "TaxSettings":
        return cls(
            shipping_tax=row.shipping_tax, version=row.version, class_id=row.shipping_class_id
        )

    @requires(READ, description="The class of shipping; null means the default one.")
    async def shipping_class(self, info: Info) -> TaxClass | None:
        if self.class_id is None:
            return None
        row = await info.context.loaders.taxes.class_by_id.load(self.class_id)
        return None if row is None else TaxClass.of(row)


@strawberry.input(description="Changes of how shipping is taxed; what is left out stays.")
class TaxSettingsUpdateInput:
    shipping_tax: ShippingTax | None = strawberry.field(
        default=UNSET, description="How what shipping costs is taxed."
    )
    shipping_class_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The class of shipping; null means the default one."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="How shipping is taxed now, or why nothing was changed.")
class TaxSettingsUpdatePayload:
    tax_settings: TaxSettings | None = public("The set-up; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "TaxSettingsUpdatePayload":
        if isinstance(result, Problem):
            return cls(tax_settings=None, user_errors=[user_error(result)])
        return cls(tax_settings=TaxSettings.of(result), user_errors=[])


@strawberry.type
class TaxSettingsQueries:
    @requires(READ, description="How the store taxes shipping.")
    async def tax_settings(self, info: Info) -> TaxSettings:
        return TaxSettings.of(await info.context.services.tax_settings.settings())


@strawberry.type
class TaxSettingsMutations:
    @mutation(WRITE, description="Say how shipping is taxed.")
    async def tax_settings_update(
        self, info: Info, input: TaxSettingsUpdateInput
    ) -> TaxSettingsUpdatePayload:
        values = given(input, "expected_version", nullable=("shipping_class_id",))
        if values.get("shipping_class_id") is not None:
            values["shipping_class_id"] = (
                key_of(values["shipping_class_id"], "TaxClass") or NOT_THERE
            )
        settings = info.context.services.tax_settings
        return TaxSettingsUpdatePayload.of(await settings.update(values, input.expected_version))
