-- The state of every site at the day :at (null = the day of the data), derived from claims; the rules are numbered as in
-- docs/method.md. :unknown_after_days and :contest_days are the two settings of the rules. :sites are those whose state is
-- asked for and the areas around them, null for all. :certain takes the word of uncertain dates for nothing: a report
-- counts from the day by which it certainly held, a role where it certainly does.
WITH at_day AS (
    SELECT COALESCE(
        CAST(:at AS date), (SELECT as_of FROM atlas.load ORDER BY load_id DESC LIMIT 1)
    ) AS t
),

-- Rule 1: which reports count. Rule 2: the day on which each observed, as seen from :at.
told AS (
    SELECT
        report.*,
        LEAST(at_day.t, upper(report.observed) - 1) AS observed_day,
        source.title AS source_title,
        source.publisher AS source_publisher,
        source.published AS source_published,
        source.url AS source_url,
        source.reliability,
        report.activity_after <> 'unknown' AND report.credibility <= 4 AS counts,
        report.activity_after IN ('active', 'expanding') AS runs
    FROM atlas.report
    CROSS JOIN at_day
    JOIN atlas.source USING (source_id)
    WHERE CASE
            WHEN CAST(:certain AS boolean)
                THEN COALESCE(lower(report.certain), upper(report.possible) - 1)
            ELSE lower(report.observed)
        END <= at_day.t
        AND (CAST(:sites AS text[]) IS NULL OR report.site_id = ANY (CAST(:sites AS text[])))
),

-- Rule 3: the latest observed day decides; on one day the better grade.
deciding AS (
    SELECT DISTINCT ON (site_id) site_id, report_id, observed_day, activity_after, runs
    FROM told
    WHERE counts
    ORDER BY site_id, observed_day DESC, credibility, reliability, report_id
),

-- What the state rests on: the deciding report and those observed shortly before it; where no
-- report counts, the newest ones that were there.
evidence AS (
    SELECT
        told.*,
        told.report_id IS NOT DISTINCT FROM deciding.report_id AS decides,
        told.runs <> deciding.runs AS contradicts,
        row_number() OVER (
            PARTITION BY told.site_id
            ORDER BY told.observed_day DESC, told.credibility, told.reliability, told.report_id
        ) AS place
    FROM told
    LEFT JOIN deciding USING (site_id)
    WHERE deciding.report_id IS NULL
        OR (told.counts AND told.observed_day >= deciding.observed_day - :contest_days)
),

evidence_of AS (
    SELECT
        site_id,
        bool_or(contradicts) AS contested,
        json_agg(
            json_build_object(
                'report_id', report_id,
                'occurred', occurred,
                'observed', observed_day,
                'event_kind', event_kind,
                'activity_after', activity_after,
                'summary', summary,
                'decides', decides,
                'source_id', source_id,
                'source_title', source_title,
                'source_publisher', source_publisher,
                'source_published', source_published,
                'source_url', source_url,
                'reliability', reliability,
                'locator', locator,
                'credibility', credibility
            )
            ORDER BY decides DESC, place
        ) AS evidence
    FROM evidence
    WHERE place <= 3 OR contradicts IS NOT NULL
    GROUP BY site_id
),

-- Rule 7: what stands beside the state.
counted AS (
    SELECT
        site_id,
        min(lower(observed)) AS first_reported,
        count(*) AS reports_count,
        count(DISTINCT source_id) AS sources_count,
        count(DISTINCT source_publisher) AS publishers_count
    FROM told
    GROUP BY site_id
),

-- Rule 6: who is said to have which role, and the last day up to :at on which a source says so.
holding AS (
    SELECT
        control.*,
        actor.name AS actor_name,
        actor.kind AS actor_kind,
        control.certain @> at_day.t AS is_certain,
        CASE
            WHEN lower(control.said) <= at_day.t
                THEN LEAST(at_day.t, upper(control.said) - 1)
        END AS last_said,
        source.title AS source_title,
        source.publisher AS source_publisher,
        source.published AS source_published,
        source.url AS source_url,
        source.reliability
    FROM atlas.control
    CROSS JOIN at_day
    JOIN atlas.actor USING (actor_id)
    JOIN atlas.source ON source.source_id = control.source_id
    WHERE CASE WHEN CAST(:certain AS boolean) THEN control.certain ELSE control.possible END
        @> at_day.t
        AND (CAST(:sites AS text[]) IS NULL OR control.site_id = ANY (CAST(:sites AS text[])))
),

