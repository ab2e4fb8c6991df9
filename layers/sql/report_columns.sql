-- All reports as one JSON document of columns, in the order of their ids: what a map draws and counts by, no texts. Days are
-- counted from 1970-01-01, null where nothing limits them; codes and sources are given by their place in a list.
WITH source_place AS (
    SELECT source.*, row_number() OVER (ORDER BY source_id) - 1 AS place FROM atlas.source
),

site_place AS (
    SELECT site.*, row_number() OVER (ORDER BY site_id) - 1 AS place FROM atlas.site
),

listed AS (
    SELECT
        report.report_id,
        site_place.place AS site,
        source_place.place AS source,
        lower(report.possible) - date '1970-01-01' AS possible_from,
        upper(report.possible) - 1 - date '1970-01-01' AS possible_to,
        array_position(CAST(:activities AS text[]), report.activity_after) - 1 AS activity_after,
        array_position(CAST(:event_kinds AS text[]), report.event_kind) - 1 AS event_kind,
        report.credibility
    FROM atlas.report
    JOIN site_place USING (site_id)
    JOIN source_place USING (source_id)
    ORDER BY report.report_id
)

SELECT CAST(
    json_build_object(
        'activities', CAST(:activities AS text[]),
        'event_kinds', CAST(:event_kinds AS text[]),
        'sites', (
            SELECT json_agg(
                json_build_object(
                    'site_id', site_id,
                    'name', name,
                    'kind', kind,
                    'place_role', place_role,
                    'country', country,
                    'admin1', admin1
                )
                ORDER BY place
            )
            FROM site_place
        ),
        'sources', (
            SELECT json_agg(json_build_array(source_id, publisher, kind, reliability) ORDER BY place)
            FROM source_place
        ),
        'report_id', array_to_json(array_agg(report_id)),
        'site', array_to_json(array_agg(site)),
        'source', array_to_json(array_agg(source)),
        'possible_from', array_to_json(array_agg(possible_from)),
        'possible_to', array_to_json(array_agg(possible_to)),
        'activity_after', array_to_json(array_agg(activity_after)),
        'event_kind', array_to_json(array_agg(event_kind)),
        'credibility', array_to_json(array_agg(credibility))
    ) AS text
) AS reports
FROM listed
