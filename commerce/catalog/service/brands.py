"""Reading and changing brands."""

from typing import Any

from commerce.catalog.repository.brands import BrandRepository, BrandRow
from commerce.catalog.rules import clean_html, slug_flaw, slug_of, text_flaw
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, VersionConflict

MAX_NAME = 200


class BrandService:
    def __init__(self, brands: BrandRepository) -> None:
        self._brands = brands

    async def page(self, args: PageArgs) -> Page[BrandRow]:
        return await self._brands.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._brands.count(limit)

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> BrandRow | Problem:
        """Add a brand, or change the one with this id. Only the given values are written."""
        cleaned = _cleaned(values, new=id_ is None)
        flaw = _flaw(cleaned, new=id_ is None)
        if flaw is not None:
            return flaw
        if id_ is None:
            return await self._brands.add(cleaned)
        changed = await self._brands.change(id_, cleaned, expected_version)
        return changed if changed is not None else await self._missed(id_)

    async def _missed(self, id_: int) -> Problem:
        """Why a change found no row."""
        current = await self._brands.version(id_)
        if current is None:
            return NotFound("There is no brand with this id.", ("id",))
        return VersionConflict(
            f"The brand is at version {current} by now.", ("expected_version",), current
        )


def _flaw(values: dict[str, Any], *, new: bool) -> Invalid | None:
    if new or "name" in values:
        flaw = text_flaw(values.get("name") or "", MAX_NAME, "name")
        if flaw is not None:
            return flaw
    slug = values.get("slug")
    return slug_flaw(slug, "slug") if slug is not None else None


def _cleaned(values: dict[str, Any], *, new: bool) -> dict[str, Any]:
    """Sanitised; a new brand without a slug gets one made of its name."""
    cleaned = dict(values)
    if "description_html" in cleaned:
        cleaned["description_html"] = clean_html(cleaned["description_html"])
    if new and "slug" not in cleaned:
        cleaned["slug"] = slug_of(cleaned.get("name") or "")
    return cleaned
