"""Every code list, each member with its meaning. Files, database, API, map and print read these.

Grades are those of the Admiralty system as NATO uses it (AJP-2.1, STANAG 2511): a letter for the
source, a number for the claim, judged apart from each other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A member of a code list: its value is what data hold, `meaning` is for people."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """Make the member a plain string that also carries its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class SourceKind(Code):
    """What sort of document a source is."""

    UN_COMMUNICATION = "un-communication", "letter of UN special procedures"
    UN_REPORT = "un-report", "report of a UN body"
    GOVERNMENT = "government", "statement or document of a government"
    SANCTIONS_NOTICE = "sanctions-notice", "notice of sanctions"
    COURT = "court", "court document"
    NGO_REPORT = "ngo-report", "report of a non-governmental organisation"
    RESEARCH = "research", "research or investigation"
    NEWS = "news", "news report"
    REFERENCE = "reference", "reference work"


class Reliability(Code):
    """How reliable a source is (Admiralty letter)."""

    A = "A", "completely reliable"
    B = "B", "usually reliable"
    C = "C", "fairly reliable"
    D = "D", "not usually reliable"
    E = "E", "unreliable"
    F = "F", "reliability cannot be judged"


class Credibility(Code):
    """How credible a claim is (Admiralty number)."""

    CONFIRMED = "1", "confirmed by other sources"
    PROBABLY_TRUE = "2", "probably true"
    POSSIBLY_TRUE = "3", "possibly true"
    DOUBTFUL = "4", "doubtful"
    IMPROBABLE = "5", "improbable"
    CANNOT_BE_JUDGED = "6", "truth cannot be judged"


class SiteKind(Code):
    """What sort of place a site is."""

    COMPOUND = "compound", "compound: a building or a walled group of buildings"
    ZONE = "zone", "zone: a business or border zone with several compounds"
    TOWN = "town", "town"
    CITY = "city", "city"
    DISTRICT = "district", "district or township"
    SELF_ADMINISTERED_ZONE = "self-administered-zone", "self-administered zone"
    ISLAND = "island", "island"
    STATE = "state", "state, region or province"
    COUNTRY = "country", "country"
    RIVER_CROSSING = "river-crossing", "crossing of a border or river"


class PlaceRole(Code):
    """Why a site is in the atlas."""

    HOTSPOT = "hotspot", "reports speak of scam operations here"
    CONTEXT = (
        "context",
        "only for orientation: transit or reception place, crossing, state or country",
    )


class EventKind(Code):
    """What a report says happened."""

    ESTABLISHED = "established", "set up"
    OPERATING = "operating", "operating"
    EXPANSION = "expansion", "expansion"
    RELOCATION_IN = "relocation-in", "operators or people arrived"
    RELOCATION_OUT = "relocation-out", "operators or people left"
    CONFLICT = "conflict", "fighting"
    RAID = "raid", "raid or arrests"
    RELEASE = "release", "people released or rescued"
    DEMOLITION = "demolition", "buildings demolished"
    CLOSURE = "closure", "closure"
    SANCTION = "sanction", "sanctions, warrants or charges"
    INFRASTRUCTURE_CUT = "infrastructure-cut", "power, internet or fuel cut"
    RESUMPTION = "resumption", "resumption after a stop"
    STATEMENT = "statement", "statement"


class Activity(Code):
    """What a report says of the scam activity after the event."""

    EXPANDING = "expanding", "reported active and growing"
    ACTIVE = "active", "reported active"
    REDUCED = "reduced", "reported reduced"
    CLOSED = "closed", "reported closed"
    UNKNOWN = "unknown", "not known: no report says, or none for a long time"


class PeopleKind(Code):
    """Whom a number of people counts."""

    WORKERS = "workers", "people working there, held or not"
    RELEASED = "released", "people released or rescued"
    DETAINED = "detained", "people arrested or held by authorities"
    FLED = "fled", "people who left or fled"
    REPATRIATED = "repatriated", "people returned to their countries"
    KILLED = "killed", "people killed"
    TRAFFICKED = "trafficked", "people identified as trafficked"


class ActorKind(Code):
    """What sort of actor it is."""

    STATE_ARMED_FORCE = "state-armed-force", "armed force of a state"
    STATE_ALIGNED_MILITIA = "state-aligned-militia", "militia or border guard aligned with a state"
    ETHNIC_ARMED_ORGANISATION = "ethnic-armed-organisation", "ethnic armed organisation"
    COMPANY = "company", "company"
    CRIMINAL_NETWORK = "criminal-network", "criminal network"
    GOVERNMENT = "government", "government body"
    LAW_ENFORCEMENT = "law-enforcement", "police or other law enforcement"
    PERSON = (
        "person",
        "person named by a sanctions notice, indictment, judgment or arrest warrant",
    )


class Role(Code):
    """What an actor is said to do at a site."""

    CONTROLS_TERRITORY = "controls-territory", "controls the territory"
    PROTECTS = "protects", "protects or guards"
    OPERATES = "operates", "operates"
    OWNS_LAND = "owns-land", "owns the land or buildings"
    INVESTS = "invests", "invests"
    CONTESTS = "contests", "contests control"
    POLICES = "polices", "polices, raids or inspects"


class Cause(Code):
    """What a source gives as the reason for a displacement."""

    ARMED_CONFLICT = "armed-conflict", "armed conflict"
    RAID = "raid", "raid or crackdown"
    INFRASTRUCTURE_CUT = "infrastructure-cut", "power, internet or fuel cut"
    SANCTIONS = "sanctions", "sanctions"
    RELEASE = "release", "release of people"
    CONSCRIPTION = "conscription", "conscription"
    BUSINESS = "business", "business reasons"


class Certainty(Code):
    """How a filter in time is to be answered."""

    POSSIBLE = "possible", "all that may hold at the time asked for"
    CERTAIN = "certain", "only what holds whatever the truth of uncertain dates"
