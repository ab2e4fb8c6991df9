"""The claims: sources, sites, actors, reports, control, displacement; loads and revisions.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SLUG = "~ '^[a-z0-9]+(--?[a-z0-9]+)*$'"

TABLES = f"""
CREATE TABLE atlas.source (
    source_id text COLLATE "C" PRIMARY KEY
        CONSTRAINT source_id_is_a_slug CHECK (source_id {SLUG} AND length(source_id) <= 80),
    title text NOT NULL CONSTRAINT source_has_a_title CHECK (btrim(title) <> ''),
    publisher text NOT NULL CONSTRAINT source_has_a_publisher CHECK (btrim(publisher) <> ''),
    kind text NOT NULL CONSTRAINT source_kind_is_known CHECK (kind IN (
        'un-communication', 'un-report', 'government', 'sanctions-notice', 'court', 'ngo-report',
        'research', 'news', 'reference')),
    published text,
    possible daterange NOT NULL CONSTRAINT source_possible_is_not_empty CHECK (NOT isempty(possible)),
    certain daterange NOT NULL CONSTRAINT source_certain_is_possible CHECK (certain <@ possible),
    url text CONSTRAINT source_url_is_http CHECK (url ~ '^https?://'),
    language text NOT NULL CONSTRAINT source_language_is_iso_639 CHECK (language ~ '^[a-z]{{2,3}}$'),
    reliability text NOT NULL CONSTRAINT source_reliability_is_admiralty CHECK (
        reliability IN ('A', 'B', 'C', 'D', 'E', 'F'))
);

CREATE TABLE atlas.site (
    site_id text COLLATE "C" PRIMARY KEY
        CONSTRAINT site_id_is_a_slug CHECK (site_id {SLUG} AND length(site_id) <= 80),
    name text NOT NULL CONSTRAINT site_has_a_name CHECK (btrim(name) <> ''),
    names_other text[] NOT NULL,
    kind text NOT NULL CONSTRAINT site_kind_is_known CHECK (kind IN (
        'compound', 'zone', 'town', 'city', 'district', 'self-administered-zone', 'island', 'state',
        'country', 'river-crossing')),
    place_role text NOT NULL CONSTRAINT site_place_role_is_known CHECK (
        place_role IN ('hotspot', 'context')),
    country text NOT NULL CONSTRAINT site_country_is_iso_3166 CHECK (country ~ '^[A-Z]{{2}}$'),
    admin1 text,
    admin2 text,
    geom geometry(Point, 4326) NOT NULL CONSTRAINT site_lies_on_earth CHECK (
        ST_X(geom) BETWEEN -180 AND 180 AND ST_Y(geom) BETWEEN -90 AND 90),
    precision_m integer NOT NULL CONSTRAINT site_precision_is_a_radius CHECK (
        precision_m BETWEEN 1 AND 20000000),
    location_basis text NOT NULL CONSTRAINT site_location_has_a_basis CHECK (
        btrim(location_basis) <> ''),
    location_source_id text COLLATE "C" NOT NULL REFERENCES atlas.source ON DELETE RESTRICT,
    parent_site_id text COLLATE "C" REFERENCES atlas.site ON DELETE RESTRICT
        CONSTRAINT site_is_not_its_own_parent CHECK (parent_site_id <> site_id),
    note text
);

CREATE TABLE atlas.actor (
    actor_id text COLLATE "C" PRIMARY KEY
        CONSTRAINT actor_id_is_a_slug CHECK (actor_id {SLUG} AND length(actor_id) <= 80),
    name text NOT NULL CONSTRAINT actor_has_a_name CHECK (btrim(name) <> ''),
    names_other text[] NOT NULL,
    kind text NOT NULL CONSTRAINT actor_kind_is_known CHECK (kind IN (
        'state-armed-force', 'state-aligned-militia', 'ethnic-armed-organisation', 'company',
        'criminal-network', 'government', 'law-enforcement', 'person')),
    parent_actor_id text COLLATE "C" REFERENCES atlas.actor ON DELETE RESTRICT
        CONSTRAINT actor_is_not_its_own_parent CHECK (parent_actor_id <> actor_id),
    country text CONSTRAINT actor_country_is_iso_3166 CHECK (country ~ '^[A-Z]{{2}}$'),
    active_from text,
    active_to text,
    possible daterange NOT NULL CONSTRAINT actor_possible_is_not_empty CHECK (NOT isempty(possible)),
    note text,
    source_id text COLLATE "C" NOT NULL REFERENCES atlas.source ON DELETE RESTRICT
);

