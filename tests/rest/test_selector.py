"""The nine steps that tell a request's dialect, and what follows from their order."""

import pytest

from commerce.rest.selector import (
    Marks,
    Owner,
    Selector,
    family_of,
    names_no_dialect,
    read_hosts,
)

EVERYBODY = [Owner("litekart", True), Owner("litestore", True), Owner("cartino", True)]
OWNERS = {
    ("GET", "/api/products"): EVERYBODY,
    ("GET", "/api/products/7"): [Owner("litestore", True), Owner("cartino", True)],
    ("GET", "/api/products/prod-7"): [Owner("litestore", True)],
    ("GET", "/api/products/featured"): [Owner("litekart", False)],
    ("GET", "/api/orders"): [Owner("litekart", False), Owner("cartino", True)],
    ("GET", "/api/categories"): [Owner("litekart", False), Owner("cartino", False)],
}
SELECTOR = Selector(
    hosts={"api.litestore.com": "litestore", "shop.example": "litekart", "[::1]": "cartino"},
    default="litestore",
    owners=lambda method, path: OWNERS.get((method, path), []),
)
LIST = "/api/products"
VENDOR = "application/vnd.cartino.v1+json"


def told(marks: Marks, key_dialect: str | None = None) -> str:
    return SELECTOR.by_request(marks) or SELECTOR.by_caller(marks, key_dialect)


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("/v1", "shopkit"),
        ("/v1/product", "shopkit"),
        ("/api/v3", "ecwid"),
        ("/api/v3/my-store/products", "ecwid"),
        ("/api/v3/products", "ecwid"),
        ("/api/v1", "cartino"),
        ("/api/v1/products", "cartino"),
        ("/api", None),
        ("/api/products", None),
        ("/api/v2/products", None),
        ("/api/v11/products", None),
        ("/v11/product", None),
        ("/products", None),
    ],
)
def test_step_1_paths_that_one_dialect_alone_owns(path: str, dialect: str | None) -> None:
    assert family_of(path) == dialect


@pytest.mark.parametrize("path", ["/v1/product", "/api/v1/products", "/api/v3/1/products"])
def test_step_1_counts_before_every_other(path: str) -> None:
    marks = Marks("GET", path, "api.litestore.com", "litestore", VENDOR, basic=True, litekart=True)
    assert told(marks, "litekart") == family_of(path)


@pytest.mark.parametrize("name", ["litekart", "litestore", "cartino", "Cartino"])
def test_step_2_the_header_counts_before_host_media_type_and_key(name: str) -> None:
    marks = Marks("GET", LIST, "api.litestore.com", name, VENDOR, litekart=True)
    assert told(marks, "shopkit") == name.lower()


@pytest.mark.parametrize(
    ("path", "name", "unknown"),
    [
        (LIST, "cartino", False),
        (LIST, "", False),
        (LIST, "shopkit", True),  # not one of those that share /api
        (LIST, "nobody", True),
        ("/v1/product", "nobody", False),  # the path has told already
    ],
)
def test_step_2_a_header_that_names_no_contestant_is_unknown(
    path: str, name: str, unknown: bool
) -> None:
    assert names_no_dialect(Marks("GET", path, header=name)) is unknown


@pytest.mark.parametrize(
    ("host", "dialect"),
    [
        ("api.litestore.com", "litestore"),
        ("API.Litestore.com:8443", "litestore"),
        ("shop.example", "litekart"),
        ("[::1]:8000", "cartino"),
    ],
)
def test_step_3_the_host_counts_before_media_type_and_key(host: str, dialect: str) -> None:
    assert told(Marks("GET", LIST, host, accept=VENDOR, basic=True), "cartino") == dialect


@pytest.mark.parametrize(
    "accept", [VENDOR, f"application/json, {VENDOR.upper()};q=0.5", VENDOR.replace("v1", "v2")]
)
def test_step_4_cartinos_media_type_counts_before_the_key(accept: str) -> None:
    assert told(Marks("GET", LIST, accept=accept, litekart=True), "litestore") == "cartino"


@pytest.mark.parametrize("dialect", ["litekart", "litestore", "cartino", "shopkit", "ecwid"])
def test_step_5_the_key_counts_before_litekarts_marks_and_owners(dialect: str) -> None:
    marks = Marks("GET", "/api/products/prod-7", litekart=True)
    assert told(marks, dialect) == dialect


def test_step_5_basic_credentials_without_a_known_key_are_cartinos() -> None:
    assert told(Marks("GET", "/api/products/prod-7", basic=True, litekart=True)) == "cartino"
    assert told(Marks("GET", LIST, basic=True), "litestore") == "litestore"


def test_step_6_a_named_litekart_store_counts_before_owners() -> None:
    assert told(Marks("GET", "/api/products/prod-7", litekart=True)) == "litekart"


@pytest.mark.parametrize(
    ("path", "dialect"),
    [("/api/products/prod-7", "litestore"), ("/api/products/featured", "litekart")],
)
def test_step_7_the_only_owner_of_method_and_path(path: str, dialect: str) -> None:
    assert told(Marks("GET", path)) == dialect


def test_step_8_the_only_one_that_has_it_in_its_seed() -> None:
    assert told(Marks("GET", "/api/orders")) == "cartino"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", LIST),  # in several seeds
        ("GET", "/api/products/7"),
        ("GET", "/api/categories"),  # in nobody's
        ("GET", "/api/nothing"),
        ("DELETE", LIST),
        ("GET", "/api/v2/products"),
    ],
)
def test_step_9_the_servers_default(method: str, path: str) -> None:
    assert told(Marks(method, path)) == "litestore"


def test_the_operators_host_map_is_read() -> None:
    entries = ("api.example.com=litestore", " Shop.example = CARTINO ")
    assert read_hosts(entries) == {"api.example.com": "litestore", "shop.example": "cartino"}


@pytest.mark.parametrize("entry", ["api.example.com", "=cartino", "a=shopkit", "a=nobody", "a="])
def test_a_host_map_entry_of_another_form_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=entry):
        read_hosts([entry])
