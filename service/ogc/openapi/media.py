"""The representations of the description itself."""

from __future__ import annotations

from service.api.negotiation import HTML, JSON, Media
from service.ogc.resources import OPENAPI_MEDIA_TYPE

OPENAPI = Media(
    "json", OPENAPI_MEDIA_TYPE, "OpenAPI 3.0", (OPENAPI_MEDIA_TYPE.split(";")[0], JSON.media_type)
)
OPENAPI_MEDIA = (OPENAPI, HTML)
