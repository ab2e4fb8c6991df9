"""The rows behind a sheet: what it shows, the claims that this rests on, and their sources."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from layers.catalog import CONTROL, LAYERS, REPORTS, SOURCES, Layer
from layers.figures.content import SheetContent
from layers.queries import feature_text, layer_body

_NESTED = {"evidence": (REPORTS, "report_id"), "control": (CONTROL, "control_id")}


@dataclass(frozen=True, slots=True)
class PackRows:
    """Features as the API gives them (GeoJSON text), by layer in the catalogue's order."""

    by_layer: tuple[tuple[str, tuple[str, ...]], ...]

    def layers(self) -> Iterator[tuple[Layer, tuple[str, ...]]]:
        """Each layer that has rows, and these."""
        known = {layer.id: layer for layer in LAYERS}
        return ((known[layer_id], texts) for layer_id, texts in self.by_layer)


async def gather_rows(connection: AsyncConnection, content: SheetContent) -> PackRows:
    """Read the claims and sources behind the features of a sheet, which it has already."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for item in content.features:
        texts[item.layer][item.id] = item.text
    named = _claims_named(map(json.loads, texts["hotspots"].values()))
    for layer, ids in named.items():
        await _add(connection, layer, ids, texts[layer.id])
    cited = {
        source
        for layer_texts in list(texts.values())
        for text in layer_texts.values()
        for source in _sources_named(json.loads(text)["properties"])
    }
    await _add(connection, SOURCES, cited, texts[SOURCES.id])
    return PackRows(
        tuple(
            (layer.id, tuple(text for _, text in sorted(texts[layer.id].items())))
            for layer in LAYERS
            if texts[layer.id]
        )
    )


async def _add(
    connection: AsyncConnection, layer: Layer, ids: set[str], texts: dict[str, str]
) -> None:
    missing = sorted(ids - set(texts))
    if missing:
        rows = (await connection.execute(_select_named(layer, missing))).scalars().all()
        texts |= {str(json.loads(row)["id"]): row for row in rows}


def _select_named(layer: Layer, ids: list[str]) -> Select[str]:
    body = layer_body(layer)
    return select(feature_text(layer, body)).where(body.c.id.in_(ids))


def _claims_named(states: Iterable[Mapping[str, Any]]) -> dict[Layer, set[str]]:
    """The reports and claims of control that states of sites rest on."""
    found: dict[Layer, set[str]] = {REPORTS: set(), CONTROL: set()}
    for state in states:
        for name, (layer, key) in _NESTED.items():
            found[layer] |= {claim[key] for claim in state["properties"][name] or ()}
    return found


def _sources_named(properties: Mapping[str, Any]) -> Iterator[str]:
    """Every source that a feature names: of the claim, of its ends, of the place."""
    for name, value in properties.items():
        if name.endswith("source_id") and value:
            yield value
        elif name in _NESTED:
            for claim in value or ():
                yield claim["source_id"]
