from commerce.interchange.demo import CATEGORIES, RARE, demo_products


def test_the_catalogue_is_the_same_every_time_and_for_every_size() -> None:
    first = list(demo_products(50))
    assert first == list(demo_products(50))
    assert first == list(demo_products(200))[:50]


def test_slugs_and_skus_are_unique() -> None:
    products = list(demo_products(2000))
    assert len({product.slug for product in products}) == 2000
    assert len({sku for product in products for sku in product.skus}) == 6000


def test_the_rare_word_is_in_one_product_of_twenty() -> None:
    products = list(demo_products(2000))
    hits = [product for product in products if RARE in product.title.lower()]
    assert len(hits) == 100
    assert not any(RARE in product.description_html.lower() for product in products)


def test_it_looks_like_a_shop() -> None:
    products = list(demo_products(2000))
    assert {product.category for product in products} == set(CATEGORIES)
    assert all(len(product.images) == 2 for product in products)
    assert all(len(product.prices) == 3 and min(product.prices) > 0 for product in products)
    lengths = [len(product.description_html) for product in products]
    assert 330 < sum(lengths) / len(lengths) < 420
