"""The nightly flow: load → validate → derive → judge → settle → report, a Prefect task each, one task a rule."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.settings import get_current_settings

from desk.ledger import url_beside
from flows.giving_way import give_way
from flows.mail import send_mails
from flows.night import Asked, run_night
from flows.quarters import watch_certificates
from flows.resources import calendars
from flows.temporary_server import TemporaryServer, served
from transforms.expectations import Validator, warm_up


@flow(name="nightly", validate_parameters=False, log_prints=False)
def nightly(data: str, as_of: str | None = None, store: str = "hindsight.duckdb", out: str = "", policy: str = "") -> dict[str, Any]:
    """Judge every trade against every clause and write the exception report.

    `as_of` is the night, today in New York where none is given (as a schedule gives none). Returns a summary.
    """
    day = date.fromisoformat(as_of) if as_of else datetime.now(ZoneInfo("America/New_York")).date()
    folder = Path(data)
    asked = Asked(folder, day, Path(store), Path(out or f"out/{day}"), Path(policy) if policy else folder / "policy.toml", url_beside(Path(store)))
    told = run_night(asked, as_task, Validator)
    certificates: str = as_task(watch_certificates, "certificates")(asked.store, asked.ledger)
    mailed: str = as_task(send_mails, "mail")(asked.store, asked.ledger)
    return told | {"certificates": certificates, "mailed": mailed}


def as_task(stage: Callable[..., Any], name: str) -> Any:
    """A stage as a task of its own: nothing of it is cached or kept by the scheduler."""
    return task(name=name, cache_policy=NO_CACHE, persist_result=False, log_prints=False)(stage)


def run_here(*arguments: str) -> dict[str, Any]:
    """Run the flow in this process, on the configured server or a temporary one that starts beside the imports."""
    return here(nightly, Path(arguments[2]), *arguments)


def here(run: Callable[..., dict[str, Any]], store: Path, *arguments: str) -> dict[str, Any]:
    """Run a flow on a store in this process, giving way to the readers of its desk."""
    give_way(store)
    server = None if get_current_settings().api.url else TemporaryServer()
    warm_up()
    calendars()
    with served(server):
        return run(*arguments)
