from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.problems import Invalid
from commerce.customers.kinds import ExtraFieldKind
from commerce.customers.rules.extra_fields import ExtraValue, filled

FIELDS = {
    key: SimpleNamespace(kind=kind, storefront=storefront, required=required)
    for key, kind, storefront, required in (
        ("card", ExtraFieldKind.TEXT, True, True),
        ("since", ExtraFieldKind.DATETIME, True, False),
        ("secret", ExtraFieldKind.TEXT, False, False),
    )
}


def wanted(**values: str | None) -> list[ExtraValue]:
    return [ExtraValue(key, value) for key, value in values.items()]


@pytest.mark.parametrize(
    ("stored", "values", "held"),
    [
        ({}, {"card": " A "}, {"card": " A "}),
        ({"card": "A"}, {"secret": "x"}, {"card": "A", "secret": "x"}),
        ({"card": "A"}, {"card": None}, {}),
        ({"card": "A"}, {"card": " "}, {}),
        ({"gone": "x"}, {"card": "A"}, {"card": "A"}),
        ({}, {"since": "2026-01-31"}, None),
        ({}, {"since": " 2026-01-31T08:00:00Z "}, {"since": "2026-01-31T08:00:00Z"}),
        ({}, {"since": "9999-12-31T23:59:59-14:00"}, None),
    ],
)
def test_what_the_fields_hold_afterwards(
    stored: dict[str, str], values: dict[str, Any], held: dict[str, str] | None
) -> None:
    result = filled(FIELDS, stored, wanted(**values))
    assert isinstance(result, Invalid) if held is None else result == held


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"since": "2026-01-31T08:00:00Z", "secret": "x"}, ("extra_fields", "1", "key")),
        ({"none": "x"}, ("extra_fields", "0", "key")),
        ({"card": None}, ("extra_fields", "0", "value")),
    ],
)
def test_what_the_storefront_cannot_fill(
    values: dict[str, str | None], path: tuple[str, ...]
) -> None:
    problem = filled(FIELDS, {"card": "A"}, wanted(**values), storefront=True)
    assert isinstance(problem, Invalid)
    assert problem.path == path
