"""Certificates and the board page as documents."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from transforms.attesting import STATEMENTS, Quarter
from transforms.attesting.board import Board, Measure
from transforms.attesting.gate import Gate, Line
from transforms.reports.documents import DASH, Document, Part, Picture, Sheet, sheet
from transforms.reports.words import day, money, number, plain, plural

NOT_SHOWN = "Not shown to the officer who signed, whom it concerns; another officer is to look at it."
"""The reason that stands beside a gap which the officer who signs may not see."""
FOOT = "States what is on record for a person to look at. It decides nothing, and it is no legal advice."


def facts_of(quarter: Quarter, issuer: str, as_of: date) -> tuple[tuple[str, str], ...]:
    """What stands under the title of a quarter's document."""
    return (
        ("Company", issuer),
        ("Quarter", f"{day(quarter.starts_on)} to {day(quarter.ends_on)}"),
        ("Answers due", day(quarter.due_on)),
        ("As on record on", day(as_of)),
    )


def certificate_document(
    quarter: Quarter,
    issuer: str,
    as_of: date,
    gate: Gate,
    signed: Mapping[str, Any] | None,
    reopened: Sequence[str] | None = None,
    signed_at: datetime | None = None,
) -> Document:
    """The officer's certification: coverage first, then each gap with its reason, then the answers; unsigned, signed, or reopened with why.

    `reopened` = why, as far as the reader may know of it; none where nothing reopened it.
    """
    gaps = [(row["words"], row["reason"]) for row in signed["gaps"]] if signed else [(each.words, "") for each in gate.gaps]
    lines = signed["lines"] if signed else [line_row(each) for each in gate.lines]
    coverage = sheet("Coverage", ("What", "Count", "Of", "State"), [tuple(each) for each in lines], numbers=(1, 2))
    open_gaps = sheet("Gaps", ("Gap", "Reason"), gaps, wide=(0, 1), empty="None. Nothing that this certificate rests on is lacking.")
    answers = sheet(
        "Answers",
        ("Person", "Asked", "Answered", *(plain(name) for name in STATEMENTS)),
        [each["row"] for each in signed["answers"]] if signed else answer_rows(gate),
        wide=(0,),
    )
    banner = _banner(signed, reopened is not None, gaps)
    told = tuple(reopened or ()) or ("Why is not open to the reader of this copy.",)
    why = (Part("Reopened", "What came on record after it was signed. A new certificate is wanted.", lines=told),) if signed and reopened is not None else ()
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
    return Document(f"Certification for {quarter.name}", facts_of(quarter, issuer, as_of), parts, FOOT, banner, signature=by, is_landscape=True)


def _banner(signed: Mapping[str, Any] | None, is_reopened: bool, gaps: Sequence[tuple[str, str]]) -> str:  # noqa: FBT001 - how it stands
    if signed is None:
        return f"Draft: not signed. {plural(len(gaps), 'gap')} would need a written reason each." if gaps else "Draft: not signed. No gap stands against it."
    if is_reopened:
        return "Reopened: records that came after it was signed changed what it rests on. It is to be signed again."
    seen = [reason for _, reason in gaps if reason != NOT_SHOWN]
    said = (
        f"Signed with {plural(len(seen), 'gap')}, each with a written reason"
        if seen
        else "Signed without a gap that was open to the officer"
        if gaps
        else "Signed without a gap"
    )
    more = len(gaps) - len(seen)
    return f"{said}{f'; {number(more)} more not shown to the officer who signed' if more else ''}."


def line_row(line: Line) -> tuple[str, str, str, str]:
    """A line of the coverage as a row."""
    return line.name, number(line.held), "" if line.expected is None else number(line.expected), line.state


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
