"""What QGIS makes of a running service: does a layer load, does a filter reach the server?

Usage: python3 scripts/client_qgis.py URL   (the system's Python with PyQGIS, Debian's python3-qgis)

Prints a line a check; the exit code is 1 where one does not hold.
"""

from __future__ import annotations

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # type: ignore[import-not-found]  # the system's, not the project's
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
)

LAYERS = ("hotspots", "reports", "control", "displacement")
# Older ones fetch the layer and filter by themselves, whatever the server can do.
SENDS_FILTERS_FROM = 33200


def open_layer(url: str, layer_id: str) -> QgsVectorLayer:
    """The layer as QGIS's own OGC API - Features provider opens it."""
    options = "pagingEnabled='true' maxNumFeatures='10000' restrictToRequestBBOX='1'"
    source = f"typename='{layer_id}' url='{url}/ogc' {options}"
    return QgsVectorLayer(source, layer_id, "OAPIF")


def checks(url: str, asked: list[str]) -> list[tuple[str, bool, str]]:
    """Name, outcome and what was seen of each check."""
    found = []
    for layer_id in LAYERS:
        layer = open_layer(url, layer_id)
        number = sum(1 for _ in layer.getFeatures()) if layer.isValid() else 0
        found.append((f"{layer_id} loads", layer.isValid() and number > 0, f"{number} features"))
    layer = open_layer(url, "reports")
    whole = sum(1 for _ in layer.getFeatures())
    asked.clear()
    layer.setSubsetString("event_kind = 'raid'")
    raids = list(layer.getFeatures())
    right = 0 < len(raids) < whole and all(raid["event_kind"] == "raid" for raid in raids)
    found.append(("a filter leaves what it should", right, f"{len(raids)} of {whole}"))
    pushed = [address for address in asked if "event_kind" in address]
    if Qgis.QGIS_VERSION_INT < SENDS_FILTERS_FROM:
        told = f"QGIS {Qgis.QGIS_VERSION} sends no filters, so this was not tried"
        found.append(("the filter reaches the server", True, told))
    else:
        told = "; ".join(pushed or asked)
        found.append(("the filter reaches the server", bool(pushed), told))
    layer = open_layer(url, "reports")
    asked.clear()
    box = QgsFeatureRequest(QgsRectangle(98, 16, 99, 17))
    inside = sum(1 for _ in layer.getFeatures(box))
    boxed = [address for address in asked if "bbox=" in address]
    seen = f"{inside} features, {(boxed or ['no request'])[0]}"
    found.append(("a box reaches the server", 0 < inside < whole and bool(boxed), seen))
    return found


def recorder(url: str, asked: list[str]) -> ThreadingHTTPServer:
    """A server in between that notes what is asked; the Host header keeps links coming to it."""

    class Between(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kept = {k: v for k, v in self.headers.items() if k.lower() != "accept-encoding"}
            try:
                answer = urlopen(Request(url + self.path, headers=kept), timeout=60)  # noqa: S310
            except HTTPError as error:
                answer = error
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(url: str) -> int:
    """Run the checks; returns the exit code."""
    application = QgsApplication([], False)
    application.initQgis()
    asked: list[str] = []
    between = recorder(url.rstrip("/"), asked)
    outcome = checks(f"http://127.0.0.1:{between.server_address[1]}", asked)
    for name, held, seen in outcome:
        print(f"{'ok  ' if held else 'FAIL'} {name}: {seen}")
    application.exitQgis()
    between.shutdown()
    return 0 if all(held for _, held, _ in outcome) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
