"""The commands, one thin function a stage: each reads its settings, calls one thing, and tells."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from geo.countries import CountryIndex
from geo.dossier import Dossier, read_dossier
from geo.errors import ScamAtlasError
from geo.store.cluster import Cluster
from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.writes import LoadResult, load_dossier
from layers.published import publish
from service.commands import figures, mapfile
from service.commands.shared import database, err, out
from service.settings import Settings

app = typer.Typer(
    help="Maps reported scam compounds: loads the dossier, serves map and API.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="The private PostgreSQL, and the schema of any.", no_args_is_help=True)
app.add_typer(db, name="db")
figures.register(app)
mapfile.register(app)

FILES_OF_A_DOSSIER = 6
RAW_HELP = "Folder with the dossier's CSV files; data/raw by default."


def _private_cluster(settings: Settings) -> Cluster:
    if settings.database_url:
        raise ScamAtlasError(
            "SCAM_ATLAS_DATABASE_URL is set: Scam Atlas does not start or stop that server"
        )
    return Cluster(settings.home)


@contextmanager
def _progress(verb: str) -> Iterator[Callable[[str, int], None]]:
    """A bar on a terminal, nothing in a pipe; yields what to call as each file or table is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(verb, total=FILES_OF_A_DOSSIER)

        seen: set[str] = set()

        def advance(name: str, rows: int) -> None:
            seen.add(name)
            bar.update(task, completed=len(seen), description=f"{verb} {name} ({rows} rows)")

        yield advance


def _read(settings: Settings, folder: Path) -> Dossier:
    countries = CountryIndex.load(settings.basemap_dir / "countries.geojson")
    with _progress("Reading") as advance:
        return read_dossier(folder, countries=countries, progress=advance)


def _load(url: str, dossier: Dossier) -> LoadResult:
    with _progress("Loading") as advance:
        result = load_dossier(open_engine(url), dossier, advance, publish)
    if result.untidied:
        err.print(result.untidied)
    return result


def _tell(result: LoadResult) -> None:
    if result.load_id is None:
        out.print("Nothing has changed since the last load.")
        return
    for change in result.tables:
        out.print(
            f"{change.table:<13}{change.added:>6} added {change.corrected:>6} corrected "
            f"{change.withdrawn:>6} withdrawn {change.unchanged:>6} unchanged"
        )


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to serve on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on.", min=1, max=65535)] = None,
    load_first: Annotated[
        bool, typer.Option("--load/--no-load", help="Load data/raw first, if it has changed.")
    ] = True,
) -> None:
    """Serve the map and the API; starts the database and loads the dossier first.

    Without SCAM_ATLAS_DATABASE_URL a private PostgreSQL is started, and stopped again with the
    last program that uses it. Ctrl-C ends everything.
    """
    # Only this command needs the web; the others start in half the time without it.
    from service.app import create_app
    from service.server import make_server

    settings = Settings()
    host, port = host or settings.host, port or settings.port
    with _listening(host, port) as listener, database(settings) as url:
        upgrade(open_engine(url))
        if load_first:
            _load(url, _read(settings, settings.raw_dir))
        server = make_server(create_app(settings, url), settings)
        # A closed terminal ends it as gently as Ctrl-C does, which uvicorn handles itself.
        signal.signal(signal.SIGHUP, lambda *_: setattr(server, "should_exit", True))
        out.print(f"Scam Atlas is at [bold]{_address(host, port)}[/bold] (Ctrl-C ends it)")
        server.run(sockets=[listener])


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """The port, taken before any long work, so that a busy one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    with closing(listener):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise ScamAtlasError(
                f"{_address(host, port)} cannot be served on: {error.strerror}. "
                "Choose another with HOST= and PORT="
            ) from error
        yield listener


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@app.command()
def load(
    folder: Annotated[Path | None, typer.Argument(help=RAW_HELP)] = None,
) -> None:
    """Load a dossier into the database: all of it, or nothing if a single row is wrong.

    Rows that have not changed are not touched; what changed rows said before is kept.
    """
    settings = Settings()
    dossier = _read(settings, folder or settings.raw_dir)
    with database(settings) as url:
        upgrade(open_engine(url))
        _tell(_load(url, dossier))


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help=RAW_HELP)] = None,
) -> None:
    """Check a dossier and name every problem: file, line, column, value, rule. Writes nothing."""
    settings = Settings()
    dossier = _read(settings, folder or settings.raw_dir)
    out.print(
        f"No problem found: {len(dossier.reports)} reports, {len(dossier.control)} claims of "
        f"control and {len(dossier.displacement)} of displacement on {len(dossier.sites)} sites "
        f"from {len(dossier.sources)} sources, as of {dossier.as_of}."
    )


@app.command()
def build(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if the files are stale.")
    ] = False,
) -> None:
    """Rewrite data/processed: every layer as GeoJSON and GeoParquet, from data/raw.

    The same dossier makes the same bytes. Works in a database of its own, not in the one served.
    """
    from service.processed import stale_files, write_processed

    settings = Settings()
    dossier = _read(settings, settings.raw_dir)
    with _scratch_database(settings) as url:
        upgrade(open_engine(url))
        _load(url, dossier)
        if check_only:
            stale = stale_files(open_engine(url), settings.processed_dir)
            if stale:
                raise ScamAtlasError(
                    f"{', '.join(stale)} in {settings.processed_dir} do not show what the dossier "
                    "says: run `scam-atlas build` and commit"
                )
            out.print("data/processed shows what the dossier says.")
        else:
            for name in write_processed(open_engine(url), settings.processed_dir):
                out.print(f"{settings.processed_dir / name}")


@contextmanager
def _scratch_database(settings: Settings) -> Iterator[str]:
    """A database that exists for one command only, beside the one that is served."""
    with database(settings) as url, scratch_database(url) as scratch:
        yield scratch


@db.command()
def start() -> None:
    """Start the private PostgreSQL and leave it running."""
    cluster = _private_cluster(Settings())
    cluster.start()
    cluster.keep()
    cluster.release()
    out.print(f"Running: {cluster.url}")


@db.command()
def stop() -> None:
    """Stop the private PostgreSQL, also where another program uses it."""
    _private_cluster(Settings()).stop()
    out.print("Stopped.")


@db.command()
def status() -> None:
    """Say where the private PostgreSQL is and whether it runs."""
    state = _private_cluster(Settings()).status()
    out.print(f"data     {state.home}")
    out.print(f"version  {state.version or 'not made yet'}")
    out.print(f"running  {'yes, process ' + str(state.pid) if state.running else 'no'}")
    if state.running:
        out.print(f"socket   {state.socket}")
        out.print(f"users    {state.users if state.users is not None else 'not known'}")
        out.print(f"stays    {'until db stop' if state.kept else 'until its last user ends'}")


@db.command("upgrade")
def upgrade_schema() -> None:
    """Bring the database to this program's schema."""
    with database(Settings()) as url:
        out.print(f"The schema is at migration {upgrade(open_engine(url))}.")


def main() -> None:
    """Run a command; our own errors become one message and exit status 1."""
    # uvicorn ends on SIGTERM by raising it again: leave by an exception, so that what was started
    # is stopped on the way out.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        app()
    except ScamAtlasError as error:
        err.print(str(error), markup=False)
        sys.exit(1)
    except ValidationError as error:
        for problem in error.errors():
            name = "SCAM_ATLAS_" + str(problem["loc"][0]).upper()
            err.print(f"{name}: {problem['msg']}", markup=False)
        sys.exit(1)


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)
