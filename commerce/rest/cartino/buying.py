"""Everything from the cart to the order that was sent."""

from typing import Final

from commerce.rest.cartino.cart.routes import ROUTES as CART
from commerce.rest.cartino.checkout.routes import ROUTES as CHECKOUT
from commerce.rest.cartino.discounts.routes import ROUTES as DISCOUNTS
from commerce.rest.cartino.orders.routes import ROUTES as ORDERS
from commerce.rest.cartino.payments.routes import ROUTES as PAYMENTS
from commerce.rest.cartino.shipping.routes import ROUTES as SHIPPING

ROUTES: Final = (*ORDERS, *CART, *CHECKOUT, *DISCOUNTS, *PAYMENTS, *SHIPPING)
