"""The peers: each installed in a place of its own under BENCH_HOME, set up for the same table.

tipg and pygeoapi come from PyPI at the versions of benchmarks/peers/*.txt, martin by
`cargo install` or as a given program, pg_featureserv as a given program.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.data import DATABASE, PEERS_SCHEMA, PEERS_TABLE, ROLE, Database
from benchmarks.environments import make_environment, pinned, run
from benchmarks.progress import say
from benchmarks.servers import Command, Server, ServerError, uvicorn_command
from benchmarks.workloads import LEAN, TEMPLATES, read_templates

PINS = Path(__file__).parent / "peers"
MARTIN_VERSION = "1.14.0"
CONNECTIONS = 8
LARGEST_PAGE = 10_000


def tipg(home: Path, database: Database) -> Server:
    """From PyPI: one uvicorn worker."""
    python = make_environment(home, "tipg", PINS / "tipg.txt", least=(3, 11))
    environment = {
        "DATABASE_URL": database.hostless_url,
        "DB_MAX_CONN_SIZE": str(CONNECTIONS),
        "TIPG_DB_SCHEMAS": json.dumps([PEERS_SCHEMA]),
        "TIPG_DB_TABLES": json.dumps([f"{PEERS_SCHEMA}.{PEERS_TABLE}"]),
        "TIPG_CATALOG_TTL": "0",
        "TIPG_MAX_FEATURES_PER_QUERY": str(LARGEST_PAGE),
        "TIPG_MAX_FEATURES_PER_TILE": str(LARGEST_PAGE),
    }

    def command(port: int) -> Command:
        return uvicorn_command(python, "tipg.main:app", port, environment)

    version = pinned(PINS / "tipg.txt", "tipg")
    return Server("tipg", version, read_templates(TEMPLATES / "tipg.txt"), "/healthz", command)


def pygeoapi(home: Path, database: Database) -> Server:
    """From PyPI, the newest that a Python of this machine runs: one uvicorn worker."""
    pins = PINS / "pygeoapi.txt"
    try:
        python = make_environment(home, "pygeoapi", pins, least=(3, 12))
    except ServerError:
        pins = PINS / "pygeoapi-python3.11.txt"
        python = make_environment(home, "pygeoapi", pins, least=(3, 11))
    folder = home / "pygeoapi"
    folder.mkdir(exist_ok=True)

    def command(port: int) -> Command:
        config = folder / "config.json"  # JSON is YAML
        config.write_text(json.dumps(_pygeoapi_config(database, port)))
        environment = {"PYGEOAPI_CONFIG": str(config)}
        for kind in ("openapi", "asyncapi"):
            document = folder / f"{kind}.yml"
            environment[f"PYGEOAPI_{kind.upper()}"] = str(document)
            done = run([str(python.with_name("pygeoapi")), kind, "generate", str(config),
                         "-of", str(document)], environment)  # fmt: skip
            if done.returncode and kind == "openapi":
                raise ServerError(f"pygeoapi wrote no {kind} document: {done.stderr[-300:]}")
        return uvicorn_command(python, "pygeoapi.starlette_app:APP", port, environment)

    templates = read_templates(TEMPLATES / "pygeoapi.txt")
    return Server("pygeoapi", pinned(pins, "pygeoapi"), templates, "/conformance?f=json", command)


def _pygeoapi_config(database: Database, port: int) -> dict[str, object]:
    url = f"http://127.0.0.1:{port}"
    limits = {"default_items": 10, "max_items": LARGEST_PAGE, "on_exceed": "throttle"}
    anybody = dict.fromkeys(
        ("name", "position", "address", "city", "stateorprovince", "postalcode", "country",
         "phone", "fax", "email", "hours", "instructions"), "none",
    )  # fmt: skip
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": database.socket,
            "port": database.port,
            "dbname": DATABASE,
            "user": ROLE,
            "password": "none",
            "search_path": [PEERS_SCHEMA, "public"],
        },
        "id_field": "gid",
        "table": PEERS_TABLE,
        "geom_field": "geom",
        "time_field": "possible_from",
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "gzip": False,
            "pretty_print": False,
            "limits": limits,
            "map": {"url": f"{url}/none", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "benchmark", "description": "benchmark", "keywords": ["benchmark"],
                "keywords_type": "theme", "terms_of_service": "none", "url": url,
            },
            "license": {"name": "none", "url": url},
            "provider": {"name": "none", "url": url},
            "contact": {**anybody, "url": url, "role": "pointOfContact"},
        },
        "resources": {
            "reports": {
                "type": "collection",
                "title": "reports",
                "description": "reports",
                "keywords": ["reports"],
                "links": [],
                "extents": {"spatial": {"bbox": [92, 0, 127, 29], "crs": _CRS84}},
                "limits": limits,
                "providers": [provider],
            }
        },
    }  # fmt: skip


_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def pg_featureserv(program: Path, database: Database) -> Server:
    """A given pg_featureserv, on all cores."""
    asked = run([str(program), "--version"])
    version = (asked.stdout + asked.stderr).split()[-1:]
    environment = {
        "DATABASE_URL": database.keywords,
        "PGFS_SERVER_HTTPHOST": "127.0.0.1",
        "PGFS_DATABASE_TABLEINCLUDES": f"{PEERS_SCHEMA}.{PEERS_TABLE}",
        "PGFS_DATABASE_DBPOOLMAXCONNS": str(CONNECTIONS),
        "PGFS_PAGING_LIMITMAX": str(LARGEST_PAGE),
    }

    def command(port: int) -> Command:
        own = {**environment, "PGFS_SERVER_HTTPPORT": str(port)}
        return Command([str(program)], own, program.parent)

    templates = read_templates(TEMPLATES / "pg_featureserv.txt")
    return Server("pg_featureserv", "".join(version), templates, "/collections.json", command)


def martin(home: Path, database: Database, program: Path | None) -> Server:
    """martin, given or by `cargo install`, on all cores, without its cache of tiles."""
    program = program or _cargo_martin(home)
    asked = run([str(program), "--version"])
    columns = _column_types(database)
    config = home / "martin.json"  # JSON is YAML

    def command(port: int) -> Command:
        config.write_text(json.dumps(_martin_config(database, port, columns)))
        return Command([str(program), "--config", str(config)])

    templates = read_templates(TEMPLATES / "martin.txt")
    version = asked.stdout.strip().removeprefix("martin ") or "unknown"
    return Server("martin", version, templates, "/catalog", command)


def _martin_config(database: Database, port: int, columns: dict[str, str]) -> dict[str, object]:
    table: dict[str, object] = {
        "schema": PEERS_SCHEMA,
        "table": PEERS_TABLE,
        "geometry_column": "geom",
        "geometry_type": "POINT",
        "srid": 4326,
        "properties": columns,
    }
    lean = {**table, "properties": {name: columns[name] for name in LEAN}}
    return {
        "listen_addresses": f"127.0.0.1:{port}",
        "cache": "disable",
        "postgres": {
            "connection_string": database.hostless_url,
            "pool_size": CONNECTIONS,
            "max_feature_count": LARGEST_PAGE,
            "auto_publish": False,
            "tables": {"reports": table, "reports_lean": lean},
        },
    }


def _column_types(database: Database) -> dict[str, str]:
    sql = """
        SELECT column_name, udt_name FROM information_schema.columns
        WHERE table_schema = %s AND table_name = %s AND column_name <> 'geom'
    """
    with database.connect() as connection:
        return dict(connection.execute(sql, (PEERS_SCHEMA, PEERS_TABLE)).fetchall())


def _cargo_martin(home: Path) -> Path:
    root = home / "martin"
    program = root / "bin" / "martin"
    if program.exists():
        return program
    cargo = shutil.which("cargo")
    if cargo is None:
        raise ServerError("martin: neither MARTIN=path was given nor is there a cargo")
    say("building martin by cargo (10 to 30 minutes, once)")
    command = [cargo, "install", "martin", "--locked", "--version", MARTIN_VERSION]
    command += ["--no-default-features", "--features", "postgres", "--root", str(root)]
    done = run(command)
    if done.returncode:
        raise ServerError(f"martin could not be built: {done.stderr.strip()[-300:]}")
    return program
