"""The two shapes of a batch: by key, and a page (or count) of children by parent."""

from asyncio import AbstractEventLoop, Future
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
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
    """

    __slots__ = ("_error", "_settled", "_value", "_waiting", "key")

    def __init__(self, key: Any) -> None:
        self.key = key
        self._waiting: list[Loading] = []
        self._settled = False
        self._value: Any = None
        self._error: Exception | None = None

    def future(self, loop: AbstractEventLoop) -> Loading:
        future = Loading(loop=loop)
        if not self._settled:
            self._waiting.append(future)
        elif self._error is None:
            future.set_result(self._value)
        else:
            future.set_exception(self._error)
        return future

    def settle(self, value: Any) -> None:
        self._settled, self._value = True, value
        for future in self._waiting:
            if not future.done():
                future.set_result(value)
        self._waiting.clear()

    def fail(self, error: Exception) -> None:
        self._settled, self._error = True, error
        for future in self._waiting:
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()


class Loader(DataLoader[Any, Any]):
    """A loader whose futures can be told from others, and are not shared.

    It asks as the library does, when nobody has anything to add any more: in shorter steps, since
    a page asks for hundreds of keys.
    """

    # Of answers, where the library has futures.
    _cache: Any
    _queue: Any

    def load(self, key: Any) -> Future[Any]:
        """Raises TypeError for None, which is nobody's key."""
        if key is None:
            raise TypeError("A loader was asked for None.")
        answer: _Answer | None = self._cache.get(key)
        if answer is None:
            answer = self._cache[key] = _Answer(key)
            queue = self._queue
            queue.append(answer)
            if len(queue) == 1:  # two turns of the loop: what is woken in the next may ask, too
                self.loop.call_soon(self.loop.call_soon, self._ask)
        return answer.future(self.loop)

    def _ask(self) -> None:
        asked, self._queue = self._queue, []
        self._asking = self.loop.create_task(self._answered(asked))  # kept: loops forget tasks

    async def _answered(self, asked: Sequence[_Answer]) -> None:
        """A batch that fails is forgotten, and fails for all who wait."""
        try:
            values = await self.batch_load_fn([answer.key for answer in asked])
            answered = list(zip(asked, values, strict=True))
        except Exception as error:
            for answer in asked:
                self.clear(answer.key)
                answer.fail(error)
            return
        for answer, value in answered:
            answer.settle(value)


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
