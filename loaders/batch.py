"""The two shapes of a batch: by key, and a page (or count) of children by parent."""

from asyncio import Future
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, TypeVar

from aiodataloader import DataLoader

from commerce.core.paging import Count, Page, PageArgs

Value = TypeVar("Value")

ByKeys = Callable[[Collection[Any]], Awaitable[Mapping[Any, Value]]]
PagesByParents = Callable[[Collection[int], PageArgs], Awaitable[Mapping[int, Page[Any]]]]
CountsByParents = Callable[[Collection[int], int | None], Awaitable[Mapping[int, Count]]]

NONE = Count(0)


class Loading(Future[Any]):
    """What a loader will have loaded; compiled queries know by it that nothing else is awaited."""


class Loader(DataLoader[Any, Any]):
    """A loader whose futures can be told from others."""

    def load(self, key: Any) -> Future[Any]:
        """Raises TypeError for None, which is nobody's key."""
        if key is None:
            raise TypeError("A loader was asked for None.")
        known = self._cache.get(key)
        if known is not None:
            return known
        future = self._cache[key] = Loading(loop=self.loop)
        self.do_resolve_reject(key, future)
        return future


class ByKeyLoader(Loader):
    """key -> what the repository found for it, else `missing`. One statement per batch."""

    def __init__(self, find: ByKeys[Any], missing: Any = None) -> None:
        super().__init__()
        self._find = find
        self._missing = missing

    async def batch_load_fn(self, keys: list[Any]) -> list[Any]:
        found = await self._find(keys)
        return [found.get(key, self._missing) for key in keys]


class PageByParentLoader(Loader):
    """(parent id, page arguments) -> page. One statement per distinct page arguments."""

    def __init__(self, find: PagesByParents) -> None:
        super().__init__()
        self._find = find

    async def batch_load_fn(self, keys: list[tuple[int, PageArgs]]) -> list[Page[Any]]:
        ids_by_args: defaultdict[PageArgs, list[int]] = defaultdict(list)
        for id_, args in keys:
            ids_by_args[args].append(id_)
        pages = {args: await self._find(ids, args) for args, ids in ids_by_args.items()}
        return [pages[args][id_] for id_, args in keys]


class CountByParentLoader(Loader):
    """(parent id, limit) -> count of children. One statement per distinct limit."""

    def __init__(self, find: CountsByParents) -> None:
        super().__init__()
        self._find = find

    async def batch_load_fn(self, keys: list[tuple[int, int | None]]) -> list[Count]:
        ids_by_limit: defaultdict[int | None, list[int]] = defaultdict(list)
        for id_, limit in keys:
            ids_by_limit[limit].append(id_)
        counts = {limit: await self._find(ids, limit) for limit, ids in ids_by_limit.items()}
        return [counts[limit].get(id_, NONE) for id_, limit in keys]
