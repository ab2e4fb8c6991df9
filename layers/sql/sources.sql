SELECT
    source.source_id AS id,
    source.source_id,
    source.title,
    source.publisher,
    source.kind,
    source.published,
    lower(source.possible) AS possible_from,
    upper(source.possible) - 1 AS possible_to,
    lower(source.certain) AS certain_from,
    upper(source.certain) - 1 AS certain_to,
    source.url,
    source.language,
    source.reliability,
    (SELECT count(*) FROM atlas.report WHERE report.source_id = source.source_id)
        AS reports_count,
    (SELECT count(*) FROM atlas.control WHERE control.source_id = source.source_id)
        AS control_count,
    (SELECT count(*) FROM atlas.displacement WHERE displacement.source_id = source.source_id)
        AS displacement_count,
    source.possible,
    source.certain,
    NULL::geometry AS geom
FROM atlas.source
