"""Errors that no route of ours brings about leave as problem documents all the same."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from service.api.errors import STATUS
from service.api.problems import install_error_handlers
from tests.waiting import wait_for


def an_app() -> FastAPI:
    app = FastAPI()

    @app.get("/typed")
    def typed(number: int) -> int:
        return number

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret of the machine room")

    install_error_handlers(app)
    return app


def ask(path: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(an_app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    return wait_for(get())


def test_a_parameter_that_fastapi_itself_refuses_is_400_and_named():
    answer = ask("/typed?number=many")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == "number"


def test_an_unexpected_error_is_500_and_tells_nothing_of_the_inside(caplog):
    answer = ask("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "secret of the machine room" in caplog.text


def test_a_special_error_stands_before_the_general_one_it_belongs_to():
    for place, (kind, _, _) in enumerate(STATUS):
        assert not any(issubclass(kind, earlier) for earlier, _, _ in STATUS[:place])


@pytest.mark.parametrize("path", ["/ogc/collections/reports/items?limit=0", "/ogc/nothing"])
def test_a_browser_gets_a_problem_as_a_page_and_programs_as_a_document(client, path):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = client.get(path, headers={"Accept": browser})
    document = client.get(path)
    assert page.status_code == document.status_code
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert document.json()["title"] in page.text
    assert document.headers["content-type"] == "application/problem+json"
