"""Packets, certificates and the board page as documents."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from transforms.attesting import STATEMENTS, Quarter
from transforms.attesting.board import Board, Measure
from transforms.attesting.gate import Gate, Line
from transforms.attesting.packets import Packet
from transforms.reports.documents import DASH, Document, Part, Picture, Sheet, sheet
from transforms.reports.words import day, long_day, money, number, plain, plural, price

FOOT = "States what is on record for a person to look at. It decides nothing, and it is no legal advice."
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
        f"Attestation for {quarter.name}: {packet.name}", _facts(quarter, issuer, as_of),
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


def _facts(quarter: Quarter, issuer: str, as_of: date) -> tuple[tuple[str, str], ...]:
    return (
        ("Company", issuer),
        ("Quarter", f"{day(quarter.starts_on)} to {day(quarter.ends_on)}"),
        ("Answers due", day(quarter.due_on)),
        ("As on record on", day(as_of)),
    )


def certificate_document(
    quarter: Quarter, issuer: str, as_of: date, gate: Gate, signed: Mapping[str, Any] | None, reopened: Sequence[str] = (), signed_at: datetime | None = None
) -> Document:
    """The officer's certification: coverage first, then each gap with its reason, then the answers; unsigned, signed, or reopened with why."""
    reasons = {each["gap_id"]: each["reason"] for each in signed["gaps"]} if signed else {}
    gaps = [(row["words"], row["reason"]) for row in signed["gaps"]] if signed else [(each.words, reasons.get(each.gap_id, "")) for each in gate.gaps]
    lines = signed["lines"] if signed else [line_row(each) for each in gate.lines]
    coverage = sheet("Coverage", ("What", "Count", "Of", "State"), [tuple(each) for each in lines], numbers=(1, 2))
    open_gaps = sheet("Gaps", ("Gap", "Reason"), gaps, wide=(0, 1), empty="None. Nothing that this certificate rests on is lacking.")
    answers = sheet(
        "Answers", ("Person", "Asked", "Answered", *(plain(name) for name in STATEMENTS)), signed["answers"] if signed else answer_rows(gate), wide=(0,)
    )
    banner = _banner(signed, reopened, len(gaps))
    why = (Part("Reopened", "What came on record after it was signed. A new certificate is wanted.", lines=tuple(reopened)),) if reopened else ()
    by = (
        (
            f"Signed by {signed['name']} on {day(signed_at.date())} {signed_at:%H:%M}, on the records of the night of {day(date.fromisoformat(signed['night']))}.",
        )
        if signed and signed_at
        else ("Not signed.",)
    )
    parts = (
        *why,
        Part("Coverage", "What was received of what was expected.", (coverage,)),
        Part("Gaps", "Each with the reason that the officer gave.", (open_gaps,)),
        Part("Answers", "", (answers,)),
    )
    return Document(f"Certification for {quarter.name}", _facts(quarter, issuer, as_of), parts, FOOT, banner, signature=by, is_landscape=True)


def _banner(signed: Mapping[str, Any] | None, reopened: Sequence[str], gaps: int) -> str:
    if signed is None:
        return f"Draft: not signed. {plural(gaps, 'gap')} would need a written reason each." if gaps else "Draft: not signed. No gap stands against it."
    if reopened:
        return "Reopened: records that came after it was signed changed what it rests on. It certifies nothing until it is signed again."
    return f"Signed with {plural(gaps, 'gap')}, each with a written reason." if gaps else "Signed without a gap."


def line_row(line: Line) -> tuple[str, str, str, str]:
    """A line of the coverage as a row."""
    return line.name, number(line.held), "" if line.expected is None else number(line.expected), "whole" if line.is_whole else "lacking"


def answer_rows(gate: Gate) -> list[tuple[str, ...]]:
    """The answers of a gate as rows."""
    return [(each["name"], day(each["sent_on"]), day(each["answered_on"]), *(_answer(each, name) for name in STATEMENTS)) for each in gate.answers]


def _answer(row: Mapping[str, Any], statement: str) -> str:
    return "" if row["answered_on"] is None else "not answered" if row[statement] is None else "yes" if row[statement] else "no"


def board_document(board: Board, issuer: str, as_of: date, pictures: Mapping[str, str]) -> Document:
    """The board page; `pictures` = the SVG of each measure by its name."""
    names = [each.name for each in board.quarters]
    behind = {each.name: Sheet(each.name, ("Quarter", each.unit or "Count"), tuple((name, said(each, value)) for name, value in zip(names, each.values, strict=True)), numbers=(1,)) for each in board.measures}  # fmt: skip
    shown = tuple(Picture(each.name, f"{each.name}: {', '.join(f'{name} {said(each, value)}' for name, value in zip(names, each.values, strict=True))}.", pictures[each.name], behind[each.name]) for each in board.measures)  # fmt: skip
    table = sheet(
        "All numbers", ("Measure", "What it counts", *names), [(f"{each.name}{f', {each.unit}' if each.unit not in {'', '%'} else ''}", each.said, *(said(each, value) for value in each.values)) for each in board.measures],
        numbers=tuple(range(2, len(names) + 2)), wide=(1,),
    )  # fmt: skip
    latest = board.quarters[-1]
    facts = (
        ("Company", issuer),
        ("Quarter", f"{day(latest.starts_on)} to {day(latest.ends_on)}, against the {plural(len(names) - 1, 'quarter')} before it"),
        ("As on record on", day(as_of)),
    )
    return Document(
        f"Trading policy, {latest.name}",
        facts,
        (Part("At a glance", headline(board), pictures=shown), Part("The numbers", sheets=(table,))),
        FOOT,
        is_landscape=True,
    )


def headline(board: Board) -> str:
    """The quarter in a sentence."""
    held = {each.name: each for each in board.measures}

    def now(name: str) -> str:
        return said(held[name], held[name].values[-1])

    return f"{now('Trades')} trades; {now('Cases flagged')} cases flagged, of which {now('Not closed')} are not closed; {now('Late or missing reports')} late or missing reports; attested in time: {now('Attested in time')}; statements cover {now('Coverage')} of trading days."


def said(measure: Measure, value: Decimal | None) -> str:
    """A value of a measure as text; what is not known is a dash."""
    if value is None:
        return DASH
    if measure.unit == "US dollars":
        return money(value)
    return f"{number(value)}%" if measure.unit == "%" else number(value)
