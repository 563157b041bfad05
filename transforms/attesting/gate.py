"""The coverage gate: what stands between the records of a quarter and a certificate, each gap with an id and what it is made of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.attesting import STATEMENTS, Known, Quarter
from transforms.attesting.covered import accounts_of, around, coverage, people
from transforms.attesting.packets import ASKING, listed
from transforms.cases import CASE_ID, SEVERITIES, STANDS, judged_as
from transforms.reports.sight import KINDS
from transforms.reports.words import day, plain, plural

Corrections = Mapping[tuple[str, str], str]
"""What somebody wrote beside a statement, by person_id and statement."""


@dataclass(frozen=True)
class Gap:
    """Something that the certificate can't pass over: `items` are what it is made of, as they are told."""

    gap_id: str
    kind: str
    words: str
    items: tuple[str, ...]
    person_id: str | None = None
    marks: Mapping[str, str] | None = None
    """By what each item is known again: an item with a mark that was not there reopens a certificate. None = each item by itself."""

    @property
    def known_by(self) -> Mapping[str, str]:
        """Each mark with its item."""
        return {each: each for each in self.items} if self.marks is None else self.marks

    def as_row(self) -> dict[str, Any]:
        """The gap as the ledger keeps it."""
        return {
            "gap_id": self.gap_id,
            "kind": self.kind,
            "words": self.words,
            "items": list(self.items),
            "marks": sorted(self.known_by),
            "person_id": self.person_id,
        }


@dataclass(frozen=True)
class Line:
    """One number of the coverage, of how many that were expected; `state` says whether that is whole, lacking, or not known."""

    name: str
    held: int
    expected: int | None = None
    is_known: bool = True
    short: str = "lacking"

    @property
    def state(self) -> str:
        """`whole` where nothing is lacking (of a number of faults, where there is none), `not known`, or what it is called else."""
        if not self.is_known or self.expected == 0:
            return "not known"
        return "whole" if (self.held == 0 if self.expected is None else self.held == self.expected) else self.short


@dataclass(frozen=True)
class Gate:
    """The coverage of a quarter, and its gaps in order."""

    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    answers: tuple[dict[str, Any], ...]


COUNTED = {
    "Statements not confirmed": "statement",
    "Answers that the data contradict": "contradicted",
    "Cases that are not closed": "case",
    "Findings that could not be decided": "undecided",
}
"""Lines of the coverage that count what gaps of a kind are made of."""


def gate(known: Known, quarter: Quarter, corrections: Corrections | None = None) -> Gate:
    """The gate of a quarter as it stands on a night."""
    who = people(known, quarter)
    accounts = accounts_of(known, quarter, around(known, quarter, who))
    reached = coverage(known, quarter, accounts)
    answers = [each for each in _answers(known, quarter, who) if each["person_id"] not in known.tied]
    names = dict(who.filter(~pl.col("person_id").is_in(sorted(known.hidden))).select("person_id", "name").rows())
    nobody = [] if len(who) else [Gap("people/none", "people", "Nobody is on record as designated in the quarter, so nobody is asked.", ("nobody",))]
    unreached = (
        []
        if reached.is_empty() or reached["trading_days"].sum()
        else [Gap("calendar/none", "calendar", "No trading day of the quarter is in the calendar, so what statements cover is not known.", (quarter.name,))]
    )
    found = [
        *nobody, *unreached, *_accounts(accounts, reached), *_unseen(known, quarter), *_undecided(known, quarter), *_open_cases(known, quarter),
        *_answer_gaps(answers, quarter, corrections or {}), *_contradicted(known, quarter, names),
    ]  # fmt: skip
    return Gate(_lines(known, quarter, reached, answers, found), tuple(found), tuple(answers))


def _lines(known: Known, quarter: Quarter, reached: pl.DataFrame, answers: list[dict[str, Any]], found: list[Gap]) -> tuple[Line, ...]:
    given = sum(each["answered_on"] is not None for each in answers)
    in_time = sum(each["answered_on"] is not None and each["answered_on"] <= quarter.due_on for each in answers)
    is_held_against = given > 0 and not any(each.kind == "unchecked" for each in found)
    spots = known.blind_spots
    counted = {name: sum(len(each.items) for each in found if each.kind == kind) for name, kind in COUNTED.items()}
    is_known = {"Statements not confirmed": given > 0, "Answers that the data contradict": is_held_against}
    return (
        Line("Accounts with a statement in the quarter", len(reached.filter(pl.col("statements") > 0)), len(reached), "holdings" not in known.missing),
        Line(
            "Trading days of accounts covered by a statement",
            int(reached["covered"].sum()),
            int(reached["trading_days"].sum()),
            "holdings" not in known.missing,
        ),
        Line("People who answered", given, len(answers)),
        Line("People who answered in time", in_time, len(answers), short="late"),
        *(Line(name, count, None, is_known.get(name, True) or count > 0) for name, count in counted.items()),
        Line("Rules that failed", len(spots.filter(pl.col("kind") == "rule_error"))),
        Line("Tables that were not given", len(known.missing)),
        Line("Lines refused", len(known.refused)),
        Line("Other blind spots", len(spots.filter(~pl.col("kind").is_in(["rule_error", "missing_table"])))),
    )


