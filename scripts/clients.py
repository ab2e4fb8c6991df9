"""Real desktop clients against a freshly started service: `make clients`.

QGIS is asked through the system's own Python (Debian's python3-qgis).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.fresh_service import running_service

_SYSTEM_PYTHON = "/usr/bin/python3"


def main() -> int:
    """Run the checks; returns the exit code."""
    script = Path(__file__).parent / "client_qgis.py"
    with running_service() as url:
        command = [_SYSTEM_PYTHON, str(script), url]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - our own script


if __name__ == "__main__":
    sys.exit(main())
