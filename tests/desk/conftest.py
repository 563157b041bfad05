"""What the tests of the desk share."""

import os
import shutil
from pathlib import Path

import pytest

from tests.desk.world import app_of, settings_of, shared_copy


@pytest.fixture(scope="session")
def copy(tmp_path_factory) -> Path:
    """A store whose reading copy holds the sample's night."""
    here = tmp_path_factory.getbasetemp()
    return shared_copy(here.parent if "PYTEST_XDIST_WORKER" in os.environ else here)


@pytest.fixture
def store(copy, tmp_path) -> Path:
    """A store of a test's own."""
    shutil.copytree(f"{copy}.desk", tmp_path / "sample.duckdb.desk")
    return tmp_path / "sample.duckdb"


@pytest.fixture
def app(store, tmp_path):
    return app_of(settings_of(store, f"sqlite:///{tmp_path}/ledger.sqlite"))
