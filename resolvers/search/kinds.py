"""What lists are asked with, as GraphQL enums; inputs import them from here, so that they are."""

from commerce.core.criteria import Direction
from commerce.search.kinds import FacetKind, ProductOrderField, ProductPart, VariantOrderField
from resolvers.enums import described

described(Direction, "Which way to sort.", ASC="From low to high.", DESC="From high to low.")
described(
    ProductOrderField,
    "What products can be sorted by. Those without a value come last, whatever the direction.",
    TITLE="The title, whatever its case and accents.",
    PRICE="The lowest price of its variants, as you are shown it.",
    CREATED_AT="When it was added.",
    UPDATED_AT="When it was last changed.",
    PUBLISHED_AT="When it was first active.",
    POSITION="The shop's own order.",
    RELEVANCE="How well it fits what is searched for; only in `search`.",
    CATEGORY_POSITION=(
        "The category's own order; only with a filter by one category."
        " Products of its subcategories come last."
    ),
)
described(
    VariantOrderField,
    "What variants can be sorted by. Those without a value come last, whatever the direction.",
    CREATED_AT="When it was added.",
    UPDATED_AT="When it was last changed.",
    SKU="The stock keeping unit, by its characters.",
    PRICE="The price of one unit, as you are shown it.",
)
described(
    FacetKind,
    "Ways to narrow a list of products down.",
    CATEGORY="The categories they are in, and all above those.",
    BRAND="Who makes them.",
    PRICE="Ranges of their lowest price, with about as many products each.",
    AVAILABILITY="Whether a variant is in stock.",
    OPTION="What their variants are in an option, such as sizes.",
    ATTRIBUTE="The values of a filterable attribute.",
)

__all__ = ["Direction", "FacetKind", "ProductOrderField", "ProductPart", "VariantOrderField"]
described(
    ProductPart,
    "Where words of a product stand.",
    TITLE="Its title.",
    DESCRIPTION="Its description, without markup.",
    SLUG="Its slug.",
    BRAND="The name of its brand.",
    OPTIONS="What its variants are in its options.",
    CATEGORIES="The titles of its categories.",
    TAGS="Its tags.",
    SKU="The stock keeping unit of a variant.",
    BARCODE="The barcode of a variant.",
)

__all__ = ["Direction", "FacetKind", "ProductOrderField", "ProductPart", "VariantOrderField"]
