"""What Cartino documents and has no meaning in this shop."""

from collections.abc import Iterator
from typing import Final

from commerce.rest.route import Absent

SITES: Final = "There is one shop and one storefront; sandboxes are other servers."
LOYALTY: Final = "There are no points and no loyalty cards; gift cards and promotions are."
REVIEWS: Final = "Products have no reviews here."


def _absent(why: str, *rows: str) -> Iterator[Absent]:
    for row in rows:
        method, path = row.split()
        yield Absent(method, path, why)


ABSENT: Final = (
    *_absent(
        SITES,
        "GET /sites",
        "POST /sites",
        "GET /sites/{id}",
        "PUT /sites/{id}",
        "DELETE /sites/{id}",
        "POST /sites/{id}/publish",
        "GET /sites/{id}/statistics",
        "GET /sites/{id}/channels",
        "POST /sites/{id}/channels",
        "GET /channels",
        "GET /channels/{id}",
        "PUT /channels/{id}",
        "DELETE /channels/{id}",
        "POST /channels/{id}/activate",
        "POST /channels/{id}/deactivate",
        "GET /channels/{id}/statistics",
    ),
    *_absent(
        LOYALTY,
        "GET /customers/{id}/fidelity-card",
        "POST /fidelity-cards/{id}/earn",
        "POST /fidelity-cards/{id}/redeem",
        "GET /fidelity-cards/{id}/transactions",
        "GET /fidelity-transactions/{id}",
        "GET /loyalty/card",
        "GET /loyalty/transactions",
        "POST /loyalty/redeem",
        "GET /fidelity",
        "POST /fidelity",
        "GET /fidelity/configuration",
        "GET /fidelity/transactions",
        "POST /fidelity/calculate-points",
        "POST /fidelity/find-card",
        "GET /admin/fidelity/cards",
        "GET /admin/fidelity/cards/{card}",
        "PUT /admin/fidelity/cards/{card}",
        "POST /admin/fidelity/cards/{card}/add-points",
        "POST /admin/fidelity/redeem-points",
        "GET /admin/fidelity/statistics",
        "POST /admin/fidelity/expire-points",
    ),
    *_absent(REVIEWS, "GET /products/{id}/reviews"),
)
