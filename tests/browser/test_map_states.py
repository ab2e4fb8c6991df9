"""The states that the browser finds for a day are those that the service gives for it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

DAYS = ["1999-06-30", "2019-12-31", "2022-03-15", "2023-10-27", "2025-03-10", "2026-11-22"]
FOUND = """async ([base, days]) => {
    const [{ Api }, { Records }, { parseDay }] = await Promise.all(
        ["api", "records", "days"].map((name) => import(`${base}/static/js/${name}.js`)),
    );
    const api = new Api({ layers_root: "/layers", map_root: "/map" });
    const records = new Records();
    records.setReports(await api.reports());
    records.setControl(await api.control());
    const timelines = await api.timelines(records);
    const whole = ({ id, geometry, properties }) =>
        ({ id, geometry, properties: { ...properties, evidence: properties.evidence } });
    return days.map((day) => timelines.statesOn(parseDay(day)).map(whole));
}"""


def test_on_each_day_the_states_are_those_of_the_layer(browser, site_url, client):
    page = browser.new_page()
    page.goto(f"{site_url}/healthz")
    found = page.evaluate(FOUND, [site_url, DAYS])
    page.close()
    for day, states in zip(DAYS, found, strict=True):
        answer = client.get("/layers/hotspots.geojson", params={"datetime": day}).json()
        wanted = {feature["id"]: feature for feature in answer["features"]}
        assert [state["id"] for state in states] == sorted(wanted)
        for state in states:
            properties = state["properties"]
            assert properties.pop("point") == wanted[state["id"]]["geometry"]["coordinates"]
            assert state["geometry"] == wanted[state["id"]]["geometry"]
            assert properties == wanted[state["id"]]["properties"], (day, state["id"])
