"""The packet of one person as a document, and each of its tables."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from transforms.attesting import STATEMENTS, Quarter
from transforms.attesting.packets import Packet
from transforms.reports.attesting import FOOT, facts_of
from transforms.reports.documents import Document, Part, Sheet, sheet
from transforms.reports.words import day, long_day, number, plain, price

HEADINGS = {
    "accounts": ("Accounts", "Accounts on the roster that were open in the quarter, and how far statements reach."),
    "relations": ("Related Persons", "People and entities for whom this attestation speaks as well."),
    "trades": ("Trades", "Every trade on record in these accounts, with its clearance, its report and its filing."),
    "holdings": ("Holdings", "Positions on the last statement of the quarter."),
    "plans": ("Rule 10b5-1 plans", "Plans in force in the quarter."),
    "elections": ("Elections", "The last election for each program, and those of the quarter."),
}


def packet_document(packet: Packet, quarter: Quarter, issuer: str, as_of: date) -> Document:
    """The packet of one person, with the statements to attest."""
    statements = Sheet(
        "Statements",
        ("Statement", "Yes", "No", "What is missing or wrong"),
        tuple((text, "", "", "") for text in STATEMENTS.values()),
        boxes=(1, 2),
        wide=(0, 3),
    )
    parts = [Part(*HEADINGS[name], sheets=(packet_sheet(packet, name),)) for name in HEADINGS]
    cases = sheet(
        "Records being looked at",
        ("Record", "Day", "Since"),
        [(record_of(row["subject"]), _day(row["occurred_on"]), _day(row["opened_on"])) for row in packet.cases],
        empty="None.",
    )
    asked = f"Please answer each by {long_day(quarter.due_on)}. A statement speaks for you and for the people and entities listed here. Answer no where it does not hold, and say what is missing."
    return Document(
        f"Attestation for {quarter.name}: {packet.name}", facts_of(quarter, issuer, as_of),
        (*parts, Part("Records being looked at", "Records of the quarter about which somebody asks; nothing is decided by this.", (cases,)), Part("Statements", asked, (statements,))),
        f"{FOOT} Records {packet.print[:16]}.", signature=("Name: ____________________________", "Date: ____________________________"), is_landscape=True,
    )  # fmt: skip


def record_of(subject: str) -> str:
    """What a case is about, as the person whom it concerns reads it."""
    found = re.match(r"(\d{4}-\d{2}-\d{2})(:|$)", subject)
    return f"your attestation for the quarter ended {found.group(1)}" if found else subject


def packet_sheet(packet: Packet, section: str) -> Sheet:
    """The table of one section of a packet."""
    rows = packet.records[section]
    tell = {"accounts": _accounts, "relations": _relations, "trades": _trades, "holdings": _holdings, "plans": _plans, "elections": _elections}[section]
    return tell(rows)


def _accounts(rows: list[dict[str, Any]]) -> Sheet:
    columns = ("Account", "Holder", "Broker", "Kind", "Margin", "Pledged", "Statements", "Last one", "Trading days covered")
    told = [
        (row["account_id"], _holder(row), row["broker"], plain(row["kind"] or ""), _flag(row["margin_enabled"]), _flag(row["pledged"]), number(row["statements"]), _day(row["last_held_on"]), _covered(row))
        for row in rows
    ]  # fmt: skip
    return sheet("Accounts", columns, told, numbers=(6,), wide=(0, 1), empty="No account is on record. If there is one, say so below.")


def _holder(row: Mapping[str, Any]) -> str:
    return str(row["holder"]) if row["relation"] == "self" else f"{row['holder']} ({plain(row['relation'])})"


def _covered(row: Mapping[str, Any]) -> str:
    days, covered = row["trading_days"] or 0, row["covered"] or 0
    return f"all {days}" if covered == days else f"{covered} of {days}, not from {_day(row['first_lacking_on'])}"


def _relations(rows: list[dict[str, Any]]) -> Sheet:
    return sheet("Related Persons", ("Name", "Relation"), [(row["name"], plain(row["relation"])) for row in rows])


def _trades(rows: list[dict[str, Any]]) -> Sheet:
    columns = ("Day", "Trade", "Account", "What", "Quantity", "Price", "Clearance", "Report", "Form 4")
    told = [
        (_day(row["traded_on"]), row["trade_id"], row["account_id"], f"{plain(row['kind'])} {row['symbol']}", number(Decimal(row["quantity"])), price(Decimal(row["price"])) if row["price"] else "", row["clearance"], row["report"], row["filing"])
        for row in rows
    ]  # fmt: skip
    return sheet("Trades", columns, told, numbers=(4, 5), wide=(1, 1, 3, 6, 8), empty="No trade is on record in the quarter. If there was one, say so below.")


def _holdings(rows: list[dict[str, Any]]) -> Sheet:
    columns = ("Account", "Security", "Statement of", "Quantity", "Position", "Pledged")
    told = [
        (row["account_id"], row["symbol"], _day(row["held_on"]), number(Decimal(row["quantity"])), plain(row["position"] or ""), number(Decimal(row["pledged_quantity"])) if row["pledged_quantity"] else "")
        for row in rows
    ]  # fmt: skip
    return sheet("Holdings", columns, told, numbers=(3, 5), empty="No statement of the quarter shows a position.")


def _plans(rows: list[dict[str, Any]]) -> Sheet:
    columns = ("Plan", "Kind", "What", "Adopted", "Approved", "First trade", "Ends")
    told = [
        (row["plan_id"], plain(row["kind"]), f"{row['side']} {row['symbol']}", _day(row["adopted_on"]), _day(row["approved_on"]), _day(row["first_trade_on"]), _day(row["terminated_on"] or row["completed_on"] or row["ends_on"]))
        for row in rows
    ]  # fmt: skip
    return sheet("Plans", columns, told)


def _elections(rows: list[dict[str, Any]]) -> Sheet:
    return sheet("Elections", ("Program", "Election", "Day"), [(plain(row["program"]), plain(row["kind"]), _day(row["elected_on"])) for row in rows])


def _flag(value: bool | None) -> str:  # noqa: FBT001 - a value that is printed
    return "not known" if value is None else "yes" if value else "no"


def _day(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else ""
