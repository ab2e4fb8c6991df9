"""The service described in OpenAPI 3.0.3, all of it made from the lists that the service runs by.

There are two views of one list of operations. `openapi_document` is what OGC API - Features asks
for: its server is the root of the OGC API, so that paths begin with /collections as in the
standard's own example (OGC's test suite finds them by that). `site_document` is rooted at the
site, for programs that do not know servers of single paths.
"""

from service.ogc.openapi.document import openapi_document, site_document

__all__ = ["openapi_document", "site_document"]
