"""The page about buying is true: every step of it, against a running server, as it is written."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.servers import COMMERCE, commerce, serving

PAGE = Path(__file__).parents[2] / "docs" / "buying.md"
STEP = re.compile(
    r"```graphql\n(.*?)```|^- `([A-Z]+)`: (?:`([^`]+)`|(from the mail))$", re.DOTALL | re.MULTILINE
)
SECTIONS = ("## As a guest", "## As a customer", "## Behind the counter")


@dataclass
class Reader:
    """Somebody who does what the page says, and keeps what the answers say."""

    client: httpx.AsyncClient
    outbox: Path
    key: str
    words: dict[str, str] = field(default_factory=dict)
    answer: Any = None
    steps: int = 0

    async def read(self, section: str, text: str) -> None:
        for found in STEP.finditer(text):
            document, word, path, mailed = found.groups()
            if document is not None:
                await self.do(section, document)
            elif mailed:
                self.words[word] = await self.mailed()
            else:
                self.words[word] = self.said(path)

    async def do(self, section: str, document: str) -> None:
        for word, said in self.words.items():
            document = re.sub(rf"\b{word}\b", said, document)
        answer = (
            await self.client.post(
                "/graphql", json={"query": document}, headers=self.headers(section)
            )
        ).json()
        assert "errors" not in answer, answer["errors"]
        self.answer = answer["data"]
        self.steps += 1
        for name, result in self.answer.items():
            assert not (result or {}).get("userErrors"), (name, result)

    def headers(self, section: str) -> dict[str, str]:
        if section == "## Behind the counter":
            return {"Authorization": f"Bearer {self.key}"}
        access = self.words.get("ACCESS") if section == "## As a customer" else None
        return {} if access is None else {"Authorization": f"Bearer {access}"}

    def said(self, path: str) -> str:
        found = self.answer
        for part in path.split("."):
            found = found[int(part)] if part.isdigit() else found[part]
        return str(found)

    async def mailed(self) -> str:
        """The token in the link of the mail to the new customer."""
        for _ in range(300):
            found = next(self.tokens(), None)
            if found is not None:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError("no mail came")

    def tokens(self) -> Iterator[str]:
        for file in self.outbox.glob("*.eml"):
            letter = message_from_bytes(file.read_bytes(), policy=default)
            body = letter.get_body(("plain",))
            if "grace" in str(letter["To"]) and body is not None:
                yield from re.findall(r"token=([\w.~-]+)", body.get_content())


@pytest.fixture
async def reader(live_url: str, tmp_path: Path) -> AsyncIterator[Reader]:
    code, said, told = await commerce(
        "keys", "create", "--name", "counter", "--all-scopes", DATABASE_URL=live_url
    )
    assert code == 0, told
    key = next(word for word in said.split() if word.startswith("ck_"))
    settings = {"DATABASE_URL": live_url, "DATA_DIR": str(tmp_path)}
    async with (
        serving(program=(str(COMMERCE), "serve"), **settings) as address,
        httpx.AsyncClient(base_url=address, timeout=30) as client,
    ):
        yield Reader(client, tmp_path / "outbox", key)


async def test_every_step_does_what_the_page_says(reader: Reader) -> None:
    parts = re.split(rf"^({'|'.join(SECTIONS)})$", PAGE.read_text(), flags=re.MULTILINE)
    for section, text in zip(parts[1::2], parts[2::2], strict=True):
        await reader.read(section, text)
    assert reader.steps == PAGE.read_text().count("```graphql")
    order = reader.answer["fulfillmentCreate"]["order"]
    assert (order["paymentStatus"], order["fulfillmentStatus"]) == ("PAID", "FULFILLED")
