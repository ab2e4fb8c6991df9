"""How tests ask the service: features by layer, and the problem a bad request gets."""

from __future__ import annotations

from typing import Any

import httpx


def features(client: httpx.Client, layer: str, **params: str) -> dict[str, dict[str, Any]]:
    """Properties by feature id, over all pages."""
    found: dict[str, dict[str, Any]] = {}
    url: str | None = f"/ogc/collections/{layer}/items"
    query: dict[str, str] | None = {"limit": "1000", **params}
    while url:
        answer = client.get(url, params=query)
        assert answer.status_code == 200, answer.text[:500]
        body = answer.json()
        for feature in body["features"]:
            assert feature["id"] not in found, f"{feature['id']} stands on two pages"
            found[feature["id"]] = feature["properties"]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
        query = None
    return found


def problem(client: httpx.Client, url: str, status: int) -> dict[str, Any]:
    """The problem document that a request is answered with."""
    answer = client.get(url)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    return body
