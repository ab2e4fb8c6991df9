"""Dossiers broken in a cell, or between cells."""

from __future__ import annotations

from tests.geo.dossier.broken_dossier import case, replace

# fmt: off
TEXT_CASES = [
    case(
        "a blank at the end", replace("sources.csv", "A letter", "A letter "), "sources.csv", 2,
        "title", "blanks", "'A letter'",
    ),
    case(
        "a bidi override", replace("sources.csv", "A letter", "A \u202eletter"), "sources.csv", 2,
        "title", "U+202E (RIGHT-TO-LEFT OVERRIDE)", "'A letter'",
    ),
    case(
        "a control character", replace("actors.csv", "The army", "The \x07army"), "actors.csv", 2,
        "name", "U+0007", "'The army'",
    ),
    case(
        "letters that are not NFC", replace("sources.csv", "A letter", "Cafe\u0301"),
        "sources.csv", 2, "title", "NFC", "'Café'",
    ),
    case(
        "a formula", replace("sources.csv", "A letter", "=HYPERLINK(1)"), "sources.csv", 2,
        "title", "spreadsheet formula", "'HYPERLINK(1)'",
    ),
    case(
        "a formula that starts with a minus",
        replace("sources.csv", "A letter", "-2+cmd|' /C calc'!A0"), "sources.csv", 2, "title",
        "spreadsheet formula", '"2+cmd|\' /C calc\'!A0"',
    ),
    case(
        "a cell of 10,001 characters",
        replace("reports.csv", "The letter names it.", "x" * 10_001), "reports.csv", 2, "summary",
        "at most 10000",
    ),
    case(
        "a line break in a name", replace("sites.csv", "KK Park,", '"KK\nPark",'), "sites.csv", 3,
        "name", "a line break",
    ),
    case(
        "a required cell left empty", replace("reports.csv", "paragraph 3", ""), "reports.csv", 2,
        "locator", "must not be empty",
    ),
    case(
        "a fault after a cell of two lines", replace("reports.csv", "news-1,opening", "news-1,"),
        "reports.csv", 4, "locator", "must not be empty",
    ),
    case(
        "an empty other name", replace("sites.csv", "ကရင်|克伦邦", "ကရင်||克伦邦"), "sites.csv", 2,
        "names_other", "an empty name", "'ကရင်|克伦邦'",
    ),
    case(
        "blanks around other names", replace("sites.csv", "ကရင်|克伦邦", "ကရင် | 克伦邦"),
        "sites.csv", 2, "names_other", "blanks around a |", "'ကရင်|克伦邦'",
    ),
    case(
        "another name twice", replace("sites.csv", "ကရင်|克伦邦", "克伦邦|克伦邦"), "sites.csv", 2,
        "names_other", "the same name twice", "'克伦邦'",
    ),
    case(
        "another name that is the name", replace("sites.csv", "KK zone", "KK zone|KK Park"),
        "sites.csv", 3, "names_other", "repeats the name", "'KK zone'",
    ),
]

ID_CASES = [
    case(
        "an id used twice", replace("reports.csv", "kk-park-2025-02,", "kk-park-2025-un,"),
        "reports.csv", 3, "report_id", "already used on line 2",
    ),
    case(
        "an id that is no slug",
        replace("displacement.csv", "kk-park-to-mae-sot", "KK Park → Mae Sot"), "displacement.csv",
        2, "flow_id", "an id is made of", "kk-park-mae-sot",
    ),
    case(
        "an unknown site", replace("reports.csv", "un,kk-park,", "un,kk-prak,"), "reports.csv", 2,
        "site_id", "no such id in sites.csv", "kk-park",
    ),
    case(
        "an unknown actor", replace("control.csv", "kk-park,bgf,", "kk-park,bgff,"), "control.csv",
        2, "actor_id", "no such id in actors.csv", "bgf",
    ),
    case(
        "an unknown source", replace("displacement.csv", ",un-letter,", ",un-leter,"),
        "displacement.csv", 3, "source_id", "no such id in sources.csv", "un-letter",
    ),
    case(
        "an unknown source of a start",
        replace("control.csv", "opening,un-letter", "opening,letter"), "control.csv", 2,
        "start_source_id", "no such id", "un-letter",
    ),
    case(
        "no source", replace("reports.csv", ",un-letter,", ",,"), "reports.csv", 2, "source_id",
        "must not be empty",
    ),
    case(
        "an unknown code", replace("reports.csv", "statement", "statment"), "reports.csv", 2,
        "event_kind", "not in the list", "statement",
    ),
    case(
        "a grade that there is not", replace("sources.csv", "en,B\nnews", "en,G\nnews"),
        "sources.csv", 2, "reliability", "not in the list: A, B",
    ),
    case(
        "sites that are each other's parent",
        replace("sites.csv", "whole state,un-letter,,", "whole state,un-letter,kk-park,"),
        "sites.csv", 2, "parent_site_id", "kayin → kk-park → kayin",
    ),
    case(
        "actors that are each other's parent",
        replace("actors.csv", "state-armed-force,,", "state-armed-force,bgf,"), "actors.csv", 2,
        "parent_actor_id", "army → bgf → army",
    ),
    case(
        "a site that is its own parent",
        replace("sites.csv", "given,news-1,kayin", "given,news-1,kk-park"), "sites.csv", 3,
        "parent_site_id", "not its own parent",
    ),
]

