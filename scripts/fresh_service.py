"""A service of its own for checks from outside: fresh, with the dossier and nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def running_service() -> Iterator[str]:
    """The address of a service that holds the dossier and nothing else."""
    # Not the account's own folder: root's cannot be entered by the account of PostgreSQL.
    home = Path(tempfile.mkdtemp(prefix="scam-atlas-ets-"))
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "scam-atlas"), "serve", "--port", str(port)]
    server = subprocess.Popen(  # noqa: S603 - our own program
        command, env={**os.environ, "SCAM_ATLAS_HOME": str(home)}, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            sys.exit(f"The service ended with exit code {server.returncode}")
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    sys.exit("The service did not start within a minute")
