from tests.conftest import Ask

COUNTRY = """query ($code: String!, $locale: String!) { country(code: $code, locale: $locale) {
  code name regions { code name }
  addressFormat { lines required uppercase postalCodePattern postalCodeExamples
    regionKind cityKind postalCodeKind } } }"""


async def test_every_country_is_listed_by_name(ask_anonymously: Ask) -> None:
    answer = await ask_anonymously('{ countries(locale: "de-AT") { code name } }')
    found = answer["data"]["countries"]
    assert len(found) == 250
    assert {"code": "DE", "name": "Deutschland"} in found
    assert found[0]["name"] == "Afghanistan"


async def test_a_country_tells_what_its_addresses_need(ask_anonymously: Ask) -> None:
    answer = await ask_anonymously(COUNTRY, {"code": "us", "locale": "de"})
    found = answer["data"]["country"]
    assert (found["code"], found["name"]) == ("US", "Vereinigte Staaten")
    assert {"code": "CA", "name": "California"} in found["regions"]
    assert found["addressFormat"] == {
        "lines": [["NAME"], ["COMPANY"], ["STREET"], ["CITY", "REGION", "POSTAL_CODE"]],
        "required": ["STREET", "CITY", "REGION", "POSTAL_CODE"],
        "uppercase": ["CITY", "REGION"],
        "postalCodePattern": r"(\d{5})(?:[ \-](\d{4}))?",
        "postalCodeExamples": ["95014", "22162-1010"],
        "regionKind": "state",
        "cityKind": "city",
        "postalCodeKind": "zip",
    }


async def test_regions_are_named_in_the_asked_language(ask_anonymously: Ask) -> None:
    for locale, name in (("ja", "東京都"), ("en", "Tokyo"), ("de", "Tokyo")):
        answer = await ask_anonymously(COUNTRY, {"code": "JP", "locale": locale})
        assert {"code": "13", "name": name} in answer["data"]["country"]["regions"]


async def test_there_is_no_such_country(ask_anonymously: Ask) -> None:
    for code in ("XX", "", "ZZ", "../us", "U" * 10_000):
        answer = await ask_anonymously(COUNTRY, {"code": code, "locale": "en"})
        assert answer == {"data": {"country": None}}


async def test_unknown_languages_are_answered_in_english(ask_anonymously: Ask) -> None:
    for locale in ("xx", "", "../de", "e" * 10_000):
        answer = await ask_anonymously(COUNTRY, {"code": "DE", "locale": locale})
        assert answer["data"]["country"]["name"] == "Germany"


async def test_countries_cost_no_statement(ask_anonymously: Ask, statements: list[str]) -> None:
    await ask_anonymously('{ countries { code } country(code: "DE") { regions { code } } }')
    assert statements == []
