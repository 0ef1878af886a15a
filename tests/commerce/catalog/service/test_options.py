from typing import Any

import pytest

from commerce.catalog.kinds import OptionStrategy
from commerce.catalog.problems import OptionInUse
from commerce.catalog.rules.wanted import WantedOption, WantedValue, WantedVariant
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.writers import add_product, table

REFUSE, ARCHIVE = OptionStrategy.REFUSE, OptionStrategy.ARCHIVE


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return Services(uow, SYSTEM, system_clock)


def sizes(*names: str) -> list[WantedOption]:
    return [WantedOption("Size", [WantedValue(name) for name in names])]


async def shirt(services: Services, names: str = "SM") -> Any:
    rows = [WantedVariant(options=[("Size", name)], sku=name) for name in names]
    return await add_product(services, variants=rows)


async def live(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    rows = await table(uow, "variants", "archived_at, sku, title")
    return [row[1:] for row in rows if row[0] is None]


async def test_options_are_set_and_names_exchanged(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services)
    (group,) = await table(uow, "option_groups", "id")
    small, medium = await table(uow, "option_values", "id")
    swapped = WantedOption(
        "Fit", [WantedValue("M", small[0]), WantedValue("S", medium[0])], group[0]
    )
    changed = await services.options.set_all(added.id, [swapped], REFUSE)
    assert changed.version == 2  # type: ignore[union-attr]  # no problem
    assert await table(uow, "option_values", "id, name", "position") == [
        (small[0], "M"),
        (medium[0], "S"),
    ]
    assert await live(uow) == [("S", "M"), ("M", "S")]
    assert await services.options.set_all(added.id, [swapped], REFUSE) == changed


async def test_a_new_value_may_have_the_name_of_a_removed_one(
    uow: UnitOfWork, services: Services
) -> None:
    added = await shirt(services, "S")
    await services.options.set_all(added.id, sizes("S", "L"), REFUSE)
    (small,) = [row[0] for row in await table(uow, "option_values", "id, name") if row[1] == "S"]
    renamed = [WantedOption("Size", [WantedValue("L", small), WantedValue("S")])]
    await services.options.set_all(added.id, renamed, REFUSE)
    assert await live(uow) == [("S", "L")]
    assert await table(uow, "option_values", "name", "position") == [("L",), ("S",)]


async def test_what_variants_use_is_removed_only_with_them(
    uow: UnitOfWork, services: Services
) -> None:
    added = await shirt(services)
    refused = await services.options.set_all(added.id, sizes("M"), REFUSE)
    assert refused == OptionInUse("Variants still use S of Size.", ("options",))
    assert await live(uow) == [("S", "S"), ("M", "M")]
    await services.options.set_all(added.id, sizes("M"), ARCHIVE)
    assert await live(uow) == [("M", "M")]
    assert len(await table(uow, "tombstones")) == 1
    assert await table(uow, "option_values", "name") == [("M",)]


async def test_all_options_can_go(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services)
    await services.options.set_all(added.id, [], ARCHIVE)
    assert await live(uow) == [("S", "Default Title")]
    assert await table(uow, "option_groups") == []
    assert await table(uow, "variant_options", "*", "1") == []


async def test_refusals_change_nothing(uow: UnitOfWork, services: Services) -> None:
    added = await shirt(services)
    set_all = services.options.set_all
    assert await set_all(9, sizes("S"), REFUSE) == NotFound(
        "There is no product with this id.", ("product_id",)
    )
    assert await set_all(added.id, sizes("S", "M"), REFUSE, expected_version=7) == VersionConflict(
        "The product is at version 1 by now.", ("expected_version",), 1
    )
    assert await set_all(added.id, sizes(), REFUSE) == Invalid(
        "An option needs at least one value.", ("options", "0", "values")
    )
    assert await table(uow, "products", "version") == [(1,)]


@pytest.mark.parametrize("count", [1, 50])
async def test_it_costs_the_same_for_any_number_of_values(
    services: Services, statements: list[str], count: int
) -> None:
    added = await add_product(
        services,
        variants=[WantedVariant(options=[("Size", str(n))]) for n in range(count)],
    )
    wanted = [
        WantedOption("Colour", [WantedValue(str(n)) for n in range(count)]),
        *sizes(*(str(n) for n in range(count))),
    ]
    statements.clear()
    await services.options.set_all(added.id, wanted, REFUSE)
    # product, options, media, variants, choices; ids; groups changed and added, values, variants,
    # choices, version, result
    assert len(statements) == 13
