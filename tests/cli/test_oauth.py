from tests.support.servers import commerce

CREATE = ("oauth", "create-client", "--name", "Till", "--scope", "products:read")


async def test_a_registered_client_is_printed_with_its_secret(committed_url: str) -> None:
    grant = ("--grant", "client_credentials")
    code, printed, notes = await commerce(*CREATE, *grant, DATABASE_URL=committed_url)
    assert (code, notes) == (0, "")
    client_id, secret = printed.split()
    assert client_id.startswith("client_")
    assert len(secret) == 43


async def test_a_wrong_client_is_refused_in_one_line(committed_url: str) -> None:
    grant = ("--grant", "authorization_code")
    code, printed, notes = await commerce(*CREATE, *grant, DATABASE_URL=committed_url)
    assert (code, printed) == (1, "")
    assert notes == "Error: Codes need an address to be sent to.\n"
