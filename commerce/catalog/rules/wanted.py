"""What callers want a product to be. Fields that are `ABSENT` stay as they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from commerce.catalog.kinds import BackorderPolicy, MediaKind
from commerce.core.absent import ABSENT, Absent

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class WantedValue:
    """`Small`, of an option; with `id` that value, which may get another name."""

    name: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WantedOption:
    """`Size` with its values in order; with `id` that option, which may get another name."""

    name: str
    values: Sequence[WantedValue] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WantedMedia:
    """A picture at `url`. Those with a `position` stand in its order, then the others."""

    url: str
    alt: str | Absent = ABSENT
    position: int | None = None
    kind: MediaKind | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedVariant:
    """Found by `id`, else by `sku`, else by its `options`: (name, value) pairs.

    Its picture is one of the product's: the one with `media_id`, or the one at `media_url`, which
    joins the gallery if it isn't there. None takes the picture away. One that `must_be_new` is
    never one that is there.
    """

    id: int | None = None
    options: Choices | Absent = ABSENT
    sku: str | Absent | None = ABSENT
    barcode: str | Absent | None = ABSENT
    weight_grams: int | Absent = ABSENT
    weight_unit: str | Absent = ABSENT
    length_mm: int | Absent | None = ABSENT
    width_mm: int | Absent | None = ABSENT
    height_mm: int | Absent | None = ABSENT
    backorder: BackorderPolicy | Absent = ABSENT
    track_stock: bool | Absent = ABSENT
    requires_shipping: bool | Absent = ABSENT
    taxable: bool | Absent = ABSENT
    tax_code: str | Absent = ABSENT
    origin_country: str | Absent | None = ABSENT
    customs_code: str | Absent | None = ABSENT
    active: bool | Absent = ABSENT
    media_id: int | Absent | None = ABSENT
    media_url: str | Absent | None = ABSENT
    must_be_new: bool = False


VARIANT_COLUMNS: Final = (
    "sku",
    "barcode",
    "weight_grams",
    "weight_unit",
    "length_mm",
    "width_mm",
    "height_mm",
    "backorder",
    "track_stock",
    "requires_shipping",
    "taxable",
    "tax_code",
    "origin_country",
    "customs_code",
    "active",
)
