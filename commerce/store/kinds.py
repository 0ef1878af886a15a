"""The closed sets of words that the store's settings use."""

from enum import Enum


class PageKind(Enum):
    """What a page is about; those of the law come first."""

    LEGAL_NOTICE = "legal_notice"
    TERMS = "terms"
    PRIVACY = "privacy"
    REVOCATION = "revocation"
    SHIPPING = "shipping"
    ABOUT = "about"
    CONTACT = "contact"
    FAQ = "faq"
    OTHER = "other"


class WeightUnit(Enum):
    GRAM = "g"
    KILOGRAM = "kg"
    OUNCE = "oz"
    POUND = "lb"
    CARAT = "ct"


class LengthUnit(Enum):
    MILLIMETRE = "mm"
    CENTIMETRE = "cm"
    METRE = "m"
    INCH = "in"
    YARD = "yd"


class VolumeUnit(Enum):
    MILLILITRE = "ml"
    LITRE = "l"
    CUBIC_METRE = "m3"
    FLUID_OUNCE = "fl_oz"
    GALLON = "gal"
