"""The store, as everybody sees it."""

from typing import Final

from commerce.rest.route import Route
from commerce.rest.shopkit.store.reading import FURTHER, STORE, get

ROUTES: Final = (
    Route("GET", "", STORE, flow=get, further=FURTHER, about="The store."),
    Route("GET", "/store", STORE, flow=get, further=FURTHER, seed=False, about="The store."),
)
