#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that Scam Atlas needs and the machine lacks.
# Usage: install-system.sh run|test|clients|bench
# PostgreSQL comes without a system cluster: the program runs a private one of its own.
set -euo pipefail

stage=${1:-run}
have() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

if ! command -v apt-get >/dev/null; then
    echo "This is no Debian or Ubuntu: install PostgreSQL 14+ with PostGIS 3 yourself (see README)." >&2
    exit 0
fi

wanted=()
# Tests and benchmark always bring up a PostgreSQL of their own; the program not where one is given.
if [ "$stage" != run ] || [ -z "${SCAM_ATLAS_DATABASE_URL:-}" ]; then
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null &&
        compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null ||
        wanted+=(postgresql-postgis)
fi
python=${PYTHON:-python3}
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    wanted+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
if [ "$stage" = test ]; then
    command -v chromium >/dev/null || [ -n "${CHROMIUM:-}" ] || wanted+=(chromium)
    command -v ogrinfo >/dev/null || wanted+=(gdal-bin)
    for font in fonts-noto-core fonts-noto-cjk; do have "$font" || wanted+=("$font"); done
fi
if [ "$stage" = clients ]; then
    have python3-qgis || wanted+=(python3-qgis)
fi
if [ "$stage" = bench ]; then
    command -v wrk >/dev/null || wanted+=(wrk)
fi
[ ${#wanted[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "Please install as root: apt-get install ${wanted[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi

# postgresql-common makes a cluster on port 5432 at install time unless told not to;
# the setting is ours for the time of this installation only.
drop_in=/etc/postgresql-common/createcluster.d/scam-atlas-install.conf
"${as_root[@]}" mkdir -p "${drop_in%/*}"
echo "create_main_cluster = false" | "${as_root[@]}" tee "$drop_in" >/dev/null
trap '"${as_root[@]}" rm -f "$drop_in"' EXIT

echo "Installing: ${wanted[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
