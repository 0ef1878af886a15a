"""Pages of the store: the type, the list and the mutations."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog.seo import Seo, SeoInput
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, key_of, node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.store.kinds import PageKind

UNSET: Any = strawberry.UNSET
MADE = frozenset({"id", "database_id", "seo"})  # the other fields are the columns of their name


@strawberry.type(description="A page of words: about the store, its terms.")
class StorePage(Node):
    kind: PageKind = public("What it is about.")
    slug: str = public("Name in addresses, unique.")
    title: str = public("Name for people.")
    body_html: str = public("What it says, as safe HTML.")
    url: str = public("Where it is instead; empty is here.")
    seo: Seo = public("What search engines are told.")
    published: bool = public("Whether the storefront sees it.")
    position: int = public("Its place among the others, the lowest first.")
    external_id: str | None = public("Its id in another system, unique.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "StorePage":
        return cls(
            id=node_id("StorePage", row.id),
            database_id=row.id,
            seo=Seo.of(row),
            **{
                one.name: getattr(row, one.name)
                for one in fields(cls)
                if one.init and one.name not in MADE
            },
        )


def _optional(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(
    description="A page to change (by `id`, `externalId` or `slug`), or to add when there is none."
)
class StorePageUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The page to change; absent, the one with this `externalId` is or, without"
        " that too, the one with this `slug`.",
    )
    kind: PageKind | None = _optional("What it is about; OTHER when absent.")
    slug: str | None = _optional("Name in addresses; made of `title` when absent.")
    title: str | None = _optional("Name for people; required for a new page.")
    body_html: str | None = _optional("What it says; scripts and the like are taken out.")
    url: str | None = _optional("Where it is instead; empty is here.")
    seo: SeoInput | None = _optional("What search engines are told.")
    published: bool | None = _optional("Whether the storefront sees it; not, when absent.")
    position: int | None = _optional("Its place among the others, the lowest first.")
    external_id: str | None = _optional("Its id in another system; null forgets it.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type(description="The page as it is now, or why nothing was changed.")
class StorePageUpsertPayload:
    store_page: StorePage | None = public("The page; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "StorePageUpsertPayload":
        if isinstance(result, Problem):
            return cls(store_page=None, user_errors=[user_error(result)])
        return cls(store_page=StorePage.of(result), user_errors=[])


@strawberry.input(description="A page to delete. Menu items that link to it stay without a link.")
class StorePageDeleteInput:
    id: strawberry.ID = strawberry.field(description="The page.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class StorePageDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, problem: Problem | None) -> "StorePageDeletePayload":
        if problem is not None:
            return cls(deleted_id=None, user_errors=[user_error(problem)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class StorePageQueries:
    @public("A page by its id or its slug.")
    async def store_page(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        slug: Annotated[str | None, strawberry.argument(description="Its slug.")] = None,
    ) -> StorePage | None:
        key = key_of(id, "StorePage")
        if key is not None:
            row = await info.context.loaders.store.page_by_id.load(key)
        elif id is None and slug is not None:
            row = await info.context.services.store_pages.by_slug(slug)
        else:
            row = None
        return None if row is None else StorePage.of(row)

    @public("The store's pages, by position.")
    async def store_pages(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        kind: Annotated[
            PageKind | None, strawberry.argument(description="About this alone.")
        ] = None,
    ) -> Connection[StorePage]:
        scope = list_scope("store_pages", kind)
        paging = Paging(info, scope, first, after, last, before)
        pages = info.context.services.store_pages
        page = await pages.page(kind, paging.args)
        return paging.connection(page, StorePage.of, lambda limit: pages.count(kind, limit))


@strawberry.type
class StorePageMutations:
    @mutation(Scope.WRITE_SETTINGS, description="Add a page, or change the given parts of one.")
    async def store_page_upsert(
        self, info: Info, input: StorePageUpsertInput
    ) -> StorePageUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "StorePage", "id")
        if isinstance(id_, Problem):
            return StorePageUpsertPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("external_id",))
        pages = info.context.services.store_pages
        return StorePageUpsertPayload.of(await pages.upsert(id_, values, input.expected_version))

    @mutation(Scope.WRITE_SETTINGS, description="Delete a page.")
    async def store_page_delete(
        self, info: Info, input: StorePageDeleteInput
    ) -> StorePageDeletePayload:
        id_ = require_key(input.id, "StorePage", "id")
        if isinstance(id_, Problem):
            return StorePageDeletePayload.of(input.id, id_)
        pages = info.context.services.store_pages
        return StorePageDeletePayload.of(input.id, await pages.delete(id_, input.expected_version))
