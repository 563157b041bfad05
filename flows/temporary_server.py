"""Prefect's temporary server, started at once and beside everything else.

Prefect starts one by itself where none is configured, but imports the whole server into this process first and waits;
started here, it comes up while the night's own libraries are imported.
"""

import atexit
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 120
"""Seconds to wait for the server."""


class ServerError(Exception):
    """The temporary server did not come up."""


class TemporaryServer:
    """A server of one run on loopback, as Prefect itself would start it."""

    def __init__(self) -> None:
        """Start it on a free port, and go on."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app", "--host", "127.0.0.1",
             "--port", str(self._port), "--log-level", "critical", "--lifespan", "on"],
            env={**os.environ, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        atexit.register(self.stop)

    @property
    def url(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self._port}/api"

    def wait(self) -> None:
        """Wait until it answers; raises ServerError if it ends or stays silent."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=1):  # noqa: S310 - our own loopback address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise ServerError("Prefect's temporary server did not come up, expected it within two minutes. Give a running one in PREFECT_API_URL.")

    def stop(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()


@contextmanager
def served(server: TemporaryServer | None) -> Iterator[None]:
    """Settings under which flows speak to the temporary server; nothing changes without one."""
    if server is None:
        yield
        return
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415 - the server starts before this import ends

    try:
        server.wait()
        with temporary_settings({PREFECT_API_URL: server.url}):
            yield
    finally:
        server.stop()
