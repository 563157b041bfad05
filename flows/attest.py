"""The quarterly flow: packets to everybody who attests, the gate before the certificate, and the board page."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow

from desk.ledger import url_beside
from flows.night import Asked
from flows.nightly import as_task, here
from flows.quarter import run_quarter
from transforms.expectations import Validator


@flow(name="attest", validate_parameters=False, log_prints=False)
def attest(data: str, quarter: str | None = None, as_of: str | None = None, store: str = "hindsight.duckdb", out: str = "", policy: str = "") -> dict[str, Any]:
    """Send out the packets of a quarter and write its folder.

    `quarter` is the newest that has ended where none is given, `as_of` today in New York (a schedule gives neither). Returns a summary.
    """
    day = date.fromisoformat(as_of) if as_of else datetime.now(ZoneInfo("America/New_York")).date()
    folder = Path(data)
    asked = Asked(folder, day, Path(store), Path(out), Path(policy) if policy else folder / "policy.toml", url_beside(Path(store)))
    return run_quarter(asked, quarter or "", as_task, Validator, out_is_given=bool(out))


def run_here(*arguments: str) -> dict[str, Any]:
    """Run the flow in this process, on the configured server or a temporary one."""
    return here(attest, Path(arguments[3]), *arguments)
