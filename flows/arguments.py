"""The arguments of the command line: every verb with its options, and what each means."""

import argparse
import re
from datetime import date
from decimal import Decimal
from typing import Any

SEVERITIES = ("critical", "high", "medium", "low", "info")
LATER = {"replay": "an earlier night once more"}
"""Verbs that are not built yet."""


def _price(text: str) -> Decimal:
    """A price of the command line."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text) or not Decimal(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no price, expected US dollars such as 27.05. Correct it.")
    return Decimal(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, expected YYYY-MM-DD") from None


def parser() -> argparse.ArgumentParser:
    """The arguments of every verb."""
    top = argparse.ArgumentParser(prog="hindsight", description="Checks every trade against the company's own insider-trading policy.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    night = verbs.add_parser("nightly", help="judge every trade and write the exception report")
    night.add_argument("--data", required=True, metavar="DIR", help="the data folder")
    night.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the night, YYYY-MM-DD")
    night.add_argument("--store", default="hindsight.duckdb", metavar="FILE", help="the store (default: hindsight.duckdb)")
    night.add_argument("--out", default="", metavar="DIR", help="the output folder (default: out/<as-of>)")
    night.add_argument("--policy", default="", metavar="FILE", help="the policy (default: policy.toml of the data folder)")
    night.add_argument("--fail-on", choices=SEVERITIES, metavar="SEVERITY", help="exit with 3 where a finding is at least this severe")
    told = verbs.add_parser("explain", help="print one finding as counsel would want it")
    told.add_argument("finding_id", metavar="FINDING_ID", help="rule/person/subject; or a person, for what a trade of theirs would match")
    told.add_argument("--price", type=_price, metavar="PRICE", help="the price at which a trade would be made (default: the last one on record)")
    told.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    book = verbs.add_parser("rules", help="print the rule book")
    book.add_argument("--policy", default="", metavar="FILE", help="a policy, to print its clauses and parameters")
    draft = verbs.add_parser("compare", help="say which findings a draft policy adds, drops and changes")
    draft.add_argument("--data", required=True, metavar="DIR", help="the data folder")
    draft.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the night, YYYY-MM-DD")
    draft.add_argument("--policy", required=True, metavar="DRAFT", help="the draft")
    draft.add_argument("--against", default="", metavar="FILE", help="the policy in force (default: policy.toml of the data folder)")
    draft.add_argument("--out", default="", metavar="FILE", help="the page (default: out/compare-<as-of>.html)")
    desk = verbs.add_parser("serve", help="open the reviewing desk")
    desk.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    desk.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this machine alone)")
    desk.add_argument("--port", default=8686, type=int, metavar="PORT")
    who = verbs.add_parser("users", help="list who may sign in to the desk, or add and change one")
    who.add_argument("email", nargs="?", default="", metavar="ADDRESS", help="whom to add or change; without one all are listed")
    who.add_argument("--name", default="", metavar="NAME")
    who.add_argument("--person", default="", metavar="PERSON_ID", help="who they are on record, so that their own cases stay closed to them")
    who.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE",
        help="compliance_officer, supervisor, counsel, auditor, administrator or covered_person; may be given several times",
    )
    who.add_argument("--covered", action="store_true", help="add everybody who attests the newest quarter, to sign in through the provider")
    who.add_argument("--sees-reserved", action="store_true", help="show denials and project lists to a supervisor too")
    who.add_argument("--no-password", action="store_true", help="sign-in through the provider alone")
    who.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    _add_quarterly(verbs)
    for verb, what in LATER.items():
        verbs.add_parser(verb, help=f"{what} (not built yet)", add_help=False)
    return top


def _add_quarterly(verbs: Any) -> None:  # noqa: ANN401 - argparse's own type has no public name
    quarter = verbs.add_parser("attest", help="send out a quarter's packets, and write certificate and board page")
    quarter.add_argument("--data", required=True, metavar="DIR", help="the data folder")
    quarter.add_argument("--quarter", required=True, metavar="QUARTER", help="a fiscal quarter such as 2024Q4, or its last day")
    quarter.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the day, YYYY-MM-DD")
    quarter.add_argument("--store", default="hindsight.duckdb", metavar="FILE", help="the store (default: hindsight.duckdb)")
    quarter.add_argument("--out", default="", metavar="DIR", help="the quarter's folder (default: out/<quarter>)")
    quarter.add_argument("--policy", default="", metavar="FILE", help="the policy (default: policy.toml of the data folder)")
    packed = verbs.add_parser("pack", help="write the evidence pack of a case or a quarter")
    which = packed.add_mutually_exclusive_group(required=True)
    which.add_argument("--case", default="", metavar="ID", help="person_id/matter")
    which.add_argument("--quarter", default="", metavar="QUARTER", help="a fiscal quarter such as 2024Q4")
    packed.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    packed.add_argument("--out", required=True, metavar="DIR", help="a new folder, or a path that ends with .zip")
    packed.add_argument("--key", default="", metavar="FILE", help="an Ed25519 private key as PEM (default: HINDSIGHT_SIGNING_KEY, else one beside the store)")
    checked = verbs.add_parser("verify", help="check an evidence pack offline, without a store")
    checked.add_argument("pack", metavar="DIR", help="the folder or zip")
    checked.add_argument("--key", default="", metavar="HEX", help="the public key that the company gave you, 64 hexadecimal digits")
    kept = verbs.add_parser("records", help="say which records are past the policy's periods, and erase those that no hold keeps")
    kept.add_argument("--store", default="hindsight.duckdb", metavar="FILE")
    kept.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="the day, YYYY-MM-DD")
    kept.add_argument("--erase", action="store_true", help="erase it; without this nothing is changed")
