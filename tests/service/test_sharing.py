"""The map's documents and its place in other pages, as HTTP tells them."""

from __future__ import annotations

import re
from html import unescape

import pytest


def csp(answer) -> dict[str, str]:
    directives = answer.headers["content-security-policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


def test_only_the_framed_map_may_stand_in_pages_of_others(client):
    assert csp(client.get("/", params={"embed": "1"}))["frame-ancestors"] == "*"
    for path in ("/", "/?embed=0", "/method", "/ogc?f=html", "/ogc?embed=1", "/static/js/main.js"):
        assert csp(client.get(path))["frame-ancestors"] == "'self'", path


def test_only_the_map_may_show_images_of_the_one_other_host(client):
    assert csp(client.get("/"))["img-src"] == "'self' data: https://tile.openstreetmap.org"
    for path in ("/method", "/docs", "/ogc?f=html"):
        assert csp(client.get(path))["img-src"] == "'self' data:"
    others = {name: sources for name, sources in csp(client.get("/")).items() if name != "img-src"}
    assert not any("http" in sources for sources in others.values())


def test_a_page_has_one_policy(client):
    assert len(client.get("/").headers.get_list("content-security-policy")) == 1


def test_oembed_gives_a_frame_of_the_view_within_the_size_asked_for(client, site_url):
    view = "#map=7/16.6/98.6&from=2024-06-01&to=2025-05-31&site=kk-park"
    asked = {"url": f"{site_url}/{view}", "maxwidth": "500", "format": "json"}
    told = client.get("/oembed", params=asked).json()
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert (told["width"], told["height"]) == (500, 600)
    src = unescape(re.search(r'src="([^"]+)"', told["html"])[1])
    assert src == f"{site_url}/?embed=1{view}"
    assert client.get(src).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/",
        "{site}/ogc",
        "{site}.elsewhere.example/",
        '{site}/#"><script>',
        "javascript:alert(1)",
        "//elsewhere.example/",
    ],
)
def test_oembed_frames_nothing_but_this_map(client, site_url, url):
    answer = client.get("/oembed", params={"url": url.format(site=site_url)})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"url": "/", "format": "xml"}, 501),
        ({"url": "/", "maxwidth": "10"}, 400),
        ({"url": "/", "maxwidth": "wide"}, 400),
        ({"url": "/", "width": "500"}, 400),
    ],
)
def test_oembed_says_what_it_cannot_answer(client, asked, status):
    assert client.get("/oembed", params=asked).status_code == status


def test_the_page_names_its_oembed_in_a_header_too(client, site_url):
    link = client.get("/").headers["link"]
    address = re.match(r'<([^>]+)>; rel="alternate"; type="application/json\+oembed"', link)[1]
    assert client.get(address).json()["provider_url"] == f"{site_url}/"


@pytest.mark.parametrize("name", ["timelines", "reports"])
@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", "identity"])
def test_a_document_of_the_map_is_held_by_its_tag(client, name, coding):
    path, asked = f"/map/{name}.json", {"Accept-Encoding": coding}
    first = client.get(path, headers=asked)
    assert first.status_code == 200
    assert first.headers.get("content-encoding", "identity") == coding
    assert first.json()
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get(path, headers={**asked, "If-None-Match": tag})
    assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")
    other = client.get(path, headers={**asked, "If-None-Match": '"another"'})
    assert other.status_code == 200


def test_the_page_s_script_is_one_and_held_by_its_tag(client):
    first = client.get("/atlas.js")
    assert "scamAtlas" in first.text
    again = client.get("/atlas.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
