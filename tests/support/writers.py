"""Services that change products, alone or made to meet others at the worst moment."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, text

from commerce.catalog.repository.names import NameRepository
from commerce.catalog.repository.trees import TreeRepository
from commerce.catalog.service.editing import ProductEditor
from commerce.catalog.service.product_changes import ProductChangeService, ProductParts
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM
from commerce.interchange.service.product_sets import ProductSetService
from commerce.wiring import Services
from tests.support.races import Meeting


class MetTrees(TreeRepository):
    """Writers meet when they have read what they are going to change."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting) -> None:
        super().__init__(uow)
        self._meeting = meeting

    async def locked(self, *args: Any, **more: Any) -> Any:
        found = await super().locked(*args, **more)
        await self._meeting.arrive()
        return found


class FreeTrees(MetTrees):
    """The guard removed: products are read without holding them."""

    def _held(self, statement: Select[Any]) -> Select[Any]:
        return statement


class MetNames(NameRepository):
    """Writers meet when they have seen that a name is free."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting) -> None:
        super().__init__(uow)
        self._meeting = meeting

    async def slugs_in_use(self, slugs: Any) -> frozenset[str]:
        found = await super().slugs_in_use(slugs)
        await self._meeting.arrive()
        return found


class FreeNames(MetNames):
    """The guard removed: names are given without holding them."""

    async def lock(self, slugs: Iterable[str] = (), skus: Iterable[str] = ()) -> None:
        pass


def editor(services: Services, meeting: Meeting, names: Any, trees: Any) -> ProductEditor:
    """An editor with `names` and `trees` of these classes."""
    uow, own = services.uow, services.repositories
    return ProductEditor(names(uow, meeting), trees(uow, meeting), own.writes, services.clock)


def changes(
    services: Services, meeting: Meeting, names: Any = MetNames, trees: Any = MetTrees
) -> ProductChangeService:
    own = editor(services, meeting, names, trees)
    return ProductChangeService(own, services.repositories.references)


def sets(
    services: Services, meeting: Meeting, names: Any = MetNames, trees: Any = MetTrees
) -> ProductSetService:
    own = editor(services, meeting, names, trees)
    lookups = services.repositories.lookups
    return ProductSetService(SYSTEM, own, lookups, services.prices, services.stock)


async def add_product(
    services: Services, title: str = "Shirt", category_ids: Any = (), **values: Any
) -> Any:
    """A product through the service; `options`, `variants` and `media` are its parts."""
    parts = {name: values.pop(name) for name in ("options", "variants", "media") if name in values}
    added = await services.product_changes.create(
        {"title": title, **values}, ProductParts(**parts), category_ids
    )
    assert not isinstance(added, Problem), added
    return added


async def table(uow: UnitOfWork, name: str, columns: str = "*", order: str = "id") -> list[Any]:
    """Rows of a table as plain tuples."""
    return [
        tuple(row) for row in await uow.rows(text(f"SELECT {columns} FROM {name} ORDER BY {order}"))
    ]
