-- How many of the reports `listed` there are, as one JSON document: by month and class for bars, by day for windows. A report
-- that is not dated to a day is spread evenly over its days, so that all months add up to the number of reports. Days are
-- counted from 1970-01-01, months from year 0.
WITH span AS (
    SELECT
        (SELECT min(lower(observed)) FROM atlas.report) - date '1970-01-01' AS first,
        (SELECT as_of FROM atlas.load ORDER BY load_id DESC LIMIT 1) - date '1970-01-01' AS last
),

dated AS MATERIALIZED (
    SELECT
        activity_after,
        event_kind,
        lower(possible) - date '1970-01-01' AS opens,
        upper(possible) - 1 - date '1970-01-01' AS closes,
        LEAST(
            GREATEST(COALESCE(lower(possible), upper(possible) - 1) - date '1970-01-01', span.first),
            span.last
        ) AS begins,
        LEAST(
            GREATEST(COALESCE(upper(possible) - 1, lower(possible)) - date '1970-01-01', span.first),
            span.last
        ) AS ends,
        span.first,
        span.last
    FROM listed
    CROSS JOIN span
),

-- A report adds its share to every day from the one on which it begins, and no longer from the day after its end.
change AS (
    SELECT activity_after, event_kind, begins AS day, 1.0 / (ends - begins + 1) AS share
    FROM dated
    UNION ALL
    SELECT activity_after, event_kind, ends + 1, -1.0 / (ends - begins + 1)
    FROM dated
),

changed AS (
    SELECT
        CASE WHEN GROUPING(activity_after) = 0 THEN 'activity' ELSE 'event_kind' END AS list,
        COALESCE(activity_after, event_kind) AS code,
        number,
        sum(CAST(share AS double precision)) AS share,
        sum(CAST(share * (day - (SELECT first FROM span)) AS double precision)) AS moment
    FROM (
        SELECT
            activity_after,
            event_kind,
            day,
            share,
            CAST(
                extract(YEAR FROM date '1970-01-01' + day) * 12
                + extract(MONTH FROM date '1970-01-01' + day) - 1 AS integer
            ) AS number
        FROM change
        WHERE day IS NOT NULL
    ) AS placed
    GROUP BY GROUPING SETS ((activity_after, number), (event_kind, number))
),

month AS (
    SELECT
        number,
        make_date(number / 12, number % 12 + 1, 1) - date '1970-01-01' - span.first AS starts
    FROM span
    CROSS JOIN LATERAL generate_series(
        CAST(extract(YEAR FROM date '1970-01-01' + span.first) * 12
            + extract(MONTH FROM date '1970-01-01' + span.first) AS integer) - 1,
        CAST(extract(YEAR FROM date '1970-01-01' + span.last) * 12
            + extract(MONTH FROM date '1970-01-01' + span.last) AS integer)
    ) AS numbers (number)
),

-- Reports before a month: every change of the months before it, times the days since.
before AS (
    SELECT
        list,
        code,
        number,
        COALESCE(
            sum(changed.share) OVER earlier * starts - sum(changed.moment) OVER earlier, 0
        ) AS so_far
    FROM month
    CROSS JOIN (SELECT DISTINCT list, code FROM changed) AS class
    LEFT JOIN changed USING (list, code, number)
    WINDOW earlier AS (
        PARTITION BY list, code ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

bar AS (
    SELECT
        list,
        code,
        number,
        round(
            CAST(lead(so_far) OVER (PARTITION BY list, code ORDER BY number) - so_far AS numeric), 6
        ) AS reports
    FROM before
),

bars AS (
    SELECT list, code, array_to_json(array_agg(reports ORDER BY number)) AS months
    FROM bar
    WHERE reports IS NOT NULL
    GROUP BY list, code
)

SELECT CAST(
    json_build_object(
        'reports', (SELECT count(*) FROM listed),
        'first_day', (SELECT first FROM span),
        'last_day', (SELECT last FROM span),
        'first_month', (SELECT min(number) FROM month),
        'activity', (SELECT COALESCE(json_object_agg(code, months), '{}') FROM bars WHERE list = 'activity'),
        'event_kind', (SELECT COALESCE(json_object_agg(code, months), '{}') FROM bars WHERE list = 'event_kind'),
        -- Day and number: null where nothing limits it.
        'opens', (
            SELECT COALESCE(json_agg(json_build_array(opens, n) ORDER BY opens), '[]')
            FROM (SELECT opens, count(*) AS n FROM dated GROUP BY opens) AS days
        ),
        'closes', (
            SELECT COALESCE(json_agg(json_build_array(closes, n) ORDER BY closes), '[]')
            FROM (SELECT closes, count(*) AS n FROM dated GROUP BY closes) AS days
        )
    ) AS text
)