CREATE TABLE atlas.report (
    report_id text COLLATE "C" PRIMARY KEY
        CONSTRAINT report_id_is_a_slug CHECK (report_id {SLUG} AND length(report_id) <= 80),
    site_id text COLLATE "C" NOT NULL REFERENCES atlas.site ON DELETE RESTRICT,
    occurred text NOT NULL CONSTRAINT report_has_a_date CHECK (btrim(occurred) <> ''),
    possible daterange NOT NULL CONSTRAINT report_possible_is_not_empty CHECK (NOT isempty(possible)),
    certain daterange NOT NULL CONSTRAINT report_certain_is_possible CHECK (certain <@ possible),
    observed daterange NOT NULL CONSTRAINT report_observed_is_bounded CHECK (
        NOT lower_inf(observed) AND NOT upper_inf(observed)),
    event_kind text NOT NULL CONSTRAINT report_event_kind_is_known CHECK (event_kind IN (
        'established', 'operating', 'expansion', 'relocation-in', 'relocation-out', 'conflict',
        'raid', 'release', 'demolition', 'closure', 'sanction', 'infrastructure-cut', 'resumption',
        'statement')),
    activity_after text NOT NULL CONSTRAINT report_activity_is_known CHECK (activity_after IN (
        'expanding', 'active', 'reduced', 'closed', 'unknown')),
    summary text NOT NULL CONSTRAINT report_has_a_summary CHECK (btrim(summary) <> ''),
    people_min integer CONSTRAINT report_people_min_is_a_number CHECK (people_min >= 0),
    people_max integer CONSTRAINT report_people_max_is_a_number CHECK (people_max >= 0),
    people_kind text CONSTRAINT report_people_kind_is_known CHECK (people_kind IN (
        'workers', 'released', 'detained', 'fled', 'repatriated', 'killed', 'trafficked')),
    source_id text COLLATE "C" NOT NULL REFERENCES atlas.source ON DELETE RESTRICT,
    locator text NOT NULL CONSTRAINT report_has_a_locator CHECK (btrim(locator) <> ''),
    credibility smallint NOT NULL CONSTRAINT report_credibility_is_admiralty CHECK (
        credibility BETWEEN 1 AND 6),
    CONSTRAINT report_people_are_ordered CHECK (people_min <= people_max)
);

CREATE TABLE atlas.control (
    control_id text COLLATE "C" PRIMARY KEY
        CONSTRAINT control_id_is_a_slug CHECK (control_id {SLUG} AND length(control_id) <= 80),
    site_id text COLLATE "C" NOT NULL REFERENCES atlas.site ON DELETE RESTRICT,
    actor_id text COLLATE "C" NOT NULL REFERENCES atlas.actor ON DELETE RESTRICT,
    role text NOT NULL CONSTRAINT control_role_is_known CHECK (role IN (
        'controls-territory', 'protects', 'operates', 'owns-land', 'invests', 'contests',
        'polices')),
    valid text NOT NULL CONSTRAINT control_has_a_period CHECK (btrim(valid) <> ''),
    held_on text,
    possible daterange NOT NULL CONSTRAINT control_possible_is_not_empty CHECK (NOT isempty(possible)),
    certain daterange NOT NULL CONSTRAINT control_certain_is_possible CHECK (certain <@ possible),
    said daterange NOT NULL,
    source_id text COLLATE "C" NOT NULL REFERENCES atlas.source ON DELETE RESTRICT,
    locator text NOT NULL CONSTRAINT control_has_a_locator CHECK (btrim(locator) <> ''),
    start_source_id text COLLATE "C" REFERENCES atlas.source ON DELETE RESTRICT,
    end_source_id text COLLATE "C" REFERENCES atlas.source ON DELETE RESTRICT,
    credibility smallint NOT NULL CONSTRAINT control_credibility_is_admiralty CHECK (
        credibility BETWEEN 1 AND 6),
    note text
);

