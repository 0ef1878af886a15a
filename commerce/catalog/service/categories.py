"""Reading categories and changing them and their tree."""

from collections.abc import Sequence

from commerce.catalog.kinds import BranchStrategy, DeletedKind
from commerce.catalog.problems import CategoryCycle, CategoryHasChildren
from commerce.catalog.repository.categories import CategoryRepository, CategoryRow
from commerce.catalog.repository.category_tree import CategoryTreeRepository
from commerce.catalog.repository.memberships import MembershipRepository
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.rules.categories import CategoryFilter
from commerce.catalog.rules.order import arranged
from commerce.catalog.rules.slugged import cleaned_slugged
from commerce.catalog.service.memberships import GroupService
from commerce.catalog.service.slugged import Values
from commerce.core.absent import ABSENT, Absent
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Problem


class CategoryService(GroupService):
    def __init__(
        self,
        categories: CategoryRepository,
        tree: CategoryTreeRepository,
        slugs: SlugRepository,
        members: MembershipRepository,
        tombstones: TombstoneRepository,
    ) -> None:
        super().__init__(categories, slugs, members)
        self._categories = categories
        self._tree = tree
        self._tombstones = tombstones

    async def page(self, where: CategoryFilter, args: PageArgs) -> Page[CategoryRow]:
        return await self._categories.page(where, args)

    async def count(self, where: CategoryFilter, limit: int | None) -> Count:
        return await self._categories.count(where, limit)

    async def create(
        self, values: Values, parent_id: int | None = None, position: int | None = None
    ) -> CategoryRow | Problem:
        """Add one below `parent_id` (None: a root), behind its siblings or at `position`.

        Without a slug it gets the first free one made of its title: `shoes`, `shoes-2`.
        """
        await self._tree.lock()
        if parent_id is not None and not await self._tree.is_live(parent_id):
            return self._missing("parent_id")
        columns = {**cleaned_slugged(values), "parent_id": parent_id}
        columns["position"] = await self._tree.next_position(parent_id)
        added = await self._add_numbered(columns)
        if isinstance(added, Problem) or position is None:
            return added
        siblings = await self._tree.siblings(parent_id)
        await self._tree.place(arranged(siblings, [added.id], position))
        return await self._categories.locked(added.id) or added

    async def update(
        self, id_: int, values: Values, expected_version: int | None = None
    ) -> CategoryRow | Problem:
        """Change the given fields; its place in the tree is changed by `move`."""
        row = await self._locked(id_, expected_version, "id")
        if isinstance(row, Problem):
            return row
        return await self._edit(row, cleaned_slugged(values), None)

    async def move(
        self,
        id_: int,
        parent: int | Absent | None = ABSENT,
        position: int | None = None,
        expected_version: int | None = None,
    ) -> CategoryRow | Problem:
        """Put it with all below it under `parent` (None: among the roots).

        At `position` among its siblings; None means behind them, or where it is if the parent
        stays the same.
        """
        await self._tree.lock()
        row = await self._locked(id_, expected_version, "id")
        if isinstance(row, Problem):
            return row
        parent_id = row.parent_id if parent is ABSENT else parent
        stays = row.parent_id == parent_id
        if stays and position is None:
            return row
        refusal = None if stays or parent_id is None else await self._unfit(id_, parent_id)
        if refusal is not None:
            return refusal
        siblings = await self._tree.siblings(parent_id)
        end = len(siblings)
        order = arranged(siblings, [id_], end if position is None else position)
        shifted = await self._tree.place(order)
        if stays and not shifted:
            return row
        return await self._categories.change(id_, {"parent_id": parent_id})

    async def archive(
        self,
        id_: int,
        strategy: BranchStrategy = BranchStrategy.REFUSE,
        expected_version: int | None = None,
    ) -> Sequence[int] | Problem:
        """The ids of what is archived now and was not before: the category, or its branch."""
        await self._tree.lock()
        row = await self._locked(id_, expected_version, "id")
        if isinstance(row, Problem):
            gone = isinstance(row, NotFound) and await self._tree.is_archived(id_)
            return () if gone else row
        branch = await self._tree.branch(id_)
        if len(branch) > 1 and strategy is BranchStrategy.REFUSE:
            message = f"{len(branch) - 1} categories are below it; archive them with it, or first."
            return CategoryHasChildren(message, ("strategy",))
        await self._tree.archive(branch)
        await self._slugs.forget(self._categories.kind, branch)
        await self._tombstones.add(DeletedKind.CATEGORY, branch)
        return sorted(branch)

    async def _unfit(self, id_: int, parent_id: int) -> Problem | None:
        """Why the category cannot stand below `parent_id`."""
        if parent_id in await self._tree.branch(id_):
            message = "A category cannot stand below itself."
            return CategoryCycle(message, ("parent_id",))
        return None if await self._tree.is_live(parent_id) else self._missing("parent_id")
