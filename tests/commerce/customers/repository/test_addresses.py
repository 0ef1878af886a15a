from commerce.core.db import UnitOfWork
from commerce.core.paging import Count, PageArgs
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from commerce.customers.repository.addresses import AddressRepository
from tests.support.customers import make_address, make_customer, viewer_of

READER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS}))
WRITER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.WRITE_CUSTOMERS}))


async def test_every_way_to_an_address_shows_a_viewer_the_same_ones(uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.example")
    hers = await make_address(uow, ada, is_default_billing=True)
    his = await make_address(uow, bob, is_default_shipping=True)
    both = [ada.id, bob.id]
    for viewer, seen in (
        (viewer_of(ada), {hers.id}),
        (viewer_of(bob), {his.id}),
        (READER, {hers.id, his.id}),
        (WRITER, set()),
        (ANONYMOUS, set()),
    ):
        addresses = AddressRepository(uow, viewer)
        pages = await addresses.pages_by_customer(both, PageArgs())
        counts = await addresses.counts_by_customer(both, None)
        defaults = await addresses.defaults_by_customer(both)
        assert list(pages) == both
        assert {row.id for page in pages.values() for row in page.rows} == seen
        assert {row.id for rows in defaults.values() for row in rows} == seen
        assert set(await addresses.by_ids([hers.id, his.id])) == seen
        assert sum(counts.get(id_, Count(0)).count for id_ in both) == len(seen)


async def test_books_are_locked_for_those_alone_who_may_change_them(uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.example")
    address = await make_address(uow, bob)
    for viewer, allowed in (
        (viewer_of(bob), True),
        (WRITER, True),
        (viewer_of(ada), False),
        (READER, False),
        (ANONYMOUS, False),
    ):
        addresses = AddressRepository(uow, viewer)
        assert await addresses.lock_book(bob.id) is allowed
        assert await addresses.lock_book_of(address.id) == (bob.id if allowed else None)
        assert await addresses.lock_book_of(address.id + 1000) is None
