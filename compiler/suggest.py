"""What a misspelt name was perhaps meant to be."""

from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is the same but for letter case and underscores, or a slip of the keyboard away.

    >>> closest("titel", ["field", "title"])
    'title'
    >>> closest("formData", ["body", "form_data"])
    'form_data'
    """
    from difflib import get_close_matches  # most runs find no mistake

    known = sorted(set(candidates) - {name})
    same = next((each for each in known if _letters(each) == _letters(name)), None)
    if same is not None:
        return same
    limit = 1 if len(name) < 8 else 2
    by_letters = {each.lower(): each for each in reversed(known)}
    close = get_close_matches(name.lower(), by_letters, 5, 0.6) if len(name) > 1 else []
    return next((by_letters[each] for each in close if _slips(name.lower(), each) <= limit), None)


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _slips(a: str, b: str) -> int:
    """How many letters were forgotten, added, mistaken or swapped with their neighbour between two words."""
    before, last = list[int](), list(range(len(b) + 1))
    for i, x in enumerate(a):
        row = [i + 1]
        for j, y in enumerate(b):
            row.append(min(last[j] + (x != y), last[j + 1] + 1, row[j] + 1))
            if i and j and (x, a[i - 1]) == (b[j - 1], y):
                row[-1] = min(row[-1], before[j - 1] + 1)
        before, last = last, row
    return last[-1]
