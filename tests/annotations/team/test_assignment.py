"""Articles are dealt evenly, and stay with who has them."""

from annotations.team.assignment import Assignment, deal


def test_articles_are_dealt_evenly_with_the_overlap_that_was_asked_for() -> None:
    articles = [f"a{number}" for number in range(1000)]
    dealt = deal(articles, ["a", "b", "c"], 0.2, 7, Assignment())
    shared = [names for names in dealt.articles.values() if len(names) == 2]
    assert len(shared) == 200
    assert {shared.count(pair) for pair in set(shared)} <= {66, 67}
    loads = dealt.loads()
    assert max(loads.values()) - min(loads.values()) <= 2
    assert sum(loads.values()) == 1200
    assert dealt == deal(reversed(articles), ["a", "b", "c"], 0.2, 7, Assignment())
    assert dealt != deal(articles, ["a", "b", "c"], 0.2, 8, Assignment())


def test_who_has_an_article_keeps_it_when_more_are_dealt() -> None:
    first = deal(["x", "y", "z"], ["a", "b"], 0, 1, Assignment())
    second = deal(["x", "y", "z", "new"], ["b", "c"], 1, 1, first)
    assert {name: second.articles[name] for name in first.articles} == first.articles
    assert second.articles["new"] == ("b", "c")
