-- A flow between two sites that carry the same point has no line: it is drawn at that point.
SELECT
    flow.flow_id AS id,
    flow.flow_id,
    flow.from_site_id,
    origin.name AS from_name,
    origin.kind AS from_kind,
    origin.country AS from_country,
    origin.precision_m AS from_precision_m,
    flow.to_site_id,
    destination.name AS to_name,
    destination.kind AS to_kind,
    destination.country AS to_country,
    destination.precision_m AS to_precision_m,
    flow.moved,
    lower(flow.possible) AS possible_from,
    upper(flow.possible) - 1 AS possible_to,
    lower(flow.certain) AS certain_from,
    upper(flow.certain) - 1 AS certain_to,
    flow.cause,
    flow.summary,
    flow.people_min,
    flow.people_max,
    flow.source_id,
    source.title AS source_title,
    source.publisher AS source_publisher,
    source.kind AS source_kind,
    source.published AS source_published,
    source.url AS source_url,
    source.language AS source_language,
    source.reliability,
    flow.locator,
    flow.credibility,
    flow.possible,
    flow.certain,
    CASE
        WHEN origin.geom IS NULL THEN destination.geom
        WHEN destination.geom IS NULL OR ST_Equals(origin.geom, destination.geom) THEN origin.geom
        ELSE ST_MakeLine(origin.geom, destination.geom)
    END AS geom
FROM atlas.displacement AS flow
JOIN atlas.source USING (source_id)
LEFT JOIN atlas.site AS origin ON origin.site_id = flow.from_site_id
LEFT JOIN atlas.site AS destination ON destination.site_id = flow.to_site_id
