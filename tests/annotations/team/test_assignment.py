"""Articles are assigned evenly, and stay with who has them."""

from annotations.team.assignment import Assignment, assign_articles


def test_articles_are_dealt_evenly_with_the_overlap_that_was_asked_for() -> None:
    articles = [f"a{number}" for number in range(1000)]
    assigned = assign_articles(articles, ["a", "b", "c"], 0.2, 7, Assignment())
    shared = [names for names in assigned.articles.values() if len(names) == 2]
    assert len(shared) == 200
    assert {shared.count(pair) for pair in set(shared)} <= {66, 67}
    loads = assigned.loads()
    assert max(loads.values()) - min(loads.values()) <= 2
    assert sum(loads.values()) == 1200
    assert assigned == assign_articles(reversed(articles), ["a", "b", "c"], 0.2, 7, Assignment())
    assert assigned != assign_articles(articles, ["a", "b", "c"], 0.2, 8, Assignment())


def test_who_has_an_article_keeps_it_when_more_are_dealt() -> None:
    first = assign_articles(["x", "y", "z"], ["a", "b"], 0, 1, Assignment())
    second = assign_articles(["x", "y", "z", "new"], ["b", "c"], 1, 1, first)
    assert {name: second.articles[name] for name in first.articles} == first.articles
    assert second.articles["new"] == ("b", "c")
