"""The columns of the format: what each means here, and how its text becomes a value.

Every column is a row of one of the tables below. A parser raises `ValueError` with words that
follow "Variant Price ": "must not be negative".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from commerce.catalog.kinds import BackorderPolicy, ProductStatus

MAX_WHOLE: Final = 2**31 - 1
TRUE: Final = frozenset({"true", "yes", "1"})
FALSE: Final = frozenset({"false", "no", "0"})
POLICIES: Final = {"deny": BackorderPolicy.DENY, "continue": BackorderPolicy.ALLOW}
STATUSES: Final = {
    "active": ProductStatus.ACTIVE,
    "draft": ProductStatus.DRAFT,
    "archived": ProductStatus.ARCHIVED,
}
WEIGHT_UNITS: Final = frozenset({"g", "kg", "oz", "lb"})

FORMULA_SIGNS: Final = frozenset("=+-@\t\r")

HANDLE: Final = "Handle"
OPTION_COUNT: Final = 3


@dataclass(frozen=True, slots=True)
class Column:
    """`name` in the file, `field` it fills here; `blank` is what an empty cell stands for.

    A column with `skip_blank` leaves the field alone where the cell is empty.
    """

    name: str
    field: str
    parse: Callable[[str], Any]
    blank: Any = ""
    skip_blank: bool = False


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: `=1+1` becomes `'=1+1`."""
    return f"'{text}" if text[:1] in FORMULA_SIGNS or text.startswith("'") else text


def meant(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA_SIGNS | {"'"} else text


def flag(text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError("must be true or false")


def whole(text: str) -> int:
    try:
        number = int(text.strip())
    except ValueError:
        raise ValueError("must be a whole number") from None
    if not 0 <= number <= MAX_WHOLE:
        raise ValueError("must be from 0 to 2147483647")
    return number


def amount(text: str) -> Decimal:
    """`1234.50`. A comma could mean thousands or decimals, so it is refused."""
    plain = text.strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError("must be a number with a decimal point, such as 9.99") from None
    if not number.is_finite() or "_" in plain:
        raise ValueError("must be a number with a decimal point, such as 9.99")
    if number < 0:
        raise ValueError("must not be negative")
    return number


def words(text: str) -> str:
    if "\x00" in text:
        raise ValueError("contains a NUL character")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("is not UTF-8")
    return text.strip()


def optional(text: str) -> str | None:
    return words(text) or None


def tags(text: str) -> list[str]:
    return [tag.strip() for tag in words(text).split(",") if tag.strip()]


def one_of(table: Mapping[str, Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        word = text.strip().lower()
        if word not in table:
            raise ValueError(f"must be one of {', '.join(table)}")
        return table[word]

    return parse


def unit(text: str) -> str:
    return str(one_of({name: name for name in sorted(WEIGHT_UNITS)})(text))


def tracked(text: str) -> bool:
    """A variant is counted by whoever is named; nobody means it is always for sale."""
    return bool(words(text))


PRODUCT: Final = (
    Column("Title", "title", words, skip_blank=True),
    Column("Body (HTML)", "description_html", words),
    Column("Vendor", "vendor", words),
    Column("Type", "product_type", words),
    Column("Tags", "tags", tags, blank=()),
    Column("Published", "published", flag, skip_blank=True),
    Column("Status", "status", one_of(STATUSES), skip_blank=True),
    Column("SEO Title", "seo_title", words),
    Column("SEO Description", "seo_description", words),
    Column("Collection", "collection", words, skip_blank=True),
)
VARIANT: Final = (
    Column("Variant SKU", "sku", optional, blank=None),
    Column("Variant Grams", "weight_grams", whole, skip_blank=True),
    Column("Variant Inventory Tracker", "track_stock", tracked, blank=False),
    Column("Variant Inventory Qty", "stock", whole, skip_blank=True),
    Column("Variant Inventory Policy", "backorder", one_of(POLICIES), skip_blank=True),
    Column("Variant Price", "price", amount, skip_blank=True),
    Column("Variant Compare At Price", "compare_at", amount, blank=None),
    Column("Variant Requires Shipping", "requires_shipping", flag, skip_blank=True),
    Column("Variant Taxable", "taxable", flag, skip_blank=True),
    Column("Variant Barcode", "barcode", optional, blank=None),
    Column("Variant Image", "image_url", optional, skip_blank=True),
    Column("Variant Weight Unit", "weight_unit", unit, skip_blank=True),
    Column("Variant Tax Code", "tax_code", words),
    Column("Cost per item", "cost", amount, blank=None),
)
MEDIA: Final = (
    Column("Image Src", "url", words, skip_blank=True),
    Column("Image Position", "position", whole, skip_blank=True),
    Column("Image Alt Text", "alt", words),
)
OPTION_COLUMNS: Final = tuple(
    f"Option{place} {part}" for place in range(1, OPTION_COUNT + 1) for part in ("Name", "Value")
)
# Part of the format, without a meaning here.
IGNORED: Final = frozenset(
    {"Variant Fulfillment Service", "Gift Card", "Product Category", "Import Problem"}
)
IGNORED_PREFIX: Final = "Google Shopping / "

KNOWN: Final = frozenset(
    {HANDLE, *OPTION_COLUMNS, *IGNORED, *(column.name for column in PRODUCT + VARIANT + MEDIA)}
)


def is_known(name: str) -> bool:
    return name in KNOWN or name.startswith(IGNORED_PREFIX)
