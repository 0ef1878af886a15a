"""Tax classes: the type, the list and the mutations."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.taxes.criteria import ClassWhere
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.filters import IDFilter, StringFilter, keys_wanted, optional, wanted_of
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, key_of, node_id, require_key
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow

READ, WRITE = Scope.READ_SETTINGS, Scope.WRITE_SETTINGS
UNSET: Any = strawberry.UNSET


@strawberry.type(description="Goods that are taxed alike.")
class TaxClass(FromRow, Node):
    name: str = public("Name for people, unique.")
    code: str = public("Name for programs, unique; tax services are told it.")
    is_default: bool = public("Whether it is the one of products that name none.")
    external_id: str | None = requires(READ, description="Its id in another system, unique.")
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")


@strawberry.input(description="Which tax classes; every given part must hold.")
class TaxClassWhere:
    id: IDFilter | None = optional("Their id.")
    name: StringFilter | None = optional("Their name.")
    code: StringFilter | None = optional("Their name for programs.")
    external_id: StringFilter | None = optional("Their id in another system.")

    def wanted(self) -> ClassWhere:
        return ClassWhere(
            keys_wanted(self.id, "TaxClass"),
            wanted_of(self.name),
            wanted_of(self.code),
            wanted_of(self.external_id),
        )


@strawberry.input(
    description="A class to change (by `id`, `externalId` or `code`), or to add when there is none."
)
class TaxClassUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The class to change; absent, the one with this `externalId` is or, without"
        " that too, the one with this `code`.",
    )
    name: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new class."
    )
    code: str | None = strawberry.field(
        default=UNSET, description="Name for programs; a new class gets one made of its name."
    )
    is_default: bool | None = strawberry.field(
        default=UNSET, description="True takes the place of the default class."
    )
    external_id: str | None = strawberry.field(
        default=UNSET, description="Its id in another system; null forgets it."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The class as it is now, or why nothing was changed.")
class TaxClassUpsertPayload:
    tax_class: TaxClass | None = public("The class; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "TaxClassUpsertPayload":
        if isinstance(result, Problem):
            return cls(tax_class=None, user_errors=[user_error(result)])
        return cls(tax_class=TaxClass.of(result), user_errors=[])


@strawberry.input(
    description="A class to delete, with the rates that are on it; its products are of the default"
    " class from then on, which itself stays."
)
class TaxClassDeleteInput:
    id: strawberry.ID = strawberry.field(description="The class.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class TaxClassDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "TaxClassDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("TaxClass", result), user_errors=[])


@strawberry.type
class TaxClassQueries:
    @requires(READ, description="A tax class by its id.")
    async def tax_class(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> TaxClass | None:
        key = key_of(id, "TaxClass")
        row = None if key is None else await info.context.loaders.taxes.class_by_id.load(key)
        return None if row is None else TaxClass.of(row)

    @requires(READ, description="Tax classes, in the order they were added.")
    async def tax_classes(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            TaxClassWhere | None,
            strawberry.argument(description="Which ones; absent means all."),
        ] = None,
    ) -> Connection[TaxClass]:
        wanted = ClassWhere() if where is None else where.wanted()
        paging = Paging(info, list_scope("tax_classes", wanted), first, after, last, before)
        classes = info.context.services.tax_classes
        page = await classes.page(wanted, paging.args)
        return paging.connection(page, TaxClass.of, lambda limit: classes.count(wanted, limit))


@strawberry.type
class TaxClassMutations:
    @mutation(WRITE, description="Add a tax class, or change the given parts of one.")
    async def tax_class_upsert(
        self, info: Info, input: TaxClassUpsertInput
    ) -> TaxClassUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "TaxClass", "id")
        if isinstance(id_, Problem):
            return TaxClassUpsertPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("external_id",))
        classes = info.context.services.tax_classes
        return TaxClassUpsertPayload.of(await classes.upsert(id_, values, input.expected_version))

    @mutation(WRITE, description="Delete a tax class; its products are of the default one then.")
    async def tax_class_delete(
        self, info: Info, input: TaxClassDeleteInput
    ) -> TaxClassDeletePayload:
        id_ = require_key(input.id, "TaxClass", "id")
        if isinstance(id_, Problem):
            return TaxClassDeletePayload.of(id_)
        classes = info.context.services.tax_classes
        return TaxClassDeletePayload.of(await classes.delete(id_, input.expected_version))
