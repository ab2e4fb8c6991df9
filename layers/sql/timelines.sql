-- The states of all sites over time as one JSON document, by the rules of hotspots.sql and no others: a moment is a site on
-- a day on which its state may become another, and {states} is the state at every moment. Days are counted from 1970-01-01.
-- Until the next moment nothing changes but a last day (of observation, of what a source says) that is still going on; such
-- a day is given as :ever, so that the earlier of it and the day asked for is right on every day.
WITH change AS (
    SELECT report.site_id, days.t
    FROM atlas.report
    CROSS JOIN LATERAL unnest(
        ARRAY[
            lower(report.observed),
            upper(report.observed),
            upper(report.observed) + :contest_days,
            upper(report.observed) + :unknown_after_days
        ]
    ) AS days (t)
    UNION
    SELECT control.site_id, days.t
    FROM atlas.control
    CROSS JOIN LATERAL unnest(
        ARRAY[
            lower(control.possible),
            upper(control.possible),
            lower(control.certain),
            upper(control.certain),
            lower(control.said),
            upper(control.said)
        ]
    ) AS days (t)
    UNION
    SELECT site.site_id, date '0001-01-01'
    FROM atlas.site
),

moment AS MATERIALIZED (
    SELECT
        CAST(row_number() OVER (ORDER BY change.site_id, change.t) AS integer) AS moment_id,
        change.site_id,
        change.t,
        lead(change.t) OVER (PARTITION BY change.site_id ORDER BY change.t) AS until
    FROM change
    WHERE isfinite(change.t)
        AND change.t <= (SELECT as_of FROM atlas.load ORDER BY load_id DESC LIMIT 1)
),

report_place AS MATERIALIZED (
    SELECT report_id, CAST(row_number() OVER (ORDER BY report_id) AS integer) - 1 AS place FROM atlas.report
),

control_place AS MATERIALIZED (
    SELECT control_id, CAST(row_number() OVER (ORDER BY control_id) AS integer) - 1 AS place FROM atlas.control
),

state AS MATERIALIZED (
{states}
),

site AS MATERIALIZED (
{sites}
),

site_place AS (
    SELECT site_id, row_number() OVER (ORDER BY site_id) - 1 AS place FROM site
),

told AS MATERIALIZED (
    SELECT
        moment.moment_id,
        moment.site_id,
        moment.t - date '1970-01-01' AS day,
        array_position(CAST(:activities AS text[]), state.activity) - 1 AS activity,
        array_position(CAST(:activities AS text[]), state.last_known_activity) - 1 AS last_known,
        CASE
            WHEN CAST(state.last_observed AS text) = lasting THEN :ever
            ELSE state.last_observed - date '1970-01-01'
        END AS last_observed,
        CAST(state.contested AS integer) AS contested,
        CAST(state.disputed AS integer) AS disputed,
        state.first_reported - date '1970-01-01' AS first_reported,
        state.reports_count,
        state.sources_count,
        state.publishers_count,
        -- Report and last day, report and last day, ...
        ARRAY(
            SELECT unnest(
                ARRAY[
                    CAST(item.told ->> 'report_id' AS integer),
                    CASE
                        WHEN item.told ->> 'observed' = lasting THEN :ever
                        ELSE CAST(item.told ->> 'observed' AS date) - date '1970-01-01'
                    END
                ]
            )
            FROM json_array_elements(state.evidence) AS item (told)
        ) AS evidence,
        -- Claim, whether it is certain, last day said (null: not yet), ...
        ARRAY(
            SELECT unnest(
                ARRAY[
                    CAST(item.told ->> 'control_id' AS integer),
                    CAST(item.told ->> 'certainty' = 'certain' AS integer),
                    CASE
                        WHEN item.told ->> 'last_said' = lasting THEN :ever
                        ELSE CAST(item.told ->> 'last_said' AS date) - date '1970-01-01'
                    END
                ]
            )
            FROM json_array_elements(state.control) AS item (told)
        ) AS control
    FROM moment
    JOIN state USING (moment_id)
    -- The day of the moment, unless the moment ends with it: what is last on it may go on.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN until IS DISTINCT FROM t + 1 THEN CAST(t AS text) END AS lasting
    ) AS day
),

-- What is the same as at the moment before is not told again.
changed AS (
    SELECT *
    FROM (
        SELECT
            told.*,
            ROW(
                activity, last_known, last_observed, contested, disputed, first_reported,
                reports_count, sources_count, publishers_count, evidence, control
            ) IS DISTINCT FROM lag(
                ROW(
                    activity, last_known, last_observed, contested, disputed, first_reported,
                    reports_count, sources_count, publishers_count, evidence, control
                )
            ) OVER (PARTITION BY site_id ORDER BY day) AS is_other
        FROM told
    ) AS compared
    WHERE is_other
    ORDER BY site_id, day
),

stretches AS (
    SELECT json_build_object(
        'site', array_to_json(array_agg(place)),
        'day', array_to_json(array_agg(day)),
        'activity', array_to_json(array_agg(activity)),
        'last_known', array_to_json(array_agg(last_known)),
        'last_observed', array_to_json(array_agg(last_observed)),
        'contested', array_to_json(array_agg(contested)),
        'disputed', array_to_json(array_agg(disputed)),
        'first_reported', array_to_json(array_agg(first_reported)),
        'reports_count', array_to_json(array_agg(reports_count)),
        'sources_count', array_to_json(array_agg(sources_count)),
        'publishers_count', array_to_json(array_agg(publishers_count)),
        'evidence', json_agg(array_to_json(evidence)),
        'control', json_agg(array_to_json(control))
    ) AS columns
    FROM changed
    JOIN site_place USING (site_id)
)

SELECT CAST(
    json_build_object(
        'activities', CAST(:activities AS text[]),
        'sites', (SELECT COALESCE(json_agg(row_to_json(site) ORDER BY site.site_id), '[]') FROM site),
        'reports', (SELECT COALESCE(array_to_json(array_agg(report_id ORDER BY place)), '[]') FROM report_place),
        'control', (SELECT COALESCE(array_to_json(array_agg(control_id ORDER BY place)), '[]') FROM control_place),
        'stretches', (SELECT columns FROM stretches)
    ) AS text
) AS timelines
