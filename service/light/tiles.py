"""Vector tiles of one layer, or of several at once: hot reads of OGC API - Tiles."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from geo.errors import NotFound
from layers.catalog import HOTSPOTS, Layer, layer_by_id
from layers.crs import KnownCRS
from layers.selection import parse_properties
from layers.tile_matrix_sets import Tile, TileMatrixSet, tile_matrix_set, union
from layers.tile_queries import (
    prepared_statement,
    select_counts,
    select_features,
    select_sites_around,
)
from layers.tiles import MEDIA_TYPE, TILED_LAYERS, TileRequest
from service.api.errors import UnknownParameter
from service.api.negotiation import Media, choose
from service.api.parameters import TILE_PARAMETERS, read_items_filter, with_queryables
from service.extents import Extents
from service.light.connections import Connections
from service.light.http import LightRequest, LightResponse, encoding_for
from service.light.tile_cache import MadeTile, TileCache
from service.light.validators import CACHE, VARY, held_validator
from service.light.version import VersionWatch
from service.reader import Reader

MVT = Media("mvt", MEDIA_TYPE, "Mapbox Vector Tile", ("application/x-protobuf",))
DATASET_TILE_PARAMETERS = ("collections", "datetime", "certainty", "f")
# States of a day are worked out for the sites of a tile; for more than these, for all sites.
_SITES_AT_MOST = 5_000
_CUT = b"scam-atlas-cut"


class LightTiles:
    """Answers `/ogc/collections/{layer}/tiles/{grid}/{matrix}/{row}/{column}` and `/ogc/tiles/…`.

    cache_bytes: how much of the tiles made lately is kept; 0 for none.
    """

    def __init__(
        self,
        connections: Connections,
        watch: VersionWatch,
        reader: Reader,
        known: KnownCRS,
        extents: Extents,
        *,
        cache_bytes: int,
    ) -> None:
        self._connections = connections
        self._watch = watch
        self._reader = reader
        self._known = known
        self._extents = extents
        self._cache = TileCache(cache_bytes)

    def handler(self, path: str) -> Callable[[LightRequest], Awaitable[LightResponse]] | None:
        """What answers that path; None for any other."""
        parts = path.split("/")
        if len(parts) == 9 and parts[:3] == ["", "ogc", "collections"] and parts[4] == "tiles":
            return lambda request: self.tile(request, parts[3], *parts[5:])
        if len(parts) == 7 and parts[:3] == ["", "ogc", "tiles"]:
            return lambda request: self.tile(request, None, *parts[3:])
        return None

    async def tile(
        self,
        request: LightRequest,
        layer_id: str | None,
        grid_id: str,
        matrix: str,
        row: str,
        column: str,
    ) -> LightResponse:
        """One tile."""
        layer = None if layer_id is None else tiled_layer(layer_id)
        grid = tile_matrix_set(grid_id)
        wanted = _requests(request, layer, grid, grid.tile(matrix, row, column), self._known)
        version = await self._watch.version()
        await self._check_limits(wanted)
        address = f"{request.url}\0{encoding_for(request)}"
        stem = f'"{version.tag}.{_hash(address.encode())}.'
        held = held_validator(request, stem)
        if held is not None:
            return LightResponse(304, MEDIA_TYPE.encode(), b"", [(b"etag", held), CACHE, VARY])
        made = self._cache.get(version.tag, address)
        if made is None:
            made = await self._made(wanted, stem)
            self._cache.put(version.tag, address, made)
        headers = [(b"etag", made.etag.encode()), CACHE, VARY]
        if made.cut:
            headers.append((_CUT, ", ".join(made.cut).encode()))
        return LightResponse(200, MEDIA_TYPE.encode(), made.body, headers)

    async def _check_limits(self, wanted: list[TileRequest]) -> None:
        """Raise NotFound for a tile outside those that are advertised."""
        known = await self._extents.all()
        boxes = [known[one.layer.id].bbox for one in wanted]
        box = union([box for box in boxes if box is not None])
        tile, grid = wanted[0].tile, wanted[0].grid
        if box is not None and not grid.limit(box, tile.matrix).hold(tile):
            raise NotFound(
                "There is nothing near this tile: the tile set's tileMatrixSetLimits tell which "
                "tiles there are"
            )

    async def _made(self, wanted: list[TileRequest], stem: str) -> MadeTile:
        bodies, cut = [], []
        for one in wanted:
            body, whole = await self._layer_tile(one)
            bodies.append(body)
            if not whole:
                cut.append(one.layer.id)
        # Tiles of several layers, one after the other, are a tile with all of them.
        body = b"".join(bodies)
        return MadeTile(body, f'{stem}{_hash(body)}"', tuple(cut))

    async def _layer_tile(self, wanted: TileRequest) -> tuple[bytes, bool]:
        """The tile of one layer, and whether it shows all."""
        prepared = prepared_statement(wanted)
        if prepared is not None:
            row = (await self._connections.fetch(prepared))[0]
        elif wanted.counted:
            row = (await self._reader.rows(select_counts(wanted)))[0]
        else:
            row = await self._features(wanted)
        if row[1] and not wanted.counted and wanted.layer is not HOTSPOTS:
            row = (await self._reader.rows(select_counts(wanted)))[0]
        return bytes(row[0] or b""), not row[1]

    async def _features(self, wanted: TileRequest) -> Any:
        sites = None
        if wanted.layer is HOTSPOTS and wanted.asked.at is not None:
            around = await self._reader.rows(select_sites_around(wanted))
            if len(around) <= _SITES_AT_MOST:
                sites = sorted({site for row in around for site in row if site is not None})
        return (await self._reader.rows(select_features(wanted, sites)))[0]


def tiled_layer(layer_id: str) -> Layer:
    """The layer of that id. Raises NotFound, also for one without geometry."""
    layer = layer_by_id(layer_id)
    if layer not in TILED_LAYERS:
        known = ", ".join(layer.id for layer in TILED_LAYERS)
        raise NotFound(f"{layer.title} have no place, so there are no tiles; there are of {known}")
    return layer


def _requests(
    request: LightRequest,
    layer: Layer | None,
    grid: TileMatrixSet,
    tile: Tile,
    known: KnownCRS,
) -> list[TileRequest]:
    """What is wanted of each layer. Raises InvalidFilter, its parameter named."""
    if layer is None:
        asked = request.parameters(DATASET_TILE_PARAMETERS)
        layers = _chosen_layers(asked)
    else:
        asked = request.parameters(with_queryables(layer, TILE_PARAMETERS))
        layers = (layer,)
    choose((MVT,), asked.get("f"), request.header(b"accept"))
    return [TileRequest(one, grid, tile, *_selection(one, asked, known)) for one in layers]


def _selection(
    layer: Layer, asked: Mapping[str, str], known: KnownCRS
) -> tuple[Any, tuple[str, ...] | None]:
    columns = parse_properties(layer, asked["properties"]) if "properties" in asked else None
    return read_items_filter(layer, asked, known), columns


def _chosen_layers(asked: Mapping[str, str]) -> tuple[Layer, ...]:
    if "collections" not in asked:
        return TILED_LAYERS
    known = {layer.id: layer for layer in TILED_LAYERS}
    names = asked["collections"].split(",")
    for name in names:
        if name not in known:
            raise UnknownParameter(
                "collections",
                f"collections: no {name[:60]!r}; there are tiles of {', '.join(known)}",
            )
    return tuple(layer for layer in TILED_LAYERS if layer.id in names)


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
