"""Array functions; clause 7.9 of OGC 21-065r2. Rows: a x,y; b none; c y; e x,y,z; f 'a b'."""

from __future__ import annotations

import pytest

from layers.cql2 import InvalidCQL2
from tests.layers.cql2.places import Find, asked


@pytest.mark.parametrize(
    ("predicate", "ids"),
    [
        ("A_CONTAINS(tags, ('x', 'y'))", "ae"),
        ("A_CONTAINS(tags, ('y', 'x', 'x'))", "ae"),
        ("A_CONTAINS(tags, ('a b'))", "f"),
        ("A_CONTAINEDBY(tags, ('x', 'y'))", "abc"),
        ("A_OVERLAPS(tags, ('x', 'a b'))", "aef"),
        ("A_OVERLAPS(('x', 'q'), tags)", "ae"),
        ("A_EQUALS(tags, ('y', 'x'))", "a"),
        ("A_EQUALS(tags, ())", "b"),
        ("A_EQUALS(tags, tags)", "abcef"),
        ("A_CONTAINS(tags, (name))", ""),
        ("NOT A_OVERLAPS(tags, ('x'))", "bcf"),
        ("A_EQUALS(('a'), ('a', 'a'))", "abcdef"),
    ],
)
def test_array_functions(find: Find, predicate: str, ids: str) -> None:
    assert find(predicate) == ids


@pytest.mark.parametrize(
    "predicate",
    [
        "A_CONTAINS(tags, 'x')",
        "A_CONTAINS(tags, (1, 2))",
        "A_CONTAINS(tags, ('x', 1))",
        "A_CONTAINS(people, ('x'))",
        "tags = 'x'",
        "tags = tags",
        "'x' IN (tags)",
        "tags LIKE 'x'",
    ],
)
def test_arrays_are_compared_with_arrays_only(predicate: str) -> None:
    with pytest.raises(InvalidCQL2):
        asked(predicate)
