"""Groups of event kinds."""

from __future__ import annotations

from collections import Counter

from geo.vocabulary import EventKind
from layers.eventgroups import EVENT_GROUPS
from web.catalogue import catalogue


def test_every_kind_of_event_is_in_one_group():
    kinds = Counter(kind for group in EVENT_GROUPS for kind in group.kinds)
    assert kinds == Counter(EventKind)


def test_every_group_has_a_name_in_the_catalogue():
    assert set(catalogue("en")["time"]["groups"]) == {group.code for group in EVENT_GROUPS}
