"""The two shapes of a batch: by key, and a page (or count) of children by parent."""

from asyncio import AbstractEventLoop, Future
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


class _Answer:
    """What is loaded for one key. Everybody who asks for it gets a future of his own: graphql-core
    cancels what is beside a field that fails, and another field may wait for the same key.

    To the loader it is the only future, which nobody cancels.
    """

    __slots__ = ("_error", "_settled", "_value", "_waiting")

    def __init__(self) -> None:
        self._waiting: list[Loading] = []
        self._settled = False
        self._value: Any = None
        self._error: Exception | None = None

    def future(self, loop: AbstractEventLoop) -> Loading:
        future = Loading(loop=loop)
        if self._settled:
            self._settle(future)
        else:
            self._waiting.append(future)
        return future

    def done(self) -> bool:
        return self._settled

    def set_result(self, value: Any) -> None:
        self._value = value
        self._settle_all()

    def set_exception(self, error: Exception) -> None:
        self._error = error
        self._settle_all()

    def _settle_all(self) -> None:
        self._settled = True
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                self._settle(future)

    def _settle(self, future: Loading) -> None:
        if self._error is None:
            future.set_result(self._value)
        else:
            future.set_exception(self._error)


class Loader(DataLoader[Any, Any]):
    """A loader whose futures can be told from others, and are not shared."""

    def load(self, key: Any) -> Future[Any]:
        """Raises TypeError for None, which is nobody's key."""
        if key is None:
            raise TypeError("A loader was asked for None.")
        answer: Any = self._cache.get(key)  # of this kind, whatever the library says
        if answer is None:
            answer = self._cache[key] = _Answer()  # type: ignore[assignment]  # as much as is used
            self.do_resolve_reject(key, answer)
        return answer.future(self.loop)  # type: ignore[no-any-return]  # see there


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
