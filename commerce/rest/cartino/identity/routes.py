"""Customers who sign in, and what is theirs."""

from typing import Any, Final

from commerce.rest.cartino.customers.fields import NEW_ADDRESS
from commerce.rest.cartino.customers.routes import ADDRESS_NAMES
from commerce.rest.cartino.identity import inputs, shapes
from commerce.rest.cartino.paging import PAGING
from commerce.rest.route import Ask, Call, Route, Shape, Steps, Variables, itself, nothing

LOGIN: Final = "CartinoLogin"
ME: Final = "CartinoMe"
CONSENT: Final = "CartinoMyConsentSet"


def login(call: Call) -> Steps:
    """Who it is, they are asked themselves."""
    tokens = (yield Ask(LOGIN, inputs.login(call)))["session"]
    holder = yield Ask(ME, {}, tokens["accessToken"])
    return shapes.signed_in(tokens, holder)


def update_me(call: Call) -> Steps:
    """One's words on being written to are noted by themselves, each with its time."""
    node = yield Ask("CartinoMeUpdate", inputs.profile(call))
    for consent in inputs.consents(call):
        node = yield Ask(CONSENT, consent)
    return shapes.updated(node, call)


def _mine(
    method: str,
    path: str,
    operation: str,
    variables: Variables = nothing,
    *,
    shape: Shape = itself,
    **more: Any,
) -> Route:
    path = f"/customers/me{path}"
    return Route(method, path, operation, variables, shape, seed=False, **more)


ROUTES: Final = (
    Route(
        "POST",
        "/auth/login",
        LOGIN,
        body=inputs.LOGIN,
        flow=login,
        further=(ME,),
        problems={"INVALID_CREDENTIALS": shapes.wrong_password},
        seed=False,
        public=True,
        about="Sign a customer in",
    ),
    Route(
        "POST",
        "/auth/logout",
        "CartinoLogout",
        shape=shapes.logged_out,
        seed=False,
        about="Sign a customer out",
    ),
    Route(
        "POST",
        "/customers/register",
        "CartinoRegister",
        inputs.register,
        shapes.registered,
        status=201,
        body=inputs.REGISTER,
        renamed=inputs.NAMES,
        seed=False,
        public=True,
        about="Ask for an account",
    ),
    _mine("GET", "", ME, shape=shapes.me, about="The customer who is signed in"),
    _mine(
        "PUT",
        "",
        "CartinoMeUpdate",
        flow=update_me,
        further=(CONSENT,),
        body=inputs.PROFILE,
        renamed=inputs.NAMES,
        about="Change one's own profile",
    ),
    _mine(
        "GET",
        "/addresses",
        "CartinoMyAddresses",
        inputs.addresses,
        shape=shapes.addresses,
        query=PAGING,
        about="One's own addresses",
    ),
    _mine(
        "POST",
        "/addresses",
        "CartinoMyAddressAdd",
        inputs.address,
        shape=shapes.added,
        status=201,
        body=NEW_ADDRESS,
        renamed=ADDRESS_NAMES,
        about="Add an address of one's own",
    ),
)
