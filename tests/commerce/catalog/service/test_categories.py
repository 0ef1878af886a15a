import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.kinds import BranchStrategy, DeletedKind
from commerce.catalog.models import Category, Tombstone
from commerce.catalog.problems import CategoryCycle, CategoryHasChildren
from commerce.catalog.repository.category_tree import CategoryTreeRepository
from commerce.catalog.repository.memberships import in_categories
from commerce.catalog.service.categories import CategoryService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import NotFound, Problem, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import make_category
from tests.support.races import Meeting


@pytest.fixture
def categories(uow: UnitOfWork) -> CategoryService:
    return Services(uow, SYSTEM, system_clock).categories


async def tree(uow: UnitOfWork) -> dict[str, list[str]]:
    """The titles below each title (`` for the roots), in order."""
    rows = await uow.rows(
        select(col(Category.id), col(Category.parent_id), col(Category.title))
        .where(col(Category.archived_at).is_(None))
        .order_by(col(Category.position), col(Category.id))
    )
    titles: dict[int | None, str] = {row.id: row.title for row in rows} | {None: ""}
    below: dict[str, list[str]] = {}
    for row in rows:
        below.setdefault(titles[row.parent_id], []).append(row.title)
    return below


async def test_new_categories_stand_behind_their_siblings_or_where_they_are_put(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    root = await categories.create({"title": "Men"})
    assert not isinstance(root, Problem)
    for title, position in (("Shoes", None), ("Hats", None), ("Shirts", 1), ("Belts", 0)):
        added = await categories.create({"title": title}, root.id, position)
        assert not isinstance(added, Problem)
        assert (added.parent_id, added.version) == (root.id, 1)
        assert position in {None, added.position}
    assert await tree(uow) == {"": ["Men"], "Men": ["Belts", "Shoes", "Shirts", "Hats"]}


async def test_slugs_made_of_the_same_title_are_numbered(categories: CategoryService) -> None:
    added = [await categories.create({"title": "Shoes & more"}) for _ in range(3)]
    assert [getattr(row, "slug", row) for row in added] == [
        "shoes-more",
        "shoes-more-2",
        "shoes-more-3",
    ]
    taken = await categories.create({"title": "Others", "slug": "shoes-more-2"})
    assert isinstance(taken, Problem)
    assert (taken.code, taken.path) == ("SLUG_TAKEN", ("slug",))


async def test_an_archived_category_leaves_its_slug(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    old = await make_category(uow, "Shoes")
    await categories.archive(old.id)
    new = await categories.create({"title": "Shoes"})
    assert not isinstance(new, Problem)
    assert new.slug == "shoes"


async def test_nothing_is_put_below_what_is_not_there(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    old = await make_category(uow, "Old")
    await categories.archive(old.id)
    mover = await make_category(uow, "Mover")
    for parent in (old.id, 999_999):
        for refused in (
            await categories.create({"title": "Lost"}, parent),
            await categories.move(mover.id, parent),
        ):
            assert isinstance(refused, NotFound)
            assert refused.path == ("parent_id",)
    assert await tree(uow) == {"": ["Mover"]}


async def test_a_branch_moves_with_everything_below_it(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    men = await make_category(uow, "Men", position=0)
    women = await make_category(uow, "Women", position=1)
    shoes = await make_category(uow, "Shoes", parent=men)
    await make_category(uow, "Boots", parent=shoes)
    await make_category(uow, "Bags", parent=women)
    moved = await categories.move(shoes.id, women.id, 0)
    assert not isinstance(moved, Problem)
    assert (moved.parent_id, moved.position, moved.version) == (women.id, 0, 2)
    assert await tree(uow) == {
        "": ["Men", "Women"],
        "Women": ["Shoes", "Bags"],
        "Shoes": ["Boots"],
    }
    root = await categories.move(shoes.id, None, 1)
    assert not isinstance(root, Problem)
    assert (root.parent_id, root.position) == (None, 1)
    assert (await tree(uow))[""] == ["Men", "Shoes", "Women"]


async def test_siblings_are_reordered_by_a_move_without_a_new_parent(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    rows = [await make_category(uow, title, position=9) for title in "ABCD"]
    await categories.move(rows[3].id, position=1)
    assert (await tree(uow))[""] == ["A", "D", "B", "C"]


async def test_a_repeated_move_changes_nothing(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    men = await make_category(uow, "Men")
    shoes = await make_category(uow, "Shoes")
    for position in (None, 0):
        first = await categories.move(shoes.id, men.id, position)
        again = await categories.move(shoes.id, men.id, position)
        assert first == again


@pytest.mark.parametrize("target", ["Men", "Shoes", "Boots"])
async def test_a_category_never_stands_below_itself(
    categories: CategoryService, uow: UnitOfWork, target: str
) -> None:
    men = await make_category(uow, "Men")
    shoes = await make_category(uow, "Shoes", parent=men)
    boots = await make_category(uow, "Boots", parent=shoes)
    ids = {"Men": men.id, "Shoes": shoes.id, "Boots": boots.id}
    refused = await categories.move(men.id, ids[target])
    assert isinstance(refused, CategoryCycle)
    assert refused.path == ("parent_id",)
    assert await tree(uow) == {"": ["Men"], "Men": ["Shoes"], "Shoes": ["Boots"]}


async def test_an_older_version_is_not_moved_changed_or_archived(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    men = await make_category(uow, "Men", version=3)
    for refused in (
        await categories.move(men.id, None, 5, expected_version=2),
        await categories.update(men.id, {"title": "Boys"}, expected_version=2),
        await categories.archive(men.id, expected_version=2),
    ):
        assert isinstance(refused, VersionConflict)
        assert refused.current == 3
    assert await tree(uow) == {"": ["Men"]}


async def test_a_category_with_others_below_it_is_archived_only_together_with_them(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    men = await make_category(uow, "Men")
    shoes = await make_category(uow, "Shoes", parent=men)
    boots = await make_category(uow, "Boots", parent=shoes)
    other = await make_category(uow, "Other")
    refused = await categories.archive(men.id)
    assert isinstance(refused, CategoryHasChildren)
    assert "2 categories" in refused.message
    assert await uow.scalar(select(Tombstone.id)) is None
    gone = await categories.archive(men.id, BranchStrategy.ARCHIVE)
    assert gone == sorted([men.id, shoes.id, boots.id])
    assert await tree(uow) == {"": ["Other"]}
    stones = await uow.rows(select(Tombstone.kind, Tombstone.resource_id).order_by(Tombstone.id))
    assert [tuple(stone) for stone in stones] == [(DeletedKind.CATEGORY, id_) for id_ in gone]
    assert other.id not in gone


async def test_archiving_twice_leaves_one_tombstone(
    categories: CategoryService, uow: UnitOfWork
) -> None:
    men = await make_category(uow, "Men")
    assert await categories.archive(men.id) == [men.id]
    assert await categories.archive(men.id) == ()
    assert await uow.scalars(select(Tombstone.resource_id)) == [men.id]
    assert isinstance(await categories.archive(999_999), NotFound)


@pytest.mark.parametrize("size", [1, 30])
async def test_a_branch_of_any_size_is_archived_with_the_same_statements(
    categories: CategoryService, uow: UnitOfWork, statements: list[str], size: int
) -> None:
    root = await make_category(uow, "Root")
    parent = root
    for number in range(size):
        parent = await make_category(uow, f"Below {number}", parent=parent)
    statements.clear()
    gone = await categories.archive(root.id, BranchStrategy.ARCHIVE)
    assert not isinstance(gone, Problem)
    assert len(gone) == size + 1
    assert len(statements) == 6  # lock, category, branch, archive, former slugs, tombstones


class MetTree(CategoryTreeRepository):
    """Both movers have checked the tree before either writes, unless a lock prevents it."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting) -> None:
        super().__init__(uow)
        self._meeting = meeting

    async def branch(self, id_: int) -> Sequence[int]:
        found = await super().branch(id_)
        await self._meeting.arrive()
        return found


class UnguardedTree(MetTree):
    async def lock(self) -> None:
        """Anybody may change the tree at any time."""


async def cross(database: Database, tree_of: type[MetTree]) -> tuple[list[Any], dict[int, Any]]:
    """Move A under B and B under A at the same time; the answers, and the parents then."""
    open_unit = units_on(database)
    async with open_unit() as uow:
        a, b = await uow.transact(lambda: both(uow))
    meeting = Meeting()

    async def move(id_: int, parent: int) -> Any:
        async with open_unit() as uow:
            own = Services(uow, SYSTEM, system_clock).repositories
            service = CategoryService(
                own.categories,
                tree_of(uow, meeting),
                own.slugs,
                in_categories(uow),
                own.tombstones,
            )
            return await uow.transact(
                lambda: service.move(id_, parent),
                keep=lambda answer: not isinstance(answer, Problem),
            )

    answers = await asyncio.gather(move(a, b), move(b, a))
    async with open_unit() as uow:
        rows = await uow.rows(select(Category.id, Category.parent_id))
    return list(answers), {row.id: row.parent_id for row in rows}


async def both(uow: UnitOfWork) -> tuple[int, int]:
    return (await make_category(uow, "A")).id, (await make_category(uow, "B")).id


def roots(parents: dict[int, Any]) -> list[int]:
    return [id_ for id_, parent in parents.items() if parent is None]


async def test_two_crossing_moves_leave_a_tree(database: Database) -> None:
    answers, parents = await cross(database, MetTree)
    assert sum(isinstance(answer, CategoryCycle) for answer in answers) == 1
    assert len(roots(parents)) == 1


async def test_without_the_lock_they_would_make_a_circle(database: Database) -> None:
    answers, parents = await cross(database, UnguardedTree)
    assert not any(isinstance(answer, Problem) for answer in answers)
    assert roots(parents) == []
