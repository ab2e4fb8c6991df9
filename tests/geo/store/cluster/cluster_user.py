"""A program that uses a cluster, for tests that need more than one of them, or one to kill.

Arguments: the home, and optionally an account to become once everything is imported (so that the
account need not be able to read this tree). Says "ready PID-OF-SERVER" or "failed MESSAGE"; then
goes on until its input ends, and releases the cluster.
"""

import os
import pwd
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[4]))

import psycopg

from geo.store.cluster import Cluster, ClusterError


def become(name):
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main(home, account=None):
    # Not print(): the signal may come while another print() is still busy.
    signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupted\n"))
    psycopg.sql.SQL("")  # the driver is loaded while we may still read it
    if account:
        become(account)
    cluster = Cluster(Path(home), durable=False)
    try:
        cluster.start()
    except ClusterError as error:
        print("failed", error, flush=True)
        return
    print("ready", cluster.status().pid, flush=True)
    for line in sys.stdin:
        if line.strip() == "fork" and os.fork() == 0:
            cluster.release()
            print("forked", flush=True)
            os._exit(0)
    cluster.release()
    print("released", flush=True)


main(*sys.argv[1:])
