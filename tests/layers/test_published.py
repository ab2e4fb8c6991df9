"""Published features follow the claims: what each load changes, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from geo.store.writes import load_dossier
from layers.published import LAYERS, publish
from layers.queries import select_features


def published(engine, layer) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        return list(
            connection.execute(
                text(f"SELECT seq, feature FROM atlas.published_{layer.id} ORDER BY seq")
            )
        )


def live(engine, layer) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select_features(layer)).scalars())


def texts(rows) -> list[str]:
    return sorted(feature for _, feature in rows)


@pytest.fixture
def store(empty_store, dossier):
    load_dossier(empty_store, dossier, publish=publish)
    return empty_store


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_a_published_feature_is_what_the_claims_say(store, layer):
    assert texts(published(store, layer)) == sorted(live(store, layer))


def test_a_corrected_source_reaches_every_feature_that_rests_on_it(store, dossier):
    source = max(
        dossier.sources, key=lambda s: sum(r.source_id == s.source_id for r in dossier.reports)
    )
    renamed = tuple(
        replace(s, title="Another title") if s is source else s for s in dossier.sources
    )
    before = {layer.id: published(store, layer) for layer in LAYERS}
    load_dossier(store, replace(dossier, sha256="a" * 64, sources=renamed), publish=publish)
    for layer in LAYERS:
        after = published(store, layer)
        assert texts(after) == sorted(live(store, layer)), layer.id
        assert [seq for seq, _ in after] == [seq for seq, _ in before[layer.id]]
    changed = set(published(store, LAYERS[0])) - set(before["reports"])
    assert len(changed) == sum(r.source_id == source.source_id for r in dossier.reports) > 1


def test_an_added_feature_comes_last_and_a_withdrawn_one_is_gone(store, dossier):
    new = replace(dossier.reports[0], report_id="a-new-report")
    reports = (new, *dossier.reports[1:])
    load_dossier(store, replace(dossier, sha256="b" * 64, reports=reports), publish=publish)
    rows = published(store, LAYERS[0])
    assert texts(rows) == sorted(live(store, LAYERS[0]))
    assert "a-new-report" in rows[-1][1]


@pytest.mark.parametrize(
    "left_behind",
    ["DELETE FROM atlas.publication; DELETE FROM atlas.published_reports",
     "UPDATE atlas.publication SET signature = 'of another program';"
     "UPDATE atlas.published_reports SET feature = '{}'"],
)  # fmt: skip
def test_what_another_program_published_is_made_anew(store, dossier, left_behind):
    with store.begin() as connection:
        for statement in left_behind.split(";"):
            connection.execute(text(statement))
    result = load_dossier(store, dossier, publish=publish)
    assert result.load_id is not None
    assert texts(published(store, LAYERS[0])) == sorted(live(store, LAYERS[0]))
    assert load_dossier(store, dossier, publish=publish).load_id is None
