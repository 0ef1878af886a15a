"""Short messages through a gateway that takes them by HTTP."""

import ssl
from typing import Final

import httpx

from commerce.notifications.messages import Sms
from commerce.notifications.ports import DeliveryError

TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
# Not the message's fault: wrong credentials, a busy or half-configured gateway.
PASSING: Final = frozenset({401, 403, 404, 405, 407, 408, 425, 429})


class HttpSmsGateway:
    """Sends `POST url` with `{"to", "from", "text"}` and takes any 2xx as yes.

    The address comes from the store's settings, not from a request.
    """

    def __init__(self, url: str, token: str | None, sender: str) -> None:
        self._url = url
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._sender = sender
        self._tls = ssl.create_default_context() if url.startswith("https:") else False

    async def send_sms(self, sms: Sms) -> None:
        body = {"to": sms.to, "from": self._sender, "text": sms.text}
        try:
            async with (
                self._client() as client,
                client.stream("POST", self._url, json=body, headers=self._headers) as answer,
            ):
                status = answer.status_code  # its body is not read: nothing in it is needed
        except httpx.TimeoutException:
            raise DeliveryError("sms_timeout") from None
        except (httpx.HTTPError, OSError):
            raise DeliveryError("sms_connection") from None
        if not 200 <= status < 300:
            permanent = 400 <= status < 500 and status not in PASSING
            raise DeliveryError(f"sms_{status}", permanent=permanent)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=self._tls, timeout=TIMEOUT, follow_redirects=False, trust_env=False
        )
