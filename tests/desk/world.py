"""The desk on the sample, for tests: a store's reading copy, users of each role, and PostgreSQL where the machine has it."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import polars as pl
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from desk.app import create_app
from desk.ledger.schema import READS
from desk.rights import today
from desk.settings import Provider, Settings
from flows.publish import publish
from flows.resources import Opened, text
from rules import every_rule
from tests.test_sample import SAMPLE, sample_night

MAIL_URL = "https://desk.example"
PASSWORD = "a long enough password"
USERS = {
    "officer": ("Leilani Kealoha", {"compliance_officer"}, "kealoha"),
    "other_officer": ("Tamsin Okonkwo-Reyes", {"compliance_officer"}, "reyes"),
    "supervisor": ("Amara Nwosu", {"supervisor"}, "nwosu"),
    "trusted_supervisor": ("Oluwaseun Adeyemi-Fairweather", {"supervisor"}, "fairweather"),
    "plain_supervisor": ("Rhiannon Achterberg", {"supervisor"}, "achterberg"),
    "counsel": ("Outside Counsel", {"counsel"}, None),
    "auditor": ("Internal Audit", {"auditor"}, None),
    "administrator": ("Administrator", {"administrator"}, None),
    "insider": ("Kwabena Osei-Mensah", {"covered_person"}, "osei"),
}
SEES_RESERVED = {"trusted_supervisor"}
REQUIRED = bool(os.environ.get("HINDSIGHT_REQUIRE_SERVERS"))
"""Set where PostgreSQL and Chromium are installed for the tests: one that is not there then fails instead of being left out."""


class Taking:
    """Keeps what arrives; refuses the first so many, or one address."""

    def __init__(self) -> None:
        self.mails, self.refusing, self.refused_address = [], 0, ""

    async def handle_RCPT(self, server, session, envelope, recipient, options):  # noqa: N802 - the library's name
        if recipient == self.refused_address:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(recipient)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's name
        if self.refusing:
            self.refusing -= 1
            return "451 try again later"
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"


def in_days(count: int) -> str:
    """A day to wait for, counted from the day of the test."""
    return str(today() + timedelta(days=count))


def address(who: str) -> str:
    return f"{who}@brindlecombe.example"


def history(night=None) -> pl.DataFrame:
    policy = (SAMPLE / "policy.toml").read_text(encoding="utf-8")
    night = night or sample_night()
    return pl.DataFrame({"night": [night.as_of], "policy": [policy], "flagged": [33], "undecided": [1], "new": [34], "withdrawn": [0]})


def publish_sample(store: Path) -> None:
    """The reading copy of the sample's night beside a store that need not be there."""
    night = sample_night()
    publish(night, store, "policy.toml", {"program": "0", "calendar": "XNYS", "started": "2025-02-28T22:30:00-05:00"}, history(night))


def shared_copy(folder: Path) -> Path:
    """One reading copy for all processes of a test run; whoever comes first makes it."""
    store, lock = folder / "sample.duckdb", folder / "making"
    try:
        lock.mkdir()
    except FileExistsError:
        for _ in range(1200):
            if (folder / "made").exists():
                return store
            time.sleep(0.1)
        raise TimeoutError("nobody made the sample's reading copy") from None
    publish_sample(store)
    (folder / "made").touch()
    return store


def settings_of(store: Path, ledger: str, provider: Provider | None = None, url: str = "") -> Settings:
    return Settings(store, ledger, "a secret of the tests", url, provider)


def app_of(settings: Settings) -> FastAPI:
    app = create_app(settings, dict(every_rule()), text("policy_defaults.toml"), Opened())
    for who, (name, roles, person) in USERS.items():
        app.state.desk.users.add(address(who), name, frozenset(roles), person, sees_reserved=who in SEES_RESERVED)
    return app


def with_passwords(app: FastAPI, *who: str) -> None:
    for each in who:
        name, roles, person = USERS[each]
        app.state.desk.users.add(address(each), name, frozenset(roles), person, PASSWORD, sees_reserved=each in SEES_RESERVED)


def signed_in(app: FastAPI, who: str) -> TestClient:
    """A client with a session of a user; the sign-in itself is tested elsewhere."""
    desk = app.state.desk
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hindsight_session", desk.users.open_session(desk.users.by_email(address(who))))
    return client


def token_of(page: str) -> str:
    return page.split('name="token" value="')[1].split('"', maxsplit=1)[0]


def field(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def reads(app) -> list[tuple[str, str]]:
    """What was looked at, in order: what it was, and about what."""
    with app.state.desk.ledger.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(READS.c.what, READS.c.about).order_by(READS.c.id))]


def case_at(case_id: str) -> str:
    from desk.desk import at

    return at("case", case_id)


def decide(client: TestClient, case_id: str, **fields: str):
    """Open a case and decide it, as a browser would."""
    page = client.get(case_at(case_id))
    assert page.status_code == 200, page.text
    asked = {
        "token": token_of(page.text),
        "event_id": field(page.text, "event_id"),
        "seen": field(page.text, "seen"),
        "looked_at": field(page.text, "looked_at"),
        "then": "stay",
        **fields,
    }
    return client.post(case_at(case_id), data=asked)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def needed(what: str, path: str | None) -> str:
    """The path of a program that tests need; without it they are left out, unless servers are required."""
    if path:
        return path
    if REQUIRED:
        pytest.fail(f"{what} is not installed, and HINDSIGHT_REQUIRE_SERVERS asks for it")
    pytest.skip(f"{what} is not installed")


def chromium() -> str:
    return needed("Chromium", shutil.which("chromium") or shutil.which("chromium-browser"))


def postgres_bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return Path(needed("PostgreSQL", str(found[-1]) if found else on_path)).parent


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster of its own on loopback; gives the URL of an empty database. Its server never runs as root."""
    binaries, data, port = postgres_bin(), folder / "cluster", free_port()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    as_server: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in [data, *data.parents]:
            if path == data:
                os.chown(path, owner.pw_uid, owner.pw_gid)
            elif path.stat().st_uid == 0 and path != Path("/") and not path.stat().st_mode & 0o001:
                path.chmod(path.stat().st_mode | 0o011)
        as_server = ["runuser", "-u", "postgres", "--"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [*as_server, binaries / "initdb", "-D", data, "-U", "hindsight", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"], check=True, **quiet
    )
    asked = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data} -c max_connections=120"
    subprocess.run([*as_server, binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", asked, "start"], check=True, **quiet)
    try:
        yield f"postgresql://hindsight@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*as_server, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **quiet)


@contextmanager
def served(store: Path, ledger: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The desk in a process of its own; gives its address and the process."""
    port = free_port()
    asked = {**os.environ, "HINDSIGHT_LEDGER": ledger, "HINDSIGHT_SECRET": "a secret of the tests", **environment}
    command = [sys.executable, "-m", "flows", "serve", "--store", str(store), "--port", str(port)]
    process = subprocess.Popen(command, env=asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if process.poll() is not None or _answers(port):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