def _accounts(accounts: pl.DataFrame, reached: pl.DataFrame) -> list[Gap]:
    """One gap an account with trading days that no statement covers."""
    holder = accounts.select("account_id", "broker").unique("account_id")
    lacking = reached.filter(pl.col("covered") < pl.col("trading_days")).join(holder, on="account_id", how="left").sort("account_id")
    return [
        Gap(f"account/{account}", "account", f"Account {account}{f' at {broker}' if broker else ''}: {plural(days - covered, 'trading day')} of {days} from {day(first)} on {'has' if days - covered == 1 else 'have'} no statement.", tuple(f"{account}:{n}" for n in range(days - covered)))
        for account, broker, days, covered, first in lacking.select("account_id", "broker", "trading_days", "covered", "first_lacking_on").rows()
    ]  # fmt: skip


def _unseen(known: Known, quarter: Quarter) -> list[Gap]:
    """What the night could not see: tables not given, lines refused, rules that failed, and the other blind spots by kind.

    Most of it has no day. Of what comes after a certificate, that which names a day of the quarter reopens it.
    """
    tables = [
        Gap(f"table/{name}", "table", f"The table {plain(name)} was not given; what rests on it is not known.", (name,), marks={})
        for name in sorted(known.missing)
    ]
    lines = known.refused.select(
        "file", where=pl.format("{}:{}", "file", pl.col("line").cast(pl.String).fill_null("?")), is_dated=_speaks_of(quarter, pl.concat_str("raw", "reason", separator=" ", ignore_nulls=True))
    ).with_columns(item="where")  # fmt: skip
    refused = [
        Gap(f"refused/{file}", "refused", f"{plural(len(items), 'line')} of {file} {'was' if len(items) == 1 else 'were'} refused.", items, marks=marks)
        for file, items, marks in _grouped(lines, "file")
    ]
    told_already = (pl.col("kind") == "missing_table") | ((pl.col("kind") == "unread_line") & pl.col("where").is_in(lines["where"].implode()))
    spots = known.blind_spots.filter(~told_already.fill_null(value=False)).with_columns(
        pl.col("where").fill_null(""), item=pl.concat_str([pl.col("where").fill_null(""), "what"], separator=": "), is_dated=_speaks_of(quarter, pl.col("what"))
    )  # fmt: skip
    other = [
        Gap(f"blind/{kind}", "rule" if kind == "rule_error" else "blind", f"{KINDS.get(kind, (plain(kind).capitalize(), ''))[0]}: {plural(len(items), 'blind spot')}.", items, marks=marks)
        for kind, items, marks in _grouped(spots, "kind")
    ]  # fmt: skip
    return [*tables, *refused, *other]


def _grouped(rows: pl.DataFrame, by: str) -> list[tuple[str, tuple[str, ...], dict[str, str]]]:
    """By group: its items, and by their places those that name a day of the quarter."""
    groups = (
        rows.sort("where", "item")
        .group_by(by)
        .agg(pl.col("item").unique().sort(), where=pl.col("where").filter("is_dated"), dated=pl.col("item").filter("is_dated"))
    )
    return [
        (name, tuple(items), dict(zip(where, dated, strict=True))) for name, items, where, dated in groups.sort(by).select(by, "item", "where", "dated").rows()
    ]


def _speaks_of(quarter: Quarter, text: pl.Expr) -> pl.Expr:
    """Whether a text names a day of the quarter."""
    days = text.str.extract_all(r"\d{4}-\d{2}-\d{2}")
    inside = pl.element().is_between(pl.lit(str(quarter.starts_on)), pl.lit(str(quarter.ends_on)))
    return days.list.eval(inside).list.any().fill_null(value=False)


def _undecided(known: Known, quarter: Quarter) -> list[Gap]:
    """One gap a rule with findings of the quarter, or of an unknown day, that could not be decided."""
    mine = known.findings.filter((pl.col("outcome") == "undecided") & STANDS & _of(quarter))
    rules = mine.group_by("rule").agg("finding_id").sort("rule")
    return [Gap(name := f"undecided/{rule}", "undecided", words_of(name, len(ids)), tuple(sorted(ids))) for rule, ids in rules.rows()]


def _open_cases(known: Known, quarter: Quarter) -> list[Gap]:
    """One gap a severity with cases about the quarter that are not closed. A case is known again by its findings as they are judged.

    A case about the attestation itself reopens nothing by coming: the answer that it is about is a gap of its own.
    """
    about = known.findings.filter(STANDS & _of(quarter)).select(CASE_ID, judged_as(), is_attestation=pl.col("subject").str.starts_with(str(quarter.ends_on)))
    asking = known.cases.filter(pl.col("state").is_in(ASKING)).select("case_id", "severity").join(about, on="case_id").sort("case_id", "known")
    by_severity = {name: rows for (name,), rows in asking.partition_by("severity", as_dict=True).items()}
    found = []
    for severity in SEVERITIES:
        if severity in by_severity:
            rows = by_severity[severity].select("case_id", "known", "is_attestation").rows()
            ids = tuple(dict.fromkeys(case for case, _, _ in rows))
            marks = {f"{case} {hashlib.sha256(judged.encode()).hexdigest()[:16]}": case for case, judged, is_attestation in rows if not is_attestation}
            found.append(Gap(name := f"case/{severity}", "case", words_of(name, len(ids)), ids, marks=marks))
    return found


