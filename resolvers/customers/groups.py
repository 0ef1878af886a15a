"""Customer groups: the type, the list and the mutations."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.customers.criteria import GroupWhere
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.rules.minimums import Minimum
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.customers import types
from resolvers.customers.kinds import GroupKind
from resolvers.customers.lazy import LazyCustomer
from resolvers.filters import IDFilter, StringFilter, keys_wanted, optional, wanted_of
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, key_of, node_id, require_key
from resolvers.permissions import owner, public, requires
from resolvers.pricing import lists
from resolvers.pricing.lazy import LazyPriceList
from resolvers.problems import UserError, user_error

OfGoods = Annotated[
    Decimal, strawberry.argument(description="What the goods come to, before discounts.")
]
Units = Annotated[int, strawberry.argument(description="How many units there are.")]
READ, WRITE = Scope.READ_CUSTOMERS, Scope.WRITE_CUSTOMERS
UNSET: Any = strawberry.UNSET
NULLABLE = ("external_id", "kind", "min_subtotal", "min_quantity")


@strawberry.type(description="Customers who get the same prices and promotions.")
class CustomerGroup(Node):
    name: str = owner(READ, description="What the shop calls it, unique.")
    external_id: str | None = requires(READ, description="Its id in another system, unique.")
    kind: GroupKind | None = owner(READ, description="What kind of customers it is of, if said.")
    min_subtotal: Decimal | None = owner(
        READ,
        description="They buy no cart with less in goods, before discounts, in whatever currency.",
    )
    min_quantity: int | None = owner(READ, description="They buy no cart with fewer units.")
    built_in: bool = owner(
        READ, description="Whether it is the one of everybody who is in no other group."
    )
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "CustomerGroup":
        return cls(
            id=node_id("CustomerGroup", row.id),
            database_id=row.id,
            name=row.name,
            external_id=row.external_id,
            kind=row.kind,
            min_subtotal=row.min_subtotal,
            min_quantity=row.min_quantity,
            built_in=row.id == GENERAL_GROUP,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @owner(READ, description="What an order of so much lacks for its customers, in words.")
    def order_flaws(self, subtotal: OfGoods, quantity: Units) -> list[str]:
        return list(Minimum(self.min_subtotal, self.min_quantity).missed_by(subtotal, quantity))

    @requires(
        Scope.READ_PRICES,
        description="The price lists that are for it alone, by code.",
        directives=[ListSize(assumed_size=5)],
    )
    async def price_lists(self, info: Info) -> list[LazyPriceList]:
        rows = await info.context.loaders.pricing.lists_of_group.load(self.database_id)
        return [lists.PriceList.of(row) for row in rows]

    @requires(READ, description="Its customers, the newest first.")
    async def customers(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyCustomer]:
        loaders, id_ = info.context.loaders.customers, self.database_id
        paging = Paging(info, "customer_group.customers", first, after, last, before)
        page = await loaders.group_customer_pages.load((id_, paging.args))
        return paging.connection(
            page,
            types.Customer.of,
            lambda limit: loaders.group_customer_counts.load((id_, limit)),
        )


@strawberry.input(description="Which customer groups; every given part must hold.")
class CustomerGroupWhere:
    id: IDFilter | None = optional("Their id.")
    name: StringFilter | None = optional("Their name.")
    external_id: StringFilter | None = optional("Their id in another system.")

    def wanted(self) -> GroupWhere:
        return GroupWhere(
            ids=keys_wanted(self.id, "CustomerGroup"),
            name=wanted_of(self.name),
            external_id=wanted_of(self.external_id),
        )


@strawberry.input(
    description="A group to change (by `id`, `externalId` or `name`), or to add when there is none."
)
class CustomerGroupUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The group to change; absent, the one with this `externalId` is or, without"
        " that too, the one with this name.",
    )
    name: str | None = strawberry.field(
        default=UNSET, description="What the shop calls it; required for a new group."
    )
    external_id: str | None = strawberry.field(
        default=UNSET, description="Its id in another system; null forgets it."
    )
    kind: GroupKind | None = strawberry.field(
        default=UNSET, description="What kind of customers it is of; null says nothing."
    )
    min_subtotal: Decimal | None = strawberry.field(
        default=UNSET,
        description="The least in goods that is bought at once, before discounts and in whatever "
        "currency; null for none.",
    )
    min_quantity: int | None = strawberry.field(
        default=UNSET, description="The fewest units that are bought at once; null for none."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The group as it is now, or why nothing was changed.")
class CustomerGroupUpsertPayload:
    customer_group: CustomerGroup | None = public("The group; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CustomerGroupUpsertPayload":
        if isinstance(result, Problem):
            return cls(customer_group=None, user_errors=[user_error(result)])
        return cls(customer_group=CustomerGroup.of(result), user_errors=[])


@strawberry.input(
    description="A group to delete; its customers go to the built-in one. A group that a price"
    " list is for stays."
)
class CustomerGroupDeleteInput:
    id: strawberry.ID = strawberry.field(description="The group.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class CustomerGroupDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    moved_customers: int = public("How many customers went to the built-in group.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, result: Any) -> "CustomerGroupDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, moved_customers=0, user_errors=[user_error(result)])
        return cls(deleted_id=strawberry.ID(id_), moved_customers=result, user_errors=[])


@strawberry.type
class CustomerGroupQueries:
    @owner(READ, description="A group by its id; your own one if you are a customer.")
    async def customer_group(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> CustomerGroup | None:
        key = key_of(id, "CustomerGroup")
        if key is None:
            return None
        row = await info.context.loaders.customers.group_by_id.load(key)
        return None if row is None else CustomerGroup.of(row)

    @requires(READ, description="Customer groups, the built-in one first, then by age.")
    async def customer_groups(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            CustomerGroupWhere | None,
            strawberry.argument(description="Which ones; absent means all."),
        ] = None,
    ) -> Connection[CustomerGroup]:
        wanted = GroupWhere() if where is None else where.wanted()
        scope = list_scope("customer_groups", wanted)
        paging = Paging(info, scope, first, after, last, before)
        groups = info.context.services.customer_groups
        page = await groups.page(wanted, paging.args)
        return paging.connection(page, CustomerGroup.of, lambda limit: groups.count(wanted, limit))


@strawberry.type
class CustomerGroupMutations:
    @mutation(WRITE, description="Add a customer group, or change the given parts of one.")
    async def customer_group_upsert(
        self, info: Info, input: CustomerGroupUpsertInput
    ) -> CustomerGroupUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "CustomerGroup", "id")
        if isinstance(id_, Problem):
            return CustomerGroupUpsertPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=NULLABLE)
        groups = info.context.services.customer_groups
        return CustomerGroupUpsertPayload.of(
            await groups.upsert(id_, values, input.expected_version)
        )

    @mutation(WRITE, description="Delete a customer group; its customers go to the built-in one.")
    async def customer_group_delete(
        self, info: Info, input: CustomerGroupDeleteInput
    ) -> CustomerGroupDeletePayload:
        id_ = require_key(input.id, "CustomerGroup", "id")
        if isinstance(id_, Problem):
            return CustomerGroupDeletePayload.of(input.id, id_)
        groups = info.context.services.customer_groups
        return CustomerGroupDeletePayload.of(
            input.id, await groups.delete(id_, input.expected_version)
        )
