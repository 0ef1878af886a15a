"""Reading and changing media records. The places in a gallery count from 0 without gaps."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.catalog.kinds import DeletedKind, MediaKind
from commerce.catalog.repository.media import MediaRepository, MediaRow
from commerce.catalog.repository.product_versions import ProductVersionRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.rules.gallery import MAX_ALT, MAX_MEDIA
from commerce.catalog.rules.order import arranged, first_repeated
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken, version_conflict
from commerce.core.text import words_flaw
from commerce.core.urls import url_flaw

Values = Mapping[str, Any]
Gallery = Sequence[MediaRow]

PATH: Final = "media"
BLANK: Final[Values] = {"alt": "", "kind": MediaKind.IMAGE}


class MediaService:
    """Every change holds the product, whose version counts it."""

    def __init__(
        self,
        media: MediaRepository,
        products: ProductVersionRepository,
        tombstones: TombstoneRepository,
    ) -> None:
        self._media = media
        self._products = products
        self._tombstones = tombstones

    async def page(self, product_id: int | None, args: PageArgs) -> Page[MediaRow]:
        return await self._media.page(product_id, args)

    async def count(self, product_id: int | None, limit: int | None) -> Count:
        return await self._media.count(product_id, limit)

    async def create(
        self,
        product_id: int,
        wanted: Sequence[Values],
        position: int | None = None,
        expected_version: int | None = None,
    ) -> Gallery | Problem:
        """Add records to a gallery, at its end or together from `position` on; as they are then.

        A record is known by its address: one that is in the gallery already gets what is given
        for it, and moves only if there is a `position`. So a repeated call adds nothing.
        """
        gallery = await self._open(product_id, expected_version)
        if isinstance(gallery, Problem):
            return gallery
        items = [{**item, "url": item["url"].strip()} for item in wanted]
        flaw = _flaw(items, gallery)
        if flaw is not None:
            return flaw
        stored = {row.url: row for row in gallery}
        new = [{**BLANK, **item} for item in items if item["url"] not in stored]
        added = await self._media.add(product_id, new, len(gallery))
        changed = len(added) + await self._media.edit(
            [{**_said(stored[item["url"]]), **item} for item in items if item["url"] in stored]
        )
        ids = {url: row.id for url, row in stored.items()} | added
        chosen = [ids[item["url"]] for item in items]
        order = [row.id for row in gallery] + list(added.values())
        if position is not None:
            order = arranged(order, chosen, position)
        await self._counted(product_id, changed + await self._media.place(order))
        return await self._media.stored(chosen)

    async def update(
        self, id_: int, values: Values, expected_version: int | None = None
    ) -> MediaRow | Problem:
        """Change what is given. `expected_version` is the product's."""
        owners = await self._media.owners([id_])
        gallery = await self._open(owners[id_], expected_version) if owners else ()
        if isinstance(gallery, Problem):
            return gallery
        row = next((row for row in gallery if row.id == id_), None)
        if row is None:
            return NotFound("There is no media record with this id.", ("id",))
        wanted = {**_said(row), **values}
        wanted["url"] = wanted["url"].strip()
        flaw = _item_flaw(wanted)
        if flaw is not None:
            return flaw
        if any(other.url == wanted["url"] for other in gallery if other.id != id_):
            return Taken("The product has this address already.", ("url",))
        await self._counted(row.product_id, await self._media.edit([wanted]))
        return (await self._media.stored([id_]))[0]

    async def reorder(
        self,
        product_id: int,
        ids: Sequence[int],
        position: int = 0,
        expected_version: int | None = None,
    ) -> int | Problem:
        """These together from `position` on, in this order; the others keep theirs around them."""
        gallery = await self._open(product_id, expected_version)
        if isinstance(gallery, Problem):
            return gallery
        order = [row.id for row in gallery]
        flaw = _order_flaw(ids, order)
        if flaw is not None:
            return flaw
        await self._counted(product_id, await self._media.place(arranged(order, ids, position)))
        return product_id

    async def delete(self, ids: Sequence[int]) -> Sequence[int]:
        """Those of `ids` that were there and are no more; the others are no problem."""
        owners = await self._media.owners(ids)
        products = set(owners.values())
        await self._products.locked(products)
        gone = await self._media.remove(list(owners))
        if gone:
            await self._media.close_gaps(products)
            await self._products.touch(products, "media")
            await self._tombstones.add(DeletedKind.MEDIA, gone)
        return gone

    async def _open(self, product_id: int, expected_version: int | None) -> Gallery | Problem:
        """The gallery of the product, which is held by this transaction."""
        versions = await self._products.locked([product_id])
        if product_id not in versions:
            return NotFound("There is no product with this id.", ("product_id",))
        conflict = version_conflict("product", versions[product_id], expected_version)
        return conflict or await self._media.gallery(product_id)

    async def _counted(self, product_id: int, changed: int) -> None:
        if changed:
            await self._products.touch([product_id], "media")


def _said(row: MediaRow) -> dict[str, Any]:
    return {"id": row.id, "url": row.url, "alt": row.alt, "kind": row.kind}


def _flaw(wanted: Sequence[Values], gallery: Gallery) -> Problem | None:
    urls = {row.url for row in gallery}
    urls.update(item["url"] for item in wanted)
    if len(urls) > MAX_MEDIA:
        return Invalid(f"A product has at most {MAX_MEDIA} media records.", (PATH,))
    for place, item in enumerate(wanted):
        flaw = _item_flaw(item, PATH, str(place))
        if flaw is not None:
            return flaw
    repeated = first_repeated(item["url"] for item in wanted)
    if repeated is None:
        return None
    return Invalid("This address was given before.", (PATH, str(repeated), "url"))


def _item_flaw(item: Values, *path: str) -> Problem | None:
    flaw = url_flaw(item["url"], *path, "url")
    return flaw or words_flaw(item.get("alt", ""), MAX_ALT, *path, "alt")


def _order_flaw(ids: Sequence[int], order: Sequence[int]) -> Problem | None:
    known = set(order)
    for place, id_ in enumerate(ids):
        if id_ not in known:
            return NotFound("The product has no such media.", ("media_ids", str(place)))
    repeated = first_repeated(ids)
    if repeated is None:
        return None
    return Invalid("This was named before.", ("media_ids", str(repeated)))
