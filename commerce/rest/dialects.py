"""Every dialect there is."""

from typing import Final

from commerce.rest.cartino.routes import CARTINO
from commerce.rest.ecwid.routes import ECWID
from commerce.rest.litekart.routes import LITEKART
from commerce.rest.litestore.routes import LITESTORE
from commerce.rest.route import Dialect
from commerce.rest.shopkit.routes import SHOPKIT

DIALECTS: Final[tuple[Dialect, ...]] = (LITEKART, LITESTORE, CARTINO, ECWID, SHOPKIT)
