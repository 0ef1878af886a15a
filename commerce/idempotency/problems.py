"""Why a call with a key is neither done nor answered as before."""

from typing import ClassVar

from commerce.core.problems import RequestError


class InFlightError(RequestError):
    """The same call is being done right now; soon there is an answer."""

    code: ClassVar[str] = "IDEMPOTENCY_IN_FLIGHT"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__("A call with this idempotency key is being done. Send it again later.")


class KeyReusedError(RequestError):
    """The key was sent with something else before."""

    code: ClassVar[str] = "IDEMPOTENCY_KEY_REUSED"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__("This idempotency key was used for something else.")


class KeyRequiredError(RequestError):
    """What must not happen twice was asked for without a key."""

    code: ClassVar[str] = "IDEMPOTENCY_KEY_REQUIRED"
