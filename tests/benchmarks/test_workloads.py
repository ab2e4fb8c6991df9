"""The requests of the benchmark: the same for every server, the same each time."""

from __future__ import annotations

import pytest

from benchmarks.answers import path_of
from benchmarks.peer_servers import PINS
from benchmarks.results import PGBENCH, REQUIRED
from benchmarks.servers import NO_CACHES
from benchmarks.workloads import (
    TEMPLATES,
    WORKLOADS,
    fill,
    make_parameters,
    read_templates,
    shuffled,
    tile_of,
    workload,
)
from service.settings import Settings

FILES = sorted(TEMPLATES.glob("*.txt"))


def test_parameters_are_the_same_each_time():
    assert make_parameters(1000, 50) == make_parameters(1000, 50)


def test_parameters_stay_within_the_set():
    for values in make_parameters(1000, 200):
        west, south, east, north = values.bbox
        assert (round(east - west, 6), round(north - south, 6)) == (2, 2)
        assert south >= 0
        assert (values.last - values.first).days == 182
        assert 1 <= values.key <= 1000
        assert values.offset >= 500


def test_a_round_asks_the_same_requests_in_an_order_of_its_own():
    paths = [f"/{number}" for number in range(100)]
    assert sorted(shuffled(paths, 1)) == sorted(paths)
    assert shuffled(paths, 1) == shuffled(paths, 1)
    assert shuffled(paths, 1) != shuffled(paths, 2)


def test_tiles_are_counted_from_the_north_west_corner():
    assert tile_of(-180, 85, 1) == (0, 0)
    assert tile_of(179.9, -85, 1) == (1, 1)
    assert tile_of(98.5, 16.7, 6) == (49, 28)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_template_fills_to_a_path_without_a_place_left_open(path):
    values = make_parameters(1000, 1)[0]
    for name, template in read_templates(path).items():
        filled = fill(template, workload(name), values, {values.offset: "/next?token=x"})
        assert filled.startswith("/")
        assert not set("{} <>") & set(filled)


def test_an_item_has_the_same_place_by_id_and_by_the_key_of_the_peers():
    values = make_parameters(1000, 1)[0]
    number = int(fill("/{id}", workload("W3"), values).removeprefix("/r-"))
    assert int(fill("/{key}", workload("W3"), values).removeprefix("/")) == number + 1


def test_a_line_that_is_no_template_is_named(tmp_path):
    file = tmp_path / "peer.txt"
    file.write_text("# words\nW1\t/items\nW99\t/items\n")
    with pytest.raises(ValueError, match=r"peer\.txt, line 3"):
        read_templates(file)


def test_a_place_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        fill("/{what}", workload("W1"), make_parameters(1000, 1)[0])


def test_what_is_required_is_asked_of_both():
    ours = read_templates(TEMPLATES / "scam-atlas.txt")
    for needed in REQUIRED:
        assert needed.workload in ours
        if needed.peer != PGBENCH:
            assert needed.peer_workload in read_templates(TEMPLATES / f"{needed.peer}.txt")


def test_workloads_have_one_name_each():
    assert len({each.id for each in WORKLOADS}) == len(WORKLOADS)


def test_every_package_of_a_peer_is_pinned():
    files = list(PINS.glob("*.txt"))
    assert files
    for file in files:
        assert all("==" in line for line in file.read_text().splitlines())


def test_a_path_keeps_its_parameters_but_for_those_that_are_set():
    url = "http://127.0.0.1:1/items?limit=10000&token=abc"
    assert path_of(url, limit="100") == "/items?limit=100&token=abc"


def test_what_turns_caches_off_is_a_setting_of_this_service():
    assert NO_CACHES.keys() <= Settings.model_fields.keys()