CREATE TABLE atlas.displacement (
    flow_id text COLLATE "C" PRIMARY KEY
        CONSTRAINT flow_id_is_a_slug CHECK (flow_id {SLUG} AND length(flow_id) <= 80),
    from_site_id text COLLATE "C" REFERENCES atlas.site ON DELETE RESTRICT,
    to_site_id text COLLATE "C" REFERENCES atlas.site ON DELETE RESTRICT,
    moved text NOT NULL CONSTRAINT displacement_has_a_date CHECK (btrim(moved) <> ''),
    possible daterange NOT NULL CONSTRAINT displacement_possible_is_not_empty CHECK (
        NOT isempty(possible)),
    certain daterange NOT NULL CONSTRAINT displacement_certain_is_possible CHECK (
        certain <@ possible),
    cause text CONSTRAINT displacement_cause_is_known CHECK (cause IN (
        'armed-conflict', 'raid', 'infrastructure-cut', 'sanctions', 'release', 'conscription',
        'business')),
    summary text NOT NULL CONSTRAINT displacement_has_a_summary CHECK (btrim(summary) <> ''),
    people_min integer CONSTRAINT displacement_people_min_is_a_number CHECK (people_min >= 0),
    people_max integer CONSTRAINT displacement_people_max_is_a_number CHECK (people_max >= 0),
    source_id text COLLATE "C" NOT NULL REFERENCES atlas.source ON DELETE RESTRICT,
    locator text NOT NULL CONSTRAINT displacement_has_a_locator CHECK (btrim(locator) <> ''),
    credibility smallint NOT NULL CONSTRAINT displacement_credibility_is_admiralty CHECK (
        credibility BETWEEN 1 AND 6),
    CONSTRAINT displacement_has_an_end CHECK (num_nonnulls(from_site_id, to_site_id) >= 1),
    CONSTRAINT displacement_goes_somewhere_else CHECK (from_site_id <> to_site_id),
    CONSTRAINT displacement_people_are_ordered CHECK (people_min <= people_max)
);

-- What each load brought, and what it replaced: nothing that was once held is lost.
CREATE TABLE atlas.load (
    load_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    as_of date NOT NULL,
    sha256 text NOT NULL CONSTRAINT load_has_a_hash CHECK (sha256 ~ '^[0-9a-f]{{64}}$')
);

CREATE TABLE atlas.revision (
    revision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    load_id integer NOT NULL REFERENCES atlas.load,
    entity text NOT NULL,
    row_id text NOT NULL,
    change text NOT NULL CONSTRAINT revision_change_is_known CHECK (
        change IN ('corrected', 'withdrawn')),
    before jsonb NOT NULL
);
"""

INDEXES = """
CREATE INDEX site_geom_gist ON atlas.site USING gist (geom);
CREATE INDEX site_parent ON atlas.site (parent_site_id);
CREATE INDEX report_site_observed ON atlas.report (site_id, lower(observed));
CREATE INDEX report_possible_gist ON atlas.report USING gist (possible);
CREATE INDEX report_source ON atlas.report (source_id);
CREATE INDEX control_site ON atlas.control (site_id);
CREATE INDEX control_actor ON atlas.control (actor_id);
CREATE INDEX control_possible_gist ON atlas.control USING gist (possible);
CREATE INDEX control_source ON atlas.control (source_id);
CREATE INDEX displacement_from ON atlas.displacement (from_site_id);
CREATE INDEX displacement_to ON atlas.displacement (to_site_id);
CREATE INDEX displacement_possible_gist ON atlas.displacement USING gist (possible);
CREATE INDEX displacement_source ON atlas.displacement (source_id);
CREATE INDEX revision_row ON atlas.revision (entity, row_id);
"""


def upgrade() -> None:
    for script in (TABLES, INDEXES):
        op.execute(script)


def downgrade() -> None:
    raise NotImplementedError("would lose the claims: restore a backup instead")