DATE_CASES = [
    case(
        "a date that is no EDTF", replace("reports.csv", "2025-03-10", "10.03.2025"),
        "reports.csv", 2, "event_date", "not EDTF", "2025-03-10",
    ),
    case(
        "nonsense for a date", replace("reports.csv", "2025-03-10", "last spring"), "reports.csv",
        2, "event_date", "not EDTF",
    ),
    case(
        "a month 13", replace("displacement.csv", "2025-02", "2025-13"), "displacement.csv", 2,
        "moved", "no month 13",
    ),
    case(
        "an interval that ends before it starts", replace("control.csv", "2021/..", "2021/2019"),
        "control.csv", 2, "valid", "ends before it starts", "2019/2021",
    ),
    case(
        "an interval for one date", replace("actors.csv", "2010", "2010/2011"), "actors.csv", 3,
        "active_from", "not an interval",
    ),
    case(
        "an actor that ends before it begins", replace("actors.csv", "2010,", "2010,2009"),
        "actors.csv", 3, "active_to", "before active_from",
    ),
    case(
        "a source of after the dossier's day", replace("sources.csv", "2025-03-10", "2026-03-10"),
        "sources.csv", 2, "published", "lies after 2025-03-31",
    ),
    case(
        "a report of after the dossier's day", replace("reports.csv", "2025-03-10", "2025-04-01"),
        "reports.csv", 2, "event_date", "lies after 2025-03-31",
    ),
    case(
        "a report of after its source", replace("reports.csv", "2025-03-10", "2025-03-11"),
        "reports.csv", 2, "event_date",
        "lies after its source un-letter was published (2025-03-10)",
    ),
    case(
        "a source for a start that is not known", replace("control.csv", "2021/..", "../.."),
        "control.csv", 2, "start_source_id", "no known start",
    ),
    case(
        "a source for an end that is not known",
        replace("control.csv", "opening,un-letter,,", "opening,un-letter,news-1,"), "control.csv",
        2, "end_source_id", "no known end",
    ),
]

NUMBER_CASES = [
    case(
        "latitude 91", replace("sites.csv", "16.631", "91"), "sites.csv", 3, "lat",
        "from -90 to 90",
    ),
    case(
        "a longitude that is not a number", replace("sites.csv", "98.557", "NaN"), "sites.csv", 3,
        "lon", "digits with a point",
    ),
    case(
        "a longitude with an exponent", replace("sites.csv", "98.557", "9.8557e1"), "sites.csv", 3,
        "lon", "exponent",
    ),
    case(
        "a decimal comma", replace("sites.csv", "16.631", '"16,631"'), "sites.csv", 3, "lat",
        "digits with a point", "16.631",
    ),
    case(
        "lon and lat swapped", replace("sites.csv", "98.557,16.631", "16.631,98.557"), "sites.csv",
        3, "lat", "from -90 to 90", "lon 98.557, lat 16.631: the two swapped",
    ),
    case(
        "lon and lat swapped, outside the country",
        replace("sites.csv", "MM,Kayin State,,98.557,16.631", "XX,,,35.5,15"), "sites.csv",
        3, "lon", "km outside XX", "lon 15.0, lat 35.5: the two swapped",
    ),
    case(
        "a point in the next country", replace("sites.csv", "98.557", "101"), "sites.csv", 3,
        "lon", "outside MM, farther than its precision_m (2500 m)", "country TH",
    ),
    case(
        "precision 0", replace("sites.csv", ",2500,", ",0,"), "sites.csv", 3, "precision_m",
        "above 0",
    ),
    case(
        "a negative precision", replace("sites.csv", ",2500,", ",-2500,"), "sites.csv", 3,
        "precision_m", "above 0",
    ),
    case(
        "a precision with a point", replace("sites.csv", ",2500,", ",2500.0,"), "sites.csv", 3,
        "precision_m", "digits only", "2500",
    ),
    case(
        "a thousands separator", replace("sites.csv", ",150000,", ',"150,000",'), "sites.csv", 2,
        "precision_m", "digits only", "150000",
    ),
    case(
        "fewer people at most than at least", replace("reports.csv", "50,60", "60,50"),
        "reports.csv", 4, "people_max", "less than people_min",
    ),
    case(
        "more people than live on Earth", replace("reports.csv", "50,60", "50,99999999999"),
        "reports.csv", 4, "people_max", "a number of at most 1000000000",
    ),
    case(
        "a negative number of people", replace("displacement.csv", "crossed.,50", "crossed.,-50"),
        "displacement.csv", 2, "people_min", "not negative",
    ),
    case(
        "a movement with no end", replace("displacement.csv", ",,kayin,", ",,,"),
        "displacement.csv", 3, "to_site_id", "at least one known end",
    ),
    case(
        "a movement to where it began",
        replace("displacement.csv", "kk-park,mae-sot", "kk-park,kk-park"), "displacement.csv", 2,
        "to_site_id", "does not end where it starts",
    ),
    case(
        "an address of another scheme",
        replace("sources.csv", "https://example", "javascript://example"), "sources.csv", 3, "url",
        "http:// or https://",
    ),
    case(
        "a country in small letters", replace("actors.csv", ",MM,1962", ",mm,1962"), "actors.csv",
        2, "country", "two capital letters",
    ),
]
# fmt: on
