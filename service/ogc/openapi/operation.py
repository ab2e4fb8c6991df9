"""One operation, GET of a path; HEAD answers the same without a body."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers.schemas import Schema
from service.api.negotiation import RESOURCE_MEDIA, Media
from service.ogc.openapi.parameters import format_parameter
from service.ogc.openapi.responses import NOT_ACCEPTABLE, content, responses
from service.ogc.openapi.schemas import ref


@dataclass(frozen=True)
class Operation:
    """path: from the root of the site. parameters: references, or written out."""

    path: str
    id: str
    tag: str
    summary: str
    responses: Schema
    parameters: tuple[Schema, ...] = ()

    @property
    def path_item(self) -> Schema:
        """The Path Item Object."""
        operation: Schema = {
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "responses": self.responses,
        }
        if self.parameters:
            operation["parameters"] = list(self.parameters)
        return {"get": operation}


def document(
    path: str,
    operation_id: str,
    summary: str,
    schema: str,
    *also: int,
    tag: str = "Capabilities",
    offered: tuple[Media, ...] = RESOURCE_MEDIA,
    parameters: Iterable[Schema] = (),
) -> Operation:
    """A resource that is one document, given in each of the media offered."""
    return Operation(
        path,
        operation_id,
        tag,
        summary,
        responses(summary, content(offered, ref(schema)), NOT_ACCEPTABLE, *also),
        (*parameters, format_parameter(offered)),
    )
