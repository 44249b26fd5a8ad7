from pyastro.compiler.project.graph import reachable


def test_a_source_comes_after_what_it_imports() -> None:
    graph = {
        "page": ["layout", "card"],
        "layout": ["header"],
        "card": ["badge", "header"],
        "header": [],
        "badge": [],
    }
    assert reachable("page", graph) == ["header", "layout", "badge", "card", "page"]


def test_cycles_end() -> None:
    assert reachable("a", {"a": ["b"], "b": ["c", "a"], "c": ["b"]}) == ["c", "b", "a"]


def test_long_chains_are_no_recursion() -> None:
    graph = {str(number): [str(number + 1)] for number in range(5000)}
    assert len(reachable("0", graph)) == 5001