def words_of(gap_id: str, count: int) -> str:
    """The words of a gap of cases or findings, for so many of them as its reader may see."""
    kind, _, name = gap_id.partition("/")
    if kind == "undecided":
        return f"{plain(name).capitalize()}: {plural(count, 'finding')} could not be decided."
    return f"{plural(count, f'{name} case')} about the quarter {'is' if count == 1 else 'are'} not closed."


def _answers(known: Known, quarter: Quarter, who: pl.DataFrame) -> list[dict[str, Any]]:
    """One row a person who is to answer: when asked and answered, and each statement; all empty where no row is on record."""
    duties = known.facts["attestation_duties"].filter(pl.col("quarter_ended_on") == quarter.ends_on)
    held = duties.select("person_id", "sent_on", "answered_on", "answered_at", *STATEMENTS).unique("person_id", keep="first")
    rows: list[dict[str, Any]] = who.select("person_id", "name", "supervisor_id").join(held, on="person_id", how="left", maintain_order="left").to_dicts()
    return rows


def _answer_gaps(answers: list[dict[str, Any]], quarter: Quarter, corrections: Corrections) -> list[Gap]:
    """One gap a person who has not answered, and one a statement that was not confirmed."""
    found = []
    for each in answers:
        person, name = each["person_id"], each["name"]
        if each["answered_on"] is None:
            asked = f"asked on {day(each['sent_on'])}" if each["sent_on"] else "no request is on record"
            found.append(Gap(f"answer/{person}", "answer", f"{name} has not answered; {asked}, due on {day(quarter.due_on)}.", (person,), person))
            continue
        for statement in STATEMENTS:
            if each[statement] is not True:
                said = "did not confirm" if each[statement] is None else "answered no to"
                note = corrections.get((person, statement))
                found.append(
                    Gap(f"statement/{person}:{statement}", "statement", f"{name} {said} “{plain(statement)}”{f': {note}' if note else '.'}", (f"{person}:{statement}:{note or ''}",), person)
                )  # fmt: skip
    return found


def _contradicted(known: Known, quarter: Quarter, names: dict[str, str]) -> list[Gap]:
    """One gap a statement that was confirmed and that records of the quarter speak against; one a statement that can't be held against them."""
    confirmed = (
        known.facts["attested_statements"].filter((pl.col("quarter_ended_on") == quarter.ends_on) & pl.col("is_confirmed")).sort("person_id", "statement")
    )
    rows = confirmed.filter("is_contradicted").select("person_id", "statement", "contradicted_by", "shown").rows()
    told = [
        Gap(f"contradicted/{person}:{statement}", "contradicted", f"{names[person]} confirmed “{plain(statement)}”; on record in the quarter: {shown}.", tuple(sorted(what.split(";"))), person)
        for person, statement, what, shown in rows if person in names
    ]  # fmt: skip
    unknown = confirmed.filter(pl.col("is_contradicted").is_null()).group_by("statement").agg(pl.col("person_id").sort()).sort("statement")
    return told + [
        Gap(f"unchecked/{statement}", "unchecked", f"{plural(len(people), 'answer')} to “{plain(statement)}” can't be held against the records: something that they rest on is not there.", tuple(people), marks={})
        for statement, people in unknown.rows()
    ]  # fmt: skip


def _of(quarter: Quarter) -> pl.Expr:
    return quarter.holds("occurred_on").fill_null(value=True)


def grown(before: list[dict[str, Any]], now: tuple[Gap, ...]) -> list[dict[str, Any]]:
    """The gaps that were not there, or have grown, since gaps were certified, as the ledger keeps them, with what is new as their items.

    A case that went from one severity to another, and otherwise stayed as it was, is not new.
    """
    held: dict[str, set[str]] = {}
    for row in before:
        held.setdefault(_group(row["gap_id"]), set()).update(row["marks"])
    found = []
    for each in now:
        fresh = {mark: item for mark, item in each.known_by.items() if mark not in held.get(_group(each.gap_id), set())}
        if fresh:
            items = sorted(set(fresh.values()))
            found.append(
                {**each.as_row(), "items": items, "marks": sorted(fresh), "words": fresh_words(each.gap_id, each.kind, each.words, items), "is_fresh": True}
            )
    return found


def _group(gap_id: str) -> str:
    return "case" if gap_id.startswith("case/") else gap_id


def fresh_words(gap_id: str, kind: str, words: str, items: list[str]) -> str:
    """What came, in words: of a gap that grew, what is new in it."""
    if kind in {"case", "undecided"}:
        return f"{words_of(gap_id, len(items)).removesuffix('.')}: {listed(items)}."
    return f"{words.partition(':')[0].removesuffix('.')}: {listed(items)}" if kind in {"blind", "refused", "rule"} else words
