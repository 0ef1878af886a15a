import datetime
from decimal import Decimal
from typing import Any

import pytest

from commerce.catalog.kinds import AttributeType
from commerce.catalog.rules.attributes import (
    ValueRow,
    WantedValue,
    attribute_flaw,
    cleaned_attribute,
    value_rows,
)

GOOD: dict[str, Any] = {
    "code": "shoe-size",
    "label": "Shoe size",
    "type": AttributeType.NUMBER,
    "unit": "EU",
    "choices": [],
    "position": 0,
}
DAY = datetime.date(2026, 1, 31)


def test_a_good_attribute_has_no_flaw() -> None:
    assert attribute_flaw(GOOD) is None


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"code": ""}, ("code",)),
        ({"code": "Shoe Size"}, ("code",)),
        ({"code": "x" * 65}, ("code",)),
        ({"label": " "}, ("label",)),
        ({"unit": "x" * 33}, ("unit",)),
        ({"position": 2**31}, ("position",)),
        ({"choices": ["S"]}, ("choices",)),
        ({"type": AttributeType.CHOICE}, ("choices",)),
        ({"type": AttributeType.CHOICES, "choices": ["S", ""]}, ("choices", "1")),
        ({"type": AttributeType.CHOICES, "choices": ["S", "M", "s"]}, ("choices", "2")),
        ({"type": AttributeType.CHOICE, "choices": list(map(str, range(1001)))}, ("choices",)),
    ],
)
def test_a_flaw_names_its_field(changes: dict[str, Any], path: tuple[str, ...]) -> None:
    flaw = attribute_flaw({**GOOD, **changes})
    assert flaw is not None
    assert flaw.path == path


def test_words_are_trimmed() -> None:
    given = {"code": " size ", "label": " Size ", "choices": [" very  small "], "filterable": True}
    assert cleaned_attribute(given) == {
        "code": "size",
        "label": "Size",
        "choices": ["very small"],
        "filterable": True,
    }


@pytest.mark.parametrize(
    ("kind", "part", "rows"),
    [
        (AttributeType.TEXT, {"text": " Oak "}, [ValueRow("Oak")]),
        (
            AttributeType.NUMBER,
            {"number": Decimal("41.50")},
            [ValueRow("41.5", number=Decimal("41.50"))],
        ),
        (AttributeType.NUMBER, {"number": Decimal("1E+3")}, [ValueRow("1000", Decimal("1E+3"))]),
        (AttributeType.NUMBER, {"number": Decimal("-0.0")}, [ValueRow("0", Decimal("-0.0"))]),
        (AttributeType.BOOLEAN, {"boolean": False}, [ValueRow("false", boolean=False)]),
        (AttributeType.DATE, {"date": DAY}, [ValueRow("2026-01-31", date=DAY)]),
        (AttributeType.CHOICE, {"choice": "M"}, [ValueRow("M")]),
        (AttributeType.CHOICES, {"choices": ["M", "S"]}, [ValueRow("M"), ValueRow("S")]),
        (AttributeType.CHOICES, {"choices": []}, []),
        (AttributeType.NUMBER, {}, []),
    ],
)
def test_a_value_becomes_the_rows_of_its_type(
    kind: AttributeType, part: dict[str, Any], rows: list[ValueRow]
) -> None:
    assert value_rows(kind, ["S", "M"], WantedValue("size", **part)) == rows


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (AttributeType.TEXT, {"text": " "}),
        (AttributeType.TEXT, {"text": "x" * 2001}),
        (AttributeType.TEXT, {"number": Decimal(1)}),
        (AttributeType.TEXT, {"text": "Oak", "number": Decimal(1)}),
        (AttributeType.NUMBER, {"text": "1"}),
        (AttributeType.NUMBER, {"number": Decimal("1E+400000")}),
        (AttributeType.NUMBER, {"number": Decimal("1E-400000")}),
        (AttributeType.BOOLEAN, {"text": "true"}),
        (AttributeType.DATE, {"text": "2026-01-31"}),
        (AttributeType.CHOICE, {"choice": "XL"}),
        (AttributeType.CHOICE, {"choices": ["S"]}),
        (AttributeType.CHOICES, {"choices": ["S", "XL"]}),
        (AttributeType.CHOICES, {"choices": ["S", "S"]}),
    ],
)
def test_a_value_that_does_not_fit_is_refused(kind: AttributeType, part: dict[str, Any]) -> None:
    assert isinstance(value_rows(kind, ["S", "M"], WantedValue("size", **part)), str)
