SELECT
    actor.actor_id AS id,
    actor.actor_id,
    actor.name,
    actor.names_other,
    actor.kind,
    actor.parent_actor_id,
    parent.name AS parent_name,
    actor.country,
    actor.active_from,
    actor.active_to,
    actor.note,
    (SELECT count(*) FROM atlas.control WHERE control.actor_id = actor.actor_id) AS controls_count,
    actor.source_id,
    source.title AS source_title,
    source.publisher AS source_publisher,
    source.kind AS source_kind,
    source.published AS source_published,
    source.url AS source_url,
    source.language AS source_language,
    source.reliability,
    NULL::text AS locator,
    NULL::smallint AS credibility,
    '(,)'::daterange AS possible,
    '(,)'::daterange AS certain,
    NULL::geometry AS geom
FROM atlas.actor
JOIN atlas.source USING (source_id)
LEFT JOIN atlas.actor AS parent ON parent.actor_id = actor.parent_actor_id
