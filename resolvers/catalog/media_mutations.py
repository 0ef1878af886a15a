"""Changing the galleries of products."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import strawberry

from commerce.core.problems import Invalid, Problem
from commerce.core.viewer import Scope
from resolvers.catalog import products
from resolvers.catalog.kinds import MediaKind
from resolvers.catalog.lazy import LazyProduct
from resolvers.catalog.media import Media
from resolvers.context import Info
from resolvers.files.pictures import picture_of
from resolvers.inputs import given
from resolvers.mutations import Stepped, at_most, mutation
from resolvers.nodes import key_of, node_id, require_key, require_keys
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error

UNSET: Any = strawberry.UNSET
STAGED = "staged_upload_id"
SOURCES = ("url", "file_id", STAGED)


@strawberry.input(description="A picture or film.")
class MediaInput:
    url: str | None = strawberry.field(
        default=UNSET,
        description="Where it is: an http or https address, or a plain path. This, `fileId` or "
        "`stagedUploadId`.",
    )
    file_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A picture among the files of the store."
    )
    staged_upload_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A picture that was uploaded, to make a file of."
    )
    alt: str | None = strawberry.field(
        default=UNSET, description="What it shows, for those who cannot see it."
    )
    kind: MediaKind | None = strawberry.field(
        default=UNSET, description="What `url` points at; at first a picture."
    )


@strawberry.input(description="Pictures and films to add to a product's gallery.")
class MediaCreateInput:
    product_id: strawberry.ID = strawberry.field(description="The product.")
    media: list[MediaInput] = strawberry.field(
        description="At most 250; what is in the gallery already is changed, not added again."
    )
    position: int | None = strawberry.field(
        default=None,
        description="Bring them together at this place, counted from 0; absent puts new ones last.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.input(description="Parts of a media record to change.")
class MediaUpdateInput:
    id: strawberry.ID = strawberry.field(description="The media record.")
    url: str | None = strawberry.field(
        default=UNSET, description="Where it is: an http or https address, or a plain path."
    )
    alt: str | None = strawberry.field(
        default=UNSET, description="What it shows, for those who cannot see it."
    )
    kind: MediaKind | None = strawberry.field(default=UNSET, description="What `url` points at.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.input(description="Media records of a product to bring together, in this order.")
class MediaReorderInput:
    product_id: strawberry.ID = strawberry.field(description="The product.")
    media_ids: list[strawberry.ID] = strawberry.field(
        description="Media records of the product, each once; the others keep their order."
    )
    position: int = strawberry.field(
        default=0, description="The place of the first of them, counted from 0."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.input(description="Media records to delete.")
class MediaDeleteInput:
    ids: list[strawberry.ID] = strawberry.field(
        description="At most 250; those that are not there are no problem."
    )


@strawberry.type(description="The media records, or why nothing was changed.")
class MediaCreatePayload:
    media: list[Media] = public("As they are now, in the order of the input; empty with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "MediaCreatePayload":
        if isinstance(result, Problem):
            return cls(media=[], user_errors=[user_error(result)])
        return cls(media=[Media.of(row) for row in result], user_errors=[])


@strawberry.type(description="The media record, or why nothing was changed.")
class MediaUpdatePayload:
    media: Media | None = public("The media record as it is now; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "MediaUpdatePayload":
        if isinstance(result, Problem):
            return cls(media=None, user_errors=[user_error(result)])
        return cls(media=Media.of(result), user_errors=[])


@strawberry.type(description="The product, or why nothing was changed.")
class MediaReorderPayload:
    product: LazyProduct | None = public("The product with its gallery; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")


@strawberry.type(description="Which media records were deleted.")
class MediaDeletePayload:
    deleted_ids: list[strawberry.ID] = public("The ids of those that were there.")
    user_errors: list[UserError] = public("Why nothing was changed.")


@strawberry.type
class MediaMutations:
    @requires(
        Scope.WRITE_PRODUCTS,
        description="Add pictures and films to a product's gallery.",
        extensions=[Stepped()],
    )
    async def media_create(self, info: Info, input: MediaCreateInput) -> MediaCreatePayload:
        at_most(input.media, "media")
        product_id = require_key(input.product_id, "Product", "product_id")
        if isinstance(product_id, Problem):
            return MediaCreatePayload.of(product_id)
        items = await addressed(info, input.media)
        if isinstance(items, Problem):
            return MediaCreatePayload.of(items)
        media, position = info.context.services.media, input.position
        result = await info.context.services.uow.transact(
            lambda: media.create(product_id, items, position, input.expected_version),
            keep=lambda result: not isinstance(result, Problem),
        )
        return MediaCreatePayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Change the given parts of a media record.")
    async def media_update(self, info: Info, input: MediaUpdateInput) -> MediaUpdatePayload:
        id_ = require_key(input.id, "Media", "id")
        if isinstance(id_, Problem):
            return MediaUpdatePayload.of(id_)
        values = given(input, "id", "expected_version")
        service = info.context.services.media
        return MediaUpdatePayload.of(await service.update(id_, values, input.expected_version))

    @mutation(Scope.WRITE_PRODUCTS, description="Change the order of a product's gallery.")
    async def media_reorder(self, info: Info, input: MediaReorderInput) -> MediaReorderPayload:
        at_most(input.media_ids, "mediaIds")
        product_id = require_key(input.product_id, "Product", "product_id")
        ids = require_keys(input.media_ids, "Media", "media_ids")
        if isinstance(product_id, Problem) or isinstance(ids, Problem):
            return await _reordered(info, product_id if isinstance(product_id, Problem) else ids)
        service = info.context.services.media
        result = await service.reorder(product_id, ids, input.position, input.expected_version)
        return await _reordered(info, result)

    @mutation(Scope.WRITE_PRODUCTS, description="Delete media records of any products.")
    async def media_delete(self, info: Info, input: MediaDeleteInput) -> MediaDeletePayload:
        at_most(input.ids, "ids")
        keys = {key for id_ in input.ids if (key := key_of(id_, "Media")) is not None}
        gone = await info.context.services.media.delete(sorted(keys))
        return MediaDeletePayload(
            deleted_ids=[node_id("Media", id_) for id_ in gone], user_errors=[]
        )


async def addressed(info: Info, media: Sequence[MediaInput]) -> list[dict[str, Any]] | Problem:
    """What is given for each, with its address; files are made of uploads before anything else."""
    items: list[dict[str, Any]] = []
    for place, one in enumerate(media):
        item = given(one)
        sources = [name for name in SOURCES if name in item]
        if len(sources) != 1:
            message = "Give either an address, a file or an upload."
            return Invalid(message, ("media", str(place), "url"))
        if "url" not in item:
            found = await picture_of(info, item.pop("file_id", None), item.pop(STAGED, None))
            if isinstance(found, Problem):
                return replace(found, path=("media", str(place), *found.path))
            item["url"] = found
        items.append(item)
    return items


async def _reordered(info: Info, result: Any) -> MediaReorderPayload:
    if isinstance(result, Problem):
        return MediaReorderPayload(product=None, user_errors=[user_error(result)])
    row = await info.context.loaders.catalog.product_by_id.load(result)
    product = None if row is None else products.Product.of(row)
    return MediaReorderPayload(product=product, user_errors=[])
