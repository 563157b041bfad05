"""Starts the reviewing desk on a store. Imports neither the scheduler nor the validator."""

import ipaddress
import logging
import os
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from desk.app import create_app
from desk.ledger import url_beside
from desk.nights import Nights
from desk.settings import settings
from desk.web import Quiet
from flows.giving_way import held_open
from flows.resources import Opened, text
from rules import every_rule


def application(store: Path) -> FastAPI:
    """The desk over a store and the ledger beside it, or the one that HINDSIGHT_LEDGER names."""
    return create_app(settings(store, url_beside(store)), dict(every_rule()), text("policy_defaults.toml"), Opened())


def serve(store: Path, host: str, port: int) -> None:
    """Serve until stopped. Access lines name the method, the route and the answer, never what an address holds."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    proxy = os.environ.get("HINDSIGHT_PROXY", "")
    with held_open(store):
        uvicorn.run(
            Quiet(application(store)),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxy),
            forwarded_allow_ips=proxy or None,
        )


def shown(store: Path) -> None:
    """See that there is a night to show; raises NoNightError."""
    Nights(store, text("policy_defaults.toml"), Opened()).newest()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
