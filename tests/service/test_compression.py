"""Answers come in the coding that the client takes best, and no two codings are mixed up."""

from __future__ import annotations

import gzip
import os

import brotli
import httpx
import pytest
import zstandard

from service.compression import ENCODINGS, best_encoding, compress, is_compressible, packer
from tests.service.wire import ask, connect, get, send_all

ITEMS = "/ogc/collections/reports/items"
DOWNLOAD = "/layers/reports.geojson"
STATIC = "/static/css/atlas.css"
NEGOTIATED = "/ogc/collections"


def unpacked(encoding: str, data: bytes) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return brotli.decompress(data) if encoding == "br" else gzip.decompress(data)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, None),
        (b"", None),
        (b"gzip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"gzip, deflate, br", "br"),
        (b"gzip, deflate, br, zstd", "zstd"),
        (b"GZIP;Q=1.0", "gzip"),
        (b"zstd;q=0.5, br;q=0.8, gzip;q=0.7", "br"),
        (b"zstd;q=0, br;q=0, gzip", "gzip"),
        (b"*", "zstd"),
        (b"*;q=0.1, gzip;q=0.5", "gzip"),
        (b"*, zstd;q=0", "br"),
        (b"identity", None),
        (b"identity, gzip;q=0.5", None),
        (b"identity;q=0.5, gzip", "gzip"),
        (b"identity;q=0, *;q=0", None),
        (b"gzip;q=none, br;q=7", None),
        (b"deflate, compress", None),
        (b"notgzip", None),
        (b"gzip;q=0" + b" " * 300, None),
    ],
)
def test_the_coding_is_the_one_that_the_client_takes_best(accepted, chosen):
    assert best_encoding(accepted) == chosen


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_stream_can_be_read_up_to_its_last_piece(encoding):
    stream, pieces = packer(encoding), [os.urandom(100) * 50, b"", b"a" * 70_000, b"end"]
    sent = [stream.piece(piece) for piece in pieces[:-1]]
    if encoding == "zstd":
        read = zstandard.ZstdDecompressor().decompressobj().decompress(b"".join(sent))
        assert read == b"".join(pieces[:-1])
    assert unpacked(encoding, b"".join([*sent, stream.end(pieces[-1])])) == b"".join(pieces)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_body_gives_the_same_bytes(encoding):
    body = b"one two three " * 1_000
    assert compress(encoding, body) == compress(encoding, body)
    assert unpacked(encoding, compress(encoding, body)) == body


def test_only_what_gains_is_compressed():
    for media_type in ("application/geo+json", "text/csv; charset=utf-8", "text/html"):
        assert is_compressible(media_type)
    for media_type in ("application/vnd.apache.parquet", "application/geopackage+sqlite3", ""):
        assert not is_compressible(media_type)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("path", [f"{ITEMS}?limit=20", DOWNLOAD, STATIC, NEGOTIATED, "/"])
def test_every_kind_of_answer_is_compressed(client, path, encoding):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    coded = client.get(path, headers={"Accept-Encoding": encoding})
    assert "content-encoding" not in plain.headers
    assert coded.headers["content-encoding"] == encoding
    assert "accept-encoding" in plain.headers["vary"].lower()
    assert "accept-encoding" in coded.headers["vary"].lower()
    if path != f"{ITEMS}?limit=20":  # which says when it was made
        assert coded.content == plain.content


@pytest.mark.parametrize("path", ["/layers/reports.parquet", "/layers/reports.xlsx"])
def test_binary_files_are_sent_as_they_are(client, path):
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br, zstd"}, timeout=60)
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_small_answer_is_sent_as_it_is(client):
    answer = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_a_part_of_a_file_is_a_part_of_the_file_itself(client):
    whole = client.get(STATIC, headers={"Accept-Encoding": "identity"}).content
    part = client.get(STATIC, headers={"Accept-Encoding": "zstd", "Range": "bytes=5-99"})
    assert part.status_code == 206
    assert "content-encoding" not in part.headers
    assert part.content == whole[5:100]


def test_a_part_is_not_added_to_a_file_that_was_held_in_another_coding(client):
    held = client.get(STATIC, headers={"Accept-Encoding": "zstd"}).headers["etag"]
    answer = client.get(STATIC, headers={"Range": "bytes=5-99", "If-Range": held})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [STATIC, f"{ITEMS}?limit=20"])
def test_each_coding_has_a_validator_of_its_own(client, path):
    etags = {}
    for encoding in ("identity", *ENCODINGS):
        headers = {"Accept-Encoding": encoding}
        etag = etags[encoding] = client.get(path, headers=headers).headers["etag"]
        again = client.get(path, headers={**headers, "If-None-Match": etag})
        assert (again.status_code, again.headers["etag"]) == (304, etag)
    assert len(set(etags.values())) == 4
    crossed = {"Accept-Encoding": "br", "If-None-Match": etags["zstd"]}
    assert client.get(path, headers=crossed).status_code == 200


def test_a_download_is_sent_while_it_is_made(site_url):
    """The first piece can be read before the last one has been made."""
    with connect(site_url, window=4096) as sock:
        send_all(sock, get(DOWNLOAD, "Accept-Encoding: gzip"))
        first = b""
        while b"\x1f\x8b" not in first:
            first += sock.recv(4096)
            assert len(first) < 10_000
    assert b"content-encoding: gzip" in first
    assert b"transfer-encoding: chunked" in first


@pytest.mark.parametrize("path", [ITEMS, DOWNLOAD, STATIC, NEGOTIATED])
def test_head_tells_the_coding_and_sends_nothing(site_url, path):
    head = get(path, "Accept-Encoding: br").replace(b"GET", b"HEAD", 1)
    answer = ask(site_url, head)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-encoding"] == "br"


def test_large_bodies_are_compressed_beside_the_event_loop(site_url):
    with httpx.Client(base_url=site_url) as client:
        answer = client.get(f"{ITEMS}?limit=1000", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["features"]) > 500
