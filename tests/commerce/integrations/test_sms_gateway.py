"""Against a real HTTP server on this machine."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from commerce.integrations.sms_gateway import HttpSmsGateway
from commerce.notifications.messages import Sms
from commerce.notifications.ports import DeliveryError
from tests.support.json_services import JsonDouble, json_double
from tests.support.ports import free_port

SMS = Sms("+491701234567", "Ihr Code: 12 34 ß")


@pytest.fixture
async def gateway() -> AsyncIterator[JsonDouble]:
    async with json_double() as found:
        found.url += "send"
        yield found


async def test_a_message_is_posted_with_its_token(gateway: JsonDouble) -> None:
    await HttpSmsGateway(gateway.url, "canary-token", "Shop").send_sms(SMS)
    ((first, headers, body),) = gateway.requests
    assert first == "POST /v1/send HTTP/1.1"
    assert headers["authorization"] == "Bearer canary-token"
    assert headers["content-type"] == "application/json"
    assert body == {"to": SMS.to, "from": "Shop", "text": SMS.text}


async def test_without_a_token_none_is_sent(gateway: JsonDouble) -> None:
    gateway.status = "202 Accepted"
    await HttpSmsGateway(gateway.url, None, "Shop").send_sms(SMS)
    assert "authorization" not in gateway.requests[0][1]


@pytest.mark.parametrize(
    ("status", "reason", "permanent"),
    [
        ("400 Bad Request", "sms_400", True),
        ("422 Unprocessable", "sms_422", True),
        ("401 Unauthorized", "sms_401", False),
        ("429 Too Many Requests", "sms_429", False),
        ("500 Internal Server Error", "sms_500", False),
        ("503 Service Unavailable", "sms_503", False),
    ],
)
async def test_an_answer_says_whether_to_try_again(
    gateway: JsonDouble, status: str, reason: str, permanent: bool
) -> None:
    gateway.status = status
    with pytest.raises(DeliveryError) as raised:
        await HttpSmsGateway(gateway.url, "t", "Shop").send_sms(SMS)
    assert (raised.value.reason, raised.value.permanent) == (reason, permanent)


async def test_a_redirect_is_not_followed(gateway: JsonDouble) -> None:
    gateway.status, gateway.headers = "307 Elsewhere", f"Location: {gateway.url}\r\n"
    with pytest.raises(DeliveryError) as raised:
        await HttpSmsGateway(gateway.url, "t", "Shop").send_sms(SMS)
    assert (raised.value.reason, raised.value.permanent) == ("sms_307", False)
    assert len(gateway.requests) == 1


async def test_nobody_listening_passes() -> None:
    gateway = HttpSmsGateway(f"http://127.0.0.1:{free_port()}/", "t", "Shop")
    with pytest.raises(DeliveryError) as raised:
        await gateway.send_sms(SMS)
    assert (raised.value.reason, raised.value.permanent) == ("sms_connection", False)


async def test_something_that_speaks_no_http_passes() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    with pytest.raises(DeliveryError) as raised:
        await HttpSmsGateway(f"http://127.0.0.1:{port}/", "t", "Shop").send_sms(SMS)
    listening.close()
    assert (raised.value.reason, raised.value.permanent) == ("sms_connection", False)
