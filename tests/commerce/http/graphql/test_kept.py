from commerce.http.graphql.kept import LONGEST, Kept


def test_keeps_what_it_is_given() -> None:
    kept: Kept[int] = Kept()
    assert kept.get("a") is None
    kept.put("a", 1, 10)
    kept.put("a", 2, 10)
    assert (kept.get("a"), len(kept)) == (1, 1)


def test_what_was_used_longest_ago_goes_first() -> None:
    kept: Kept[int] = Kept(entries=2)
    kept.put("a", 1, 1)
    kept.put("b", 2, 1)
    kept.get("a")
    kept.put("c", 3, 1)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]


def test_all_together_have_a_size_limit() -> None:
    kept: Kept[int] = Kept(characters=1_000)
    for n in range(100):
        kept.put(str(n), n, 90)
    assert len(kept) == 11
    assert kept.get("88") is None
    assert kept.get("89") == 89
    kept.put("large", 0, 1_000)
    assert len(kept) == 1


def test_a_very_long_document_is_not_kept() -> None:
    kept: Kept[int] = Kept()
    kept.put("a", 1, LONGEST + 1)
    assert len(kept) == 0
