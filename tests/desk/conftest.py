"""What the tests of the desk share."""

import os
import shutil
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.desk.world import MAIL_URL, Taking, app_of, free_port, settings_of, shared_copy


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


@pytest.fixture
def smtp(monkeypatch):
    taking = Taking()
    controller = Controller(taking, hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setenv("HINDSIGHT_SMTP", f"smtp://127.0.0.1:{controller.port}")
    monkeypatch.setenv("HINDSIGHT_MAIL_FROM", "hindsight@brindlecombe.example")
    monkeypatch.setenv("HINDSIGHT_URL", MAIL_URL)
    monkeypatch.setattr("flows.mailbox.PAUSES", (0.0, 0.0))
    yield taking
    controller.stop()