holding_of AS (
    SELECT
        site_id,
        json_agg(
            json_build_object(
                'control_id', control_id,
                'actor_id', actor_id,
                'actor_name', actor_name,
                'actor_kind', actor_kind,
                'role', role,
                'valid', valid,
                'held_on', held_on,
                'certainty', CASE WHEN is_certain THEN 'certain' ELSE 'possible' END,
                'last_said', last_said,
                'last_said_age_days', at_day.t - last_said,
                'possible_from', lower(possible),
                'possible_to', upper(possible) - 1,
                'certain_from', lower(certain),
                'certain_to', upper(certain) - 1,
                'note', note,
                'source_id', source_id,
                'source_title', source_title,
                'source_publisher', source_publisher,
                'source_published', source_published,
                'source_url', source_url,
                'reliability', reliability,
                'locator', locator,
                'credibility', credibility
            )
            ORDER BY role, last_said DESC NULLS LAST, credibility, control_id
        ) AS control
    FROM holding
    CROSS JOIN at_day
    GROUP BY site_id
),

ancestry AS (
    WITH RECURSIVE above AS (
        SELECT actor_id, parent_actor_id AS ancestor_id
        FROM atlas.actor
        WHERE parent_actor_id IS NOT NULL
        UNION
        SELECT above.actor_id, actor.parent_actor_id
        FROM above
        JOIN atlas.actor ON actor.actor_id = above.ancestor_id
        WHERE actor.parent_actor_id IS NOT NULL
    )
    SELECT actor_id, ancestor_id FROM above
),

disputed AS (
    SELECT site_id FROM holding WHERE role = 'contests'
    UNION
    SELECT one.site_id
    FROM holding AS one
    JOIN holding AS other
        ON other.site_id = one.site_id AND other.actor_id > one.actor_id
    WHERE one.role = 'controls-territory'
        AND other.role = 'controls-territory'
        AND NOT EXISTS (
            SELECT FROM ancestry
            WHERE (ancestry.actor_id, ancestry.ancestor_id)
                IN ((one.actor_id, other.actor_id), (other.actor_id, one.actor_id))
        )
)

SELECT
    site.site_id AS id,
    site.site_id,
    site.name,
    site.names_other,
    site.kind,
    site.place_role,
    site.country,
    site.admin1,
    site.admin2,
    site.parent_site_id,
    parent.name AS parent_name,
    site.precision_m,
    site.location_basis,
    site.location_source_id,
    location_source.title AS location_source_title,
    location_source.publisher AS location_source_publisher,
    location_source.url AS location_source_url,
    site.note,
    at_day.t AS datetime,
    -- Rule 4: absence is neither closure nor activity.
    CASE
        WHEN deciding.observed_day >= at_day.t - :unknown_after_days THEN deciding.activity_after
        ELSE 'unknown'
    END AS activity,
    deciding.activity_after AS last_known_activity,
    deciding.observed_day AS last_observed,
    at_day.t - deciding.observed_day AS age_days,
    -- Rule 5.
    COALESCE(
        evidence_of.contested AND deciding.observed_day >= at_day.t - :unknown_after_days, false
    ) AS contested,
    COALESCE(evidence_of.evidence, '[]'::json) AS evidence,
    COALESCE(holding_of.control, '[]'::json) AS control,
    disputed.site_id IS NOT NULL AS disputed,
    counted.first_reported,
    COALESCE(counted.reports_count, 0) AS reports_count,
    COALESCE(counted.sources_count, 0) AS sources_count,
    COALESCE(counted.publishers_count, 0) AS publishers_count,
    COALESCE(around.reports_count, 0) AS parent_reports_count,
    '(,)'::daterange AS possible,
    '(,)'::daterange AS certain,
    site.geom
FROM atlas.site
CROSS JOIN at_day
JOIN atlas.source AS location_source ON location_source.source_id = site.location_source_id
LEFT JOIN atlas.site AS parent ON parent.site_id = site.parent_site_id
LEFT JOIN deciding ON deciding.site_id = site.site_id
LEFT JOIN evidence_of ON evidence_of.site_id = site.site_id
LEFT JOIN holding_of ON holding_of.site_id = site.site_id
LEFT JOIN disputed ON disputed.site_id = site.site_id
LEFT JOIN counted ON counted.site_id = site.site_id
LEFT JOIN counted AS around ON around.site_id = site.parent_site_id
-- Before its first report nobody had spoken of a site; one without any report is only a place.
WHERE counted.site_id IS NOT NULL
    OR NOT EXISTS (SELECT FROM atlas.report WHERE report.site_id = site.site_id)
