"""A made-up catalogue, the same every time: for trying things out and for measuring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

RARE: Final = "merino"  # a word in the title of one product in twenty, and of no other
RARE_EVERY: Final = 20
SIZES: Final = ("Small", "Medium", "Large")
STOCK: Final = 1_000_000
DESCRIPTION_LENGTH: Final = 400
CATEGORIES: Final = (
    "Shirts", "Jumpers", "Jackets", "Trousers", "Dresses", "Skirts", "Shoes", "Socks", "Hats",
    "Scarves", "Bags", "Belts", "Gloves", "Swimwear", "Nightwear", "Sportswear", "Workwear",
    "Jewellery", "Watches", "Eyewear",
)  # fmt: skip
BRANDS: Final = (
    "Northwind", "Harbour & Son", "Atelier Lumen", "Fjell", "Casa Oliva", "Petit Jour",
    "Old Mill", "Kestrel", "Blue Anchor", "Sorrel",
)  # fmt: skip
COLOURS: Final = (
    "Ocean", "Slate", "Rust", "Ivory", "Moss", "Plum", "Sand", "Charcoal", "Coral", "Indigo",
    "Amber", "Olive",
)  # fmt: skip
FABRICS: Final = ("Linen", "Cotton", "Hemp", "Flannel", "Denim", "Silk", "Corduroy", "Canvas")
NOUNS: Final = (
    "Shirt", "Jumper", "Jacket", "Trousers", "Dress", "Skirt", "Loafers", "Socks", "Cap", "Scarf",
    "Tote", "Belt", "Gloves", "Trunks", "Pyjamas", "Hoodie", "Overalls", "Pendant", "Watch",
    "Sunglasses",
)  # fmt: skip
SENTENCES: Final = (
    "Cut from a mid-weight cloth that softens with every wash.",
    "The seams are felled and the buttons are made of corozo nut.",
    "A relaxed shape leaves room for a layer underneath.",
    "It was designed in a small studio and sewn by people we know by name.",
    "Wear it on a cool morning and fold it away by noon.",
    "The colour is dyed in the yarn, so it stays true for years.",
    "Two inner pockets keep keys and a phone close at hand.",
    "Machine wash at thirty degrees and dry in the shade.",
    "Every piece is checked twice before it leaves the workshop.",
    "The lining is smooth, light and easy to mend.",
)


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One product with a variant for each of `SIZES`, at `prices` in that order."""

    slug: str
    title: str
    description_html: str
    category: str
    brand: str
    tags: Sequence[str]
    images: Sequence[str]
    skus: Sequence[str]
    prices: Sequence[Decimal]


def demo_products(count: int) -> Iterator[DemoProduct]:
    """`count` products; the first ones do not depend on how many follow."""
    for number in range(1, count + 1):
        yield _product(number, Random(number))  # noqa: S311  # no secret: the same every time


def _product(number: int, random: Random) -> DemoProduct:
    kind = random.randrange(len(NOUNS))
    colour = random.choice(COLOURS)
    fabric = RARE.capitalize() if number % RARE_EVERY == 0 else random.choice(FABRICS)
    title = f"{colour} {fabric} {NOUNS[kind]} {number}"
    slug = title.lower().replace(" ", "-")
    base = Decimal(random.randrange(900, 24900, 50)) / 100
    return DemoProduct(
        slug=slug,
        title=title,
        description_html=f"<p>{_description(random)}</p>",
        category=CATEGORIES[kind],
        brand=random.choice(BRANDS),
        tags=(colour.lower(), NOUNS[kind].lower()),
        images=[f"https://images.example/{slug}-{place}.jpg" for place in (1, 2)],
        skus=[f"DEMO-{number:06d}-{size[0]}" for size in SIZES],
        prices=[base + step for step in (0, 2, 4)],
    )


def _description(random: Random) -> str:
    chosen = random.sample(SENTENCES, len(SENTENCES))
    text = ""
    for sentence in chosen:
        if len(text) + len(sentence) > DESCRIPTION_LENGTH:
            break
        text += f"{sentence} "
    return text.strip()
