import shutil
import tempfile
from pathlib import Path

import pytest

from geo.store.cluster import Cluster
from tests.geo.store.cluster.cluster_support import Program, give_cluster


@pytest.fixture(scope="session")
def open_folder():
    """A folder that every account can enter, which pytest's own are not."""
    memory = Path("/dev/shm")  # copying clusters is what takes long; containers have little of it
    roomy = memory.exists() and shutil.disk_usage(memory).free > 2_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="atlas", dir=memory if roomy else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def made(open_folder):
    """A complete data folder, to copy: making one takes longer than most tests."""
    cluster = Cluster(open_folder / "made", durable=False)
    cluster.start()
    cluster.release()
    return open_folder / "made" / "postgres"


@pytest.fixture
def empty(open_folder):
    """A home that is not made yet; whatever runs in it is stopped afterwards."""
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    yield folder / "home"
    Cluster(folder / "home").stop()
    shutil.rmtree(folder)


@pytest.fixture
def home(empty, made):
    """A home that holds a cluster."""
    give_cluster(empty, made)
    return empty


@pytest.fixture
def program():
    """Start programs that use a cluster; none of them outlives the test."""
    started = []

    def start(home, *account):
        started.append(Program(home, *account))
        return started[-1]

    yield start
    for each in started:
        each.end()
