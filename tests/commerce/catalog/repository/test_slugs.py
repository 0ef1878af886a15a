from sqlalchemy import select, text
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import SlugRedirect
from commerce.catalog.repository.slugs import SlugMove, SlugRepository, target_of
from commerce.core.db import UnitOfWork


async def redirects(uow: UnitOfWork, kind: Sluggable = Sluggable.PRODUCT) -> dict[str, int]:
    statement = select(SlugRedirect.slug, SlugRedirect.target_id).where(
        col(SlugRedirect.kind) == kind
    )
    return {row.slug: row.target_id for row in await uow.rows(statement)}


async def test_the_old_slug_leads_to_what_had_it(uow: UnitOfWork) -> None:
    slugs = SlugRepository(uow)
    await slugs.moved(Sluggable.PRODUCT, 7, "old", "new")
    assert await redirects(uow) == {"old": 7}
    assert await redirects(uow, Sluggable.BRAND) == {}
    assert await uow.scalar(select(target_of(Sluggable.PRODUCT, "old"))) == 7
    assert await uow.scalar(select(target_of(Sluggable.BRAND, "old"))) is None


async def test_every_former_slug_leads_to_the_same_thing(uow: UnitOfWork) -> None:
    slugs = SlugRepository(uow)
    await slugs.moved(Sluggable.PRODUCT, 7, "one", "two")
    await slugs.moved(Sluggable.PRODUCT, 7, "two", "three")
    assert await redirects(uow) == {"one": 7, "two": 7}


async def test_a_slug_that_comes_back_into_use_leads_nowhere_else(uow: UnitOfWork) -> None:
    slugs = SlugRepository(uow)
    await slugs.moved(Sluggable.PRODUCT, 7, "one", "two")
    await slugs.moved(Sluggable.PRODUCT, 7, "two", "one")
    assert await redirects(uow) == {"two": 7}
    await slugs.used(Sluggable.PRODUCT, ["two"])
    assert await redirects(uow) == {}


async def test_the_last_one_that_had_a_slug_is_found_by_it(uow: UnitOfWork) -> None:
    slugs = SlugRepository(uow)
    await slugs.moved(Sluggable.PRODUCT, 7, "shirt", "red-shirt")
    await slugs.moved(Sluggable.PRODUCT, 8, "shirt", "blue-shirt")
    assert await redirects(uow) == {"shirt": 8}


async def test_things_may_exchange_their_slugs(uow: UnitOfWork) -> None:
    moves = [SlugMove(7, "a", "b"), SlugMove(8, "b", "a"), SlugMove(9, "c", "c")]
    await SlugRepository(uow).moved_all(Sluggable.PRODUCT, moves)
    assert await redirects(uow) == {}


async def test_many_moves_take_two_statements(uow: UnitOfWork, statements: list[str]) -> None:
    moves = [SlugMove(id_, f"old-{id_}", f"new-{id_}") for id_ in range(1, 51)]
    statements.clear()
    await SlugRepository(uow).moved_all(Sluggable.PRODUCT, moves)
    assert len(statements) == 2
    assert await redirects(uow) == {f"old-{id_}": id_ for id_ in range(1, 51)}


async def test_what_is_gone_for_good_is_led_to_no_more(uow: UnitOfWork) -> None:
    slugs = SlugRepository(uow)
    await slugs.moved(Sluggable.BRAND, 7, "old", "new")
    await slugs.moved(Sluggable.BRAND, 8, "older", "newer")
    await slugs.forget(Sluggable.BRAND, [7])
    assert await redirects(uow, Sluggable.BRAND) == {"older": 8}


async def test_nothing_to_move_takes_no_statement(uow: UnitOfWork, statements: list[str]) -> None:
    await uow.scalar(select(text("1")))
    statements.clear()
    await SlugRepository(uow).moved(Sluggable.PRODUCT, 7, "same", "same")
    assert statements == []
