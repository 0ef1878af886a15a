"""Menus: trees of links to things of the store and elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog import categories, collections, products
from resolvers.catalog.lazy import LazyCategory, LazyCollection, LazyProduct
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, key_of, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow
from resolvers.store.pages import StorePage

UNSET: Any = strawberry.UNSET
SEVERAL = [ListSize(assumed_size=10)]
TARGETS = {
    "product_id": "Product",
    "category_id": "Category",
    "collection_id": "Collection",
    "page_id": "StorePage",
}


@strawberry.type(
    description="An entry of a menu. It links to one thing at most; what is not there, or not for"
    " you, is null."
)
class MenuItem:
    row: strawberry.Private[Any]
    below: strawberry.Private[Mapping[int | None, Sequence[Any]]]
    title: str = public("What it reads.")
    url: str = public("Where it leads; empty when it leads to something of the store, or nowhere.")
    new_tab: bool = public("Whether browsers should open it beside the store.")

    @classmethod
    def all(cls, below: Mapping[int | None, Sequence[Any]], place: int | None) -> "list[MenuItem]":
        """The items right below that of this place; None is the top."""
        return [
            cls(row=row, below=below, title=row.title, url=row.url, new_tab=row.new_tab)
            for row in below.get(place, ())
        ]

    @public("The entries below it.")
    def items(self) -> "list[MenuItem]":
        return MenuItem.all(self.below, self.row.place)

    @public("The product it leads to.")
    async def product(self, info: Info) -> LazyProduct | None:
        loader = info.context.loaders.catalog.product_by_id
        row = await loader.load(self.row.product_id) if self.row.product_id else None
        return None if row is None else products.Product.of(row)

    @public("The category it leads to.")
    async def category(self, info: Info) -> LazyCategory | None:
        loader = info.context.loaders.catalog.category_by_id
        row = await loader.load(self.row.category_id) if self.row.category_id else None
        return None if row is None else categories.Category.of(row)

    @public("The collection it leads to.")
    async def collection(self, info: Info) -> LazyCollection | None:
        loader = info.context.loaders.catalog.collection_by_id
        row = await loader.load(self.row.collection_id) if self.row.collection_id else None
        return None if row is None else collections.Collection.of(row)

    @public("The page it leads to.")
    async def page(self, info: Info) -> StorePage | None:
        loader = info.context.loaders.store.page_by_id
        row = await loader.load(self.row.page_id) if self.row.page_id else None
        return None if row is None else StorePage.of(row)


@strawberry.type(description="A tree of links for a place of the storefront.")
class Menu(FromRow, Node):
    code: str = public("Name for programs, unique: `main`, `footer`.")
    title: str = public("Name for people.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @public("The entries at its top.", directives=SEVERAL)
    async def items(self, info: Info) -> list[MenuItem]:
        below: defaultdict[int | None, list[Any]] = defaultdict(list)
        for row in await info.context.loaders.store.items_by_menu.load(self.database_id):
            below[row.parent].append(row)
        return MenuItem.all(below, None)


@strawberry.input(description="An entry of a menu; it links to one thing at most.")
class MenuItemInput:
    title: str = strawberry.field(description="What it reads.")
    url: str = strawberry.field(
        default="", description="An address (`https:`, `mailto:`, `tel:`) or a path: `/about`."
    )
    product_id: strawberry.ID | None = strawberry.field(default=None, description="A product.")
    category_id: strawberry.ID | None = strawberry.field(default=None, description="A category.")
    collection_id: strawberry.ID | None = strawberry.field(
        default=None, description="A collection."
    )
    page_id: strawberry.ID | None = strawberry.field(default=None, description="A page.")
    new_tab: bool = strawberry.field(
        default=False, description="Whether browsers should open it beside the store."
    )
    items: list["MenuItemInput"] = strawberry.field(
        default_factory=list, description="The entries below it; menus have at most 4 levels."
    )

    def values(self, path: tuple[str, ...]) -> dict[str, Any] | Problem:
        """With keys for ids; `path` leads to it."""
        keys: dict[str, Any] = {}
        for name, kind in TARGETS.items():
            id_ = getattr(self, name)
            keys[name] = None if id_ is None else require_key(id_, kind, *path, name)
            if isinstance(keys[name], Problem):
                return keys[name]
        below = plain_items(self.items, (*path, "items"))
        if isinstance(below, Problem):
            return below
        shown = {"title": self.title, "url": self.url, "new_tab": self.new_tab}
        return {**shown, **keys, "items": below}


def plain_items(
    items: Sequence[MenuItemInput], path: tuple[str, ...]
) -> list[dict[str, Any]] | Problem:
    found = []
    for place, item in enumerate(items):
        values = item.values((*path, str(place)))
        if isinstance(values, Problem):
            return values
        found.append(values)
    return found


@strawberry.input(description="A menu to change (by `id` or `code`), or to add when there is none.")
class MenuUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The menu to change; absent, the one with this code is."
    )
    code: str | None = strawberry.field(
        default=UNSET, description="Name for programs; made of `title` when absent."
    )
    title: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new menu."
    )
    items: list[MenuItemInput] | None = strawberry.field(
        default=UNSET, description="All its entries, at most 300; replaces those before."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The menu as it is now, or why nothing was changed.")
class MenuUpsertPayload:
    menu: Menu | None = public("The menu; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "MenuUpsertPayload":
        if isinstance(result, Problem):
            return cls(menu=None, user_errors=[user_error(result)])
        return cls(menu=Menu.of(result), user_errors=[])


@strawberry.input(description="A menu to delete.")
class MenuDeleteInput:
    id: strawberry.ID = strawberry.field(description="The menu.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class MenuDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, problem: Problem | None) -> "MenuDeletePayload":
        if problem is not None:
            return cls(deleted_id=None, user_errors=[user_error(problem)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class MenuQueries:
    @public("A menu by its id or its code.")
    async def menu(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        code: Annotated[str | None, strawberry.argument(description="Its code.")] = None,
    ) -> Menu | None:
        key = key_of(id, "Menu")
        if key is not None:
            row = await info.context.loaders.store.menu_by_id.load(key)
        elif id is None and code is not None:
            row = await info.context.services.menus.by_code(code)
        else:
            row = None
        return None if row is None else Menu.of(row)

    @public("The store's menus, by code.")
    async def menus(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Menu]:
        paging = Paging(info, "menus", first, after, last, before)
        menus = info.context.services.menus
        return paging.connection(await menus.page(paging.args), Menu.of, menus.count)


@strawberry.type
class MenuMutations:
    @mutation(Scope.WRITE_SETTINGS, description="Add a menu, or change the given parts of one.")
    async def menu_upsert(self, info: Info, input: MenuUpsertInput) -> MenuUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "Menu", "id")
        if isinstance(id_, Problem):
            return MenuUpsertPayload.of(id_)
        values = given(input, "id", "expected_version")
        items = values.pop("items", None)
        plain = None if items is None else plain_items(items, ("items",))
        if isinstance(plain, Problem):
            return MenuUpsertPayload.of(plain)
        menus = info.context.services.menus
        return MenuUpsertPayload.of(await menus.upsert(id_, values, plain, input.expected_version))

    @mutation(Scope.WRITE_SETTINGS, description="Delete a menu.")
    async def menu_delete(self, info: Info, input: MenuDeleteInput) -> MenuDeletePayload:
        id_ = require_key(input.id, "Menu", "id")
        if isinstance(id_, Problem):
            return MenuDeletePayload.of(input.id, id_)
        menus = info.context.services.menus
        return MenuDeletePayload.of(input.id, await menus.delete(id_, input.expected_version))
