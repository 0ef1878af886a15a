"""The words of the store's settings as GraphQL enums; types import them from here."""

from commerce.pricing.rules.amounts import RoundingMode, RoundingStage
from commerce.store.kinds import LengthUnit, PageKind, VolumeUnit, WeightUnit
from resolvers.enums import described

described(
    PageKind,
    "What a page is about.",
    LEGAL_NOTICE="Who runs the store.",
    TERMS="Terms and conditions.",
    PRIVACY="What happens to personal data.",
    REVOCATION="How to send goods back.",
    SHIPPING="What shipping and paying cost.",
    ABOUT="About the store.",
    CONTACT="How to reach it.",
    FAQ="Questions that are often asked.",
    OTHER="Anything else.",
)
described(
    WeightUnit,
    "What weights are shown in.",
    GRAM="Grams.",
    KILOGRAM="Kilograms.",
    OUNCE="Ounces.",
    POUND="Pounds.",
    CARAT="Carats.",
)
described(
    LengthUnit,
    "What lengths are shown in.",
    MILLIMETRE="Millimetres.",
    CENTIMETRE="Centimetres.",
    METRE="Metres.",
    INCH="Inches.",
    YARD="Yards.",
)
described(
    VolumeUnit,
    "What volumes are shown in.",
    MILLILITRE="Millilitres.",
    LITRE="Litres.",
    CUBIC_METRE="Cubic metres.",
    FLUID_OUNCE="Fluid ounces.",
    GALLON="Gallons.",
)
described(
    RoundingMode,
    "Which way amounts are rounded.",
    HALF_UP="To the nearest; halves up.",
    HALF_EVEN="To the nearest; halves to the even neighbour.",
    UP="Up.",
    DOWN="Down.",
)
described(
    RoundingStage,
    "When amounts are rounded.",
    TOTAL="Once, for the whole.",
    LINE="For each line, before they are added up.",
)

__all__ = [
    "LengthUnit",
    "PageKind",
    "RoundingMode",
    "RoundingStage",
    "VolumeUnit",
    "WeightUnit",
]
